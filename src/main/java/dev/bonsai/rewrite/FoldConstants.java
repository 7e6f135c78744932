package dev.bonsai.rewrite;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.ConvTranspose;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Resize;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.runtime.Kernels;
import dev.bonsai.runtime.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An operator of constants only: a constant, unless it has many elements and more than its operands
 * together.
 */
final class FoldConstants implements Rule {

    /** What is small whatever it is made from. */
    private static final int FEW_ELEMENTS = 1024;

    /** The most elements that are made in all, so that a small graph takes no large memory. */
    private static final long MOST_ELEMENTS = 1L << 24;

    private long made;

    @Override
    public Optional<Replacement> apply(Node node, Draft draft) {
        List<Optional<EncodedWeight>> operands = new ArrayList<>();
        long given = 0;
        for (String input : node.inputs()) {
            Optional<EncodedWeight> value =
                    input.equals(Node.ABSENT) ? Optional.empty() : draft.constant(input);
            if (value.isEmpty() && !input.equals(Node.ABSENT)) {
                return Optional.empty();
            }
            given += value.map(EncodedWeight::size).orElse(0);
            operands.add(value);
        }
        boolean draws = node.operator() == Plain.DROPOUT;
        if (draws || !Kernels.knows(node.operator()) || !isAllowed(node, given, draft)) {
            return Optional.empty();
        }
        return folded(node, operands.stream().map(value -> value.map(Tensor::of)).toList());
    }

    private boolean isAllowed(Node node, long given, Draft draft) {
        Optional<Shape> shape = draft.infer(node).shape().filter(Shape::isFixed);
        if (shape.isEmpty()) {
            return false;
        }
        long size = shape.get().elements().size();
        if (size > Math.max(FEW_ELEMENTS, given)
                || made + size > MOST_ELEMENTS
                || scratch(node, size, given) > MOST_ELEMENTS) {
            return false;
        }
        made += size;
        return true;
    }

    /** What may be laid out on the way, at most: a convolution has a column for each place. */
    private static long scratch(Node node, long size, long given) {
        boolean layOut =
                node.operator() instanceof Conv
                        || node.operator() instanceof ConvTranspose
                        || node.operator() instanceof Resize;
        return layOut ? size * given : 0; // both are below 2^31
    }

    private static Optional<Replacement> folded(Node node, List<Optional<Tensor>> operands) {
        List<Tensor> results;
        try {
            results = Kernels.apply(node.operator(), operands, node.outputs().size());
        } catch (GraphException | ArithmeticException e) {
            return Optional.empty(); // it is wrong when it is run, and stays so
        }
        Map<String, EncodedWeight> constants = new LinkedHashMap<>();
        for (int i = 0; i < results.size(); ++i) {
            if (!node.outputs().get(i).equals(Node.ABSENT)) {
                constants.put(node.outputs().get(i), results.get(i).encode());
            }
        }
        return Optional.of(new Replacement(List.of(), Map.of(), constants, Map.of()));
    }
}
