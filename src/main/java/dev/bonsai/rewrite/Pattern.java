package dev.bonsai.rewrite;

import dev.bonsai.graph.Node;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** What a value may be computed from. */
@FunctionalInterface
interface Pattern {

    /**
     * Finds the pattern.
     *
     * @param value the value that it may be
     * @param draft what stands before
     * @param so what other parts of the pattern have found
     * @return all ways to find it
     */
    Stream<Match> find(String value, Draft draft, Match so);

    /** Any value; at several places of a pattern, the same one. */
    static Pattern any(String name) {
        return (value, draft, so) -> {
            String bound = so.values().getOrDefault(name, value);
            return bound.equals(value) ? Stream.of(so.withValue(name, value)) : Stream.empty();
        };
    }

    /** A value that has a name for the rule. */
    static Pattern named(String name, Pattern pattern) {
        return (value, draft, so) ->
                any(name)
                        .find(value, draft, so)
                        .flatMap(found -> pattern.find(value, draft, found));
    }

    /** The result of a node whose first operand is of a pattern. */
    static Pattern node(NodeTest test, Pattern operand) {
        return (value, draft, so) ->
                draft.producer(value).filter(node -> test.test(node, draft)).stream()
                        .flatMap(node -> inside(node, operand, draft, so));
    }

    /** The same, where the node tells a number; at several places, the same one. */
    static Pattern node(
            String name, BiFunction<Node, Draft, Optional<Double>> told, Pattern operand) {
        return (value, draft, so) ->
                draft.producer(value).stream()
                        .flatMap(
                                node ->
                                        told
                                                .apply(node, draft)
                                                .flatMap(number -> so.withNumber(name, number))
                                                .stream()
                                                .flatMap(
                                                        found ->
                                                                inside(
                                                                        node, operand, draft,
                                                                        found)));
    }

    /** Looks at a node. */
    @FunctionalInterface
    interface NodeTest {

        boolean test(Node node, Draft draft);
    }

    private static Stream<Match> inside(Node node, Pattern operand, Draft draft, Match so) {
        return operand.find(node.inputs().get(0), draft, so.with(Set.of(node)));
    }

    /**
     * Finds the pattern where nothing else uses what stands inside of it.
     *
     * @param root the node whose result it may be
     * @param draft what stands before the node
     * @return the first way to find it
     */
    default Optional<Match> find(Node root, Draft draft) {
        return find(root.output(), new DraftWithNode(draft, root), Match.NOTHING)
                .filter(match -> isClosed(match, root, draft))
                .findFirst();
    }

    private static boolean isClosed(Match match, Node root, Draft draft) {
        return match.nodes().stream()
                .filter(node -> !node.equals(root))
                .flatMap(node -> node.outputs().stream())
                .allMatch(result -> draft.uses(result) == usesInside(result, match));
    }

    private static long usesInside(String result, Match match) {
        return match.nodes().stream()
                .flatMap(node -> node.inputs().stream())
                .filter(result::equals)
                .count();
    }
}
