package dev.bonsai.examples;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Compares what a run of before depended on with what a run depends on now. */
final class Facts {

    private Facts() {}

    /**
     * Says in what two runs differ.
     *
     * @param before the values of the run before, by the names that people read
     * @param now the values of this run, by the same names
     * @return such as {@code the seed was 1 and is now 2}; empty if they are the same
     */
    static Optional<String> differences(Map<String, ?> before, Map<String, ?> now) {
        Map<String, Object> names = new TreeMap<>(before);
        names.putAll(now);
        String differences =
                names.keySet().stream()
                        .filter(name -> !Objects.equals(before.get(name), now.get(name)))
                        .map(
                                name ->
                                        String.format(
                                                Locale.ROOT,
                                                "the %s was %s and is now %s",
                                                name,
                                                said(before.get(name)),
                                                said(now.get(name))))
                        .collect(Collectors.joining("; "));
        return differences.isEmpty() ? Optional.empty() : Optional.of(differences);
    }

    private static Object said(Object value) {
        return value == null ? "not said" : value;
    }
}
