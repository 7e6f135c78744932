package dev.bonsai.file;

import dev.bonsai.text.Numbers;
import dev.bonsai.text.TextTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where the bytes of a file went, by section and by weight; the sum is exactly the file's length.
 *
 * @param bytes the bytes of the whole file by section; every section is present
 * @param ideals what each section would take by the probabilities of its bits alone; the same as
 *     its bytes where nothing is coded; every section is present
 * @param weights the share of each parameter, in the order of the file
 */
public record ByteLedger(
        Map<Section, Long> bytes, Map<Section, Double> ideals, List<WeightBytes> weights) {

    /**
     * The bytes that one parameter takes.
     *
     * @param path the path of the parameter
     * @param bytes its bytes by section; every section is present
     */
    public record WeightBytes(String path, Map<Section, Long> bytes) {

        public WeightBytes {
            bytes = complete(bytes);
        }

        /**
         * Returns all bytes of this parameter.
         *
         * @return the sum over the sections
         */
        public long total() {
            return sum(bytes);
        }
    }

    public ByteLedger {
        bytes = complete(bytes);
        Map<Section, Double> allIdeals = new EnumMap<>(Section.class);
        for (Section section : Section.values()) {
            allIdeals.put(section, ideals.getOrDefault(section, 0.0));
        }
        ideals = Collections.unmodifiableMap(allIdeals);
        weights = List.copyOf(weights);
        for (Section section : Section.values()) {
            long inWeights = weights.stream().mapToLong(w -> w.bytes().get(section)).sum();
            if (inWeights > bytes.get(section)) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "The weights have %d bytes of %s, but the file only %d",
                                inWeights,
                                section,
                                bytes.get(section)));
            }
        }
    }

    /**
     * Returns the length of the file.
     *
     * @return the sum over the sections
     */
    public long total() {
        return sum(bytes);
    }

    /**
     * Returns a table with a row per parameter, a column per section, and the totals.
     *
     * @return several lines of text
     */
    @Override
    public String toString() {
        List<String> titles = new ArrayList<>(List.of("bytes"));
        List<String> shares = new ArrayList<>(List.of("share"));
        for (Section section : Section.values()) {
            titles.add("#" + section);
            double percent = 100.0 * bytes.get(section) / Math.max(1, total());
            shares.add(Numbers.fixed(percent, 1) + "%");
        }
        titles.add("#total");
        shares.add("");
        TextTable table = new TextTable(titles);
        weights.forEach(weight -> table.row(cells(weight.path(), weight.bytes())));
        table.row(cells("(shared)", shared())).row(cells("total", bytes)).row(shares);
        return isCoded() ? table.row(idealCells()).toString() : table.toString();
    }

    private boolean isCoded() {
        return bytes.entrySet().stream()
                .anyMatch(e -> ideals.get(e.getKey()) != 0.0 + e.getValue());
    }

    private List<String> idealCells() {
        List<String> cells = new ArrayList<>(List.of("ideal"));
        ideals.values().forEach(ideal -> cells.add(Numbers.count(Math.round(ideal))));
        cells.add(
                Numbers.count(
                        Math.round(ideals.values().stream().mapToDouble(ideal -> ideal).sum())));
        return cells;
    }

    private static List<String> cells(String label, Map<Section, Long> bytes) {
        List<String> cells = new ArrayList<>(List.of(label));
        bytes.values().forEach(n -> cells.add(Numbers.count(n)));
        cells.add(Numbers.count(sum(bytes)));
        return cells;
    }

    private Map<Section, Long> shared() {
        Map<Section, Long> rest = new EnumMap<>(bytes);
        for (WeightBytes weight : weights) {
            weight.bytes().forEach((section, n) -> rest.merge(section, -n, Long::sum));
        }
        return rest;
    }

    private static Map<Section, Long> complete(Map<Section, Long> bytes) {
        Map<Section, Long> all = new EnumMap<>(Section.class);
        for (Section section : Section.values()) {
            long n = bytes.getOrDefault(section, 0L);
            if (n < 0) {
                throw new IllegalArgumentException(
                        "A section has at least 0 bytes, but " + section + " has " + n);
            }
            all.put(section, n);
        }
        return Collections.unmodifiableMap(all);
    }

    private static long sum(Map<Section, Long> bytes) {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }
}
