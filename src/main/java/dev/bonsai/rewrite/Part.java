package dev.bonsai.rewrite;

import dev.bonsai.graph.type.ValueInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A part of a sum or product.
 *
 * @param pattern what it is
 * @param weight its factor in a sum, its exponent in a product
 */
record Part(Pattern pattern, double weight) {

    /**
     * How far a number of a file may be from what is meant: numbers are written with few digits.
     */
    private static final double TOLERANCE = 1e-5;

    static Part of(Pattern pattern) {
        return new Part(pattern, 1);
    }

    static Part of(Pattern pattern, double weight) {
        return new Part(pattern, weight);
    }

    static boolean isNear(double number, double meant) {
        return Math.abs(number - meant) <= TOLERANCE * Math.abs(meant);
    }

    /** The value of a constant that is one number. */
    static Optional<Double> scalar(String value, Draft draft) {
        return Optional.of(draft.info(value))
                .flatMap(ValueInfo::constant)
                .filter(constant -> constant.size() == 1)
                .map(constant -> (double) constant.decode()[0]);
    }

    /**
     * Finds all ways to give each part one of the values, with its weight, so that none is left.
     */
    static Stream<Match> find(List<Part> parts, Map<String, Double> values, Draft draft, Match so) {
        if (parts.size() != values.size()) {
            return Stream.empty();
        }
        if (parts.isEmpty()) {
            return Stream.of(so);
        }
        Part first = parts.get(0);
        return values.entrySet().stream()
                .filter(entry -> isNear(entry.getValue(), first.weight))
                .flatMap(
                        entry ->
                                first.pattern
                                        .find(entry.getKey(), draft, so)
                                        .flatMap(
                                                found ->
                                                        find(
                                                                parts.subList(1, parts.size()),
                                                                without(values, entry.getKey()),
                                                                draft,
                                                                found)));
    }

    private static Map<String, Double> without(Map<String, Double> values, String name) {
        Map<String, Double> fewer = new LinkedHashMap<>(values);
        fewer.remove(name);
        return fewer;
    }
}
