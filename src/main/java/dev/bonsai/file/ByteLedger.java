package dev.bonsai.file;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where the bytes of a file went, by section and by weight; the sum is exactly the file's length.
 *
 * @param bytes the bytes of the whole file by section; every section is present
 * @param weights the share of each parameter, in the order of the file
 */
public record ByteLedger(Map<Section, Long> bytes, List<WeightBytes> weights) {

    /** What bytes are spent on. */
    public enum Section {
        /** What makes it a file: magic, version, lengths, checksums. */
        HEADER,
        /** What makes it a model: paths, shapes, encodings. */
        STRUCTURE,
        /** The values of the weights: floats, codes, assignments. */
        VALUES,
        /** Where the weights are not zero. */
        POSITIONS,
        /** Scales, zero points and codebooks. */
        SCALES,
        /** Biases, and whatever else is not a weight, in whichever encoding. */
        BIASES;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

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
        weights = List.copyOf(weights);
        for (Section section : Section.values()) {
            long inWeights = weights.stream().mapToLong(w -> w.bytes().get(section)).sum();
            if (inWeights > bytes.get(section)) {
                throw new IllegalArgumentException(
                        String.format(
                                "The weights have %d bytes of %s, but the file only %d",
                                inWeights, section, bytes.get(section)));
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
     * Returns a table with a row a parameter, a column a section, and the totals.
     *
     * @return several lines of text
     */
    @Override
    public String toString() {
        StringBuilder table = new StringBuilder();
        int width = weights.stream().mapToInt(w -> w.path().length()).max().orElse(0);
        String first = "%-" + Math.max(width, 8) + "s";
        table.append(String.format(first, "bytes"));
        for (Section section : Section.values()) {
            table.append(String.format("%11s", section));
        }
        table.append(String.format("%11s%n", "total"));
        for (WeightBytes weight : weights) {
            row(table, String.format(first, weight.path()), weight.bytes());
        }
        row(table, String.format(first, "(shared)"), shared());
        row(table, String.format(first, "total"), bytes);
        table.append(String.format(first, "share"));
        for (Section section : Section.values()) {
            double percent = 100.0 * bytes.get(section) / Math.max(1, total());
            table.append(String.format(Locale.ROOT, "%10.1f%%", percent));
        }
        return table.toString();
    }

    private static void row(StringBuilder table, String label, Map<Section, Long> bytes) {
        table.append(label);
        bytes.values().forEach(n -> table.append(String.format(Locale.ROOT, "%,11d", n)));
        table.append(String.format(Locale.ROOT, "%,11d%n", sum(bytes)));
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
