package dev.bonsai.rewrite;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.LayerNormalization;
import dev.bonsai.graph.operator.Reduce;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * d / sqrt(mean(d^2) + epsilon) with d = x - mean(x), the means over the last axes, in whatever
 * order: LayerNormalization with a scale of ones. The scale that it is multiplied with and the
 * shift that is added come in by {@link ScaleLayerNormalization}.
 */
final class RecogniseLayerNormalization implements Rule {

    private static final Pattern X = Pattern.any("x");

    private static final Pattern CENTRED =
            Pattern.named("d", Sum.of(0, Part.of(X), Part.of(mean(X), -1)));

    private static final Pattern VARIANCE = mean(Product.of(1, Part.of(Pattern.any("d"), 2)));

    private static final Pattern NORMALISED =
            Product.of(1, Part.of(CENTRED), Part.of(Sum.of("epsilon", Part.of(VARIANCE)), -0.5));

    private static final Pattern SCALED =
            Product.of(
                    1,
                    Part.of(CENTRED),
                    Part.of(Sum.of("epsilon", Part.of(VARIANCE)), -0.5),
                    Part.of(Pattern.any("scale")));

    /** The mean over the last axes; how many of them, with a minus, is the axis. */
    private static Pattern mean(Pattern operand) {
        return Pattern.node("axis", RecogniseLayerNormalization::axis, operand);
    }

    private static Optional<Double> axis(Node node, Draft draft) {
        Optional<Shape> shape = draft.shape(node.inputs().get(0));
        if (!(node.operator() instanceof Reduce reduce)
                || reduce.kind() != Reduce.Kind.MEAN
                || !reduce.keepDims()
                || shape.isEmpty()) {
            return Optional.empty();
        }
        Optional<List<Long>> given = axes(node, reduce, draft);
        int rank = shape.get().rank();
        return given.filter(axes -> !axes.isEmpty())
                .map(axes -> reduce.reducedAxes(shape.get(), axes))
                .filter(axes -> IntStream.range(rank - axes.size(), rank).allMatch(axes::contains))
                .map(axes -> (double) -axes.size());
    }

    private static Optional<List<Long>> axes(Node node, Reduce reduce, Draft draft) {
        if (node.inputs().size() == 1) {
            return Optional.of(reduce.axes().stream().map(Integer::longValue).toList());
        }
        return draft.info(node.inputs().get(1))
                .numbers()
                .filter(numbers -> numbers.stream().allMatch(Dim::isFixed))
                .map(numbers -> numbers.stream().map(Dim::size).toList());
    }

    @Override
    public Optional<Replacement> apply(Node node, Draft draft) {
        if (node.operator() != Binary.MUL && node.operator() != Binary.DIV) {
            return Optional.empty();
        }
        return NORMALISED
                .find(node, draft)
                .flatMap(match -> unscaled(node, match, draft))
                .or(() -> SCALED.find(node, draft).flatMap(match -> scaled(node, match, draft)));
    }

    private static Optional<Replacement> unscaled(Node node, Match match, Draft draft) {
        Optional<Shape> scale = normalised(match, draft).filter(Shape::isFixed);
        if (scale.isEmpty() || draft.info(match.value("x")).type() != ElementType.FLOAT32) {
            return Optional.empty();
        }
        float[] ones = new float[(int) scale.get().elements().size()];
        Arrays.fill(ones, 1f);
        String name = draft.fresh(node.output() + ".scale");
        return Optional.of(
                Replacement.by(Node.of(operator(match), node.output(), match.value("x"), name))
                        .withConstant(name, new DenseWeight(scale.get().sizes(), ones)));
    }

    private static Optional<Replacement> scaled(Node node, Match match, Draft draft) {
        String scale = match.value("scale");
        Optional<Shape> wanted = normalised(match, draft);
        ValueInfo info = draft.info(scale);
        return wanted.isPresent() && wanted.equals(info.shape())
                ? Optional.of(
                        Replacement.by(
                                Node.of(operator(match), node.output(), match.value("x"), scale)))
                : Optional.empty();
    }

    private static Optional<Shape> normalised(Match match, Draft draft) {
        return draft.shape(match.value("x"))
                .map(
                        shape ->
                                new Shape(
                                        shape.dims()
                                                .subList(
                                                        shape.rank() + (int) match.number("axis"),
                                                        shape.rank())));
    }

    private static LayerNormalization operator(Match match) {
        return new LayerNormalization((int) match.number("axis"), (float) match.number("epsilon"));
    }
}
