package dev.bonsai.trace;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** All operators of DJL that a graph has words for, by the names of their methods. */
final class Translations {

    private static final Map<String, Translation> ALL = all();

    private Translations() {}

    private static Map<String, Translation> all() {
        Map<String, Translation> all = new HashMap<>();
        List.of(
                        ArithmeticTranslations.table(),
                        ElementTranslations.table(),
                        ComparisonTranslations.table(),
                        MatrixTranslations.table(),
                        WindowTranslations.table(),
                        NormalizationTranslations.table(),
                        ReductionTranslations.table(),
                        ShapeTranslations.table(),
                        JoinTranslations.table(),
                        IndexTranslations.table(),
                        RecurrentTranslations.table())
                .forEach(
                        table ->
                                table.forEach(
                                        (name, translation) -> {
                                            if (all.put(name, translation) != null) {
                                                throw new IllegalStateException(
                                                        name + " stands in two tables");
                                            }
                                        }));
        return all;
    }

    static Optional<Translation> find(String method) {
        return Optional.ofNullable(ALL.get(method));
    }

    /** Returns the names of all methods that there are words for. */
    static Set<String> names() {
        return new TreeSet<>(ALL.keySet());
    }
}
