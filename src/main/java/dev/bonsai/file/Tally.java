package dev.bonsai.file;

import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.file.ByteLedger.WeightBytes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up a {@link ByteLedger} while a file is read. */
final class Tally {

    private final Map<Section, Long> file = new EnumMap<>(Section.class);
    private final Map<String, Map<Section, Long>> weights = new LinkedHashMap<>();
    private final Map<Section, Long> weight = new EnumMap<>(Section.class);

    /** Adds bytes that belong to no weight. */
    void add(Section section, long bytes) {
        file.merge(section, bytes, Long::sum);
    }

    /** Adds bytes of the current weight. */
    void add(NamedWeight.Role role, Section section, long bytes) {
        boolean ofBias = role != NamedWeight.Role.WEIGHT && section != Section.STRUCTURE;
        Section charged = ofBias ? Section.BIASES : section;
        weight.merge(charged, bytes, Long::sum);
        add(charged, bytes);
    }

    void endWeight(String path) {
        weights.put(path, new EnumMap<>(weight));
        weight.clear();
    }

    ByteLedger ledger() {
        List<WeightBytes> shares = new ArrayList<>();
        weights.forEach((path, bytes) -> shares.add(new WeightBytes(path, bytes)));
        return new ByteLedger(file, shares);
    }
}
