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

    private final Map<Section, Length> file = new EnumMap<>(Section.class);
    private final Map<String, Map<Section, Length>> weights = new LinkedHashMap<>();
    private final Map<Section, Length> weight = new EnumMap<>(Section.class);

    /** Adds bytes that belong to no weight. */
    void add(Section section, Length length) {
        file.merge(section, length, Length::plus);
    }

    /** Adds bytes of the current weight. */
    void add(NamedWeight.Role role, Section section, Length length) {
        boolean ofBias = role != NamedWeight.Role.WEIGHT && section != Section.STRUCTURE;
        Section charged = ofBias ? Section.BIASES : section;
        weight.merge(charged, length, Length::plus);
        add(charged, length);
    }

    void endWeight(String path) {
        weights.put(path, new EnumMap<>(weight));
        weight.clear();
    }

    ByteLedger ledger() {
        List<WeightBytes> shares = new ArrayList<>();
        weights.forEach((path, lengths) -> shares.add(new WeightBytes(path, bytes(lengths))));
        Map<Section, Double> ideals = new EnumMap<>(Section.class);
        file.forEach((section, length) -> ideals.put(section, length.ideal()));
        return new ByteLedger(bytes(file), ideals, shares);
    }

    private static Map<Section, Long> bytes(Map<Section, Length> lengths) {
        Map<Section, Long> bytes = new EnumMap<>(Section.class);
        lengths.forEach((section, length) -> bytes.put(section, length.bytes()));
        return bytes;
    }
}
