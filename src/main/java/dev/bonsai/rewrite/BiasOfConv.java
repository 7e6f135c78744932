package dev.bonsai.rewrite;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.ConvTranspose;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A Conv or ConvTranspose without a bias, plus a number per channel, either a constant or a list
 * that was reshaped: the same with a bias.
 */
final class BiasOfConv implements Rule {

    @Override
    public Optional<Replacement> apply(Node node, Draft draft) {
        if (node.operator() != Binary.ADD) {
            return Optional.empty();
        }
        String a = node.inputs().get(0);
        String b = node.inputs().get(1);
        return merged(node, a, b, draft).or(() -> merged(node, b, a, draft));
    }

    private static Optional<Replacement> merged(
            Node node, String convolved, String addend, Draft draft) {
        Optional<Node> conv =
                draft.producer(convolved)
                        .filter(BiasOfConv::isWithoutBias)
                        .filter(inner -> draft.uses(convolved) == 1);
        Optional<Shape> shape = draft.shape(convolved);
        if (conv.isEmpty() || shape.isEmpty() || !isPerChannel(addend, shape.get(), draft)) {
            return Optional.empty();
        }
        return constant(node, conv.get(), addend, draft)
                .or(() -> reshaped(node, conv.get(), addend, draft));
    }

    private static boolean isWithoutBias(Node node) {
        return (node.operator() instanceof Conv || node.operator() instanceof ConvTranspose)
                && node.inputs().size() == 2;
    }

    private static boolean isPerChannel(String addend, Shape convolved, Draft draft) {
        Optional<Shape> own = draft.shape(addend);
        int channelAxis = convolved.rank() - 1; // counted from the end
        if (own.isEmpty()
                || own.get().rank() < channelAxis
                || own.get().rank() > convolved.rank()) {
            return false;
        }
        for (int i = 1; i <= own.get().rank(); ++i) {
            Dim wanted = i == channelAxis ? convolved.get(1) : Dim.of(1);
            if (!wanted.same(own.get().get(-i))) {
                return false;
            }
        }
        return true;
    }

    private static Optional<Replacement> constant(
            Node node, Node conv, String addend, Draft draft) {
        Optional<EncodedWeight> value =
                draft.constant(addend).filter(constant -> constant instanceof DenseWeight);
        return value.map(
                old -> {
                    String name = draft.fresh(node.output() + ".bias");
                    return Replacement.by(withBias(node, conv, name))
                            .withConstant(
                                    name, new DenseWeight(new int[] {old.size()}, old.decode()));
                });
    }

    private static Optional<Replacement> reshaped(
            Node node, Node conv, String addend, Draft draft) {
        return draft.producer(addend)
                .filter(
                        inner ->
                                inner.operator() instanceof Reshape
                                        || inner.operator() == Plain.UNSQUEEZE)
                .map(inner -> inner.inputs().get(0))
                .filter(list -> draft.shape(list).filter(s -> s.rank() == 1).isPresent())
                .map(list -> Replacement.by(withBias(node, conv, list)));
    }

    private static Node withBias(Node node, Node conv, String bias) {
        List<String> operands = conv.inputs();
        return Node.of(conv.operator(), node.output(), operands.get(0), operands.get(1), bias);
    }
}
