package dev.bonsai.rewrite;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.ParametricActivation;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Unary;
import java.util.Optional;

/**
 * x * clip(x + 3, 0, 6) / 6 and x times HardSigmoid with a slope of 1/6 and 0.5 at 0, in whatever
 * order: HardSwish. clip(x + 3, 0, 6) / 6 alone: that HardSigmoid.
 */
final class RecogniseHardSwish implements Rule {

    private static final ParametricActivation SIGMOID =
            new ParametricActivation(ParametricActivation.Kind.HARD_SIGMOID, 1f / 6, 0.5f);

    private static final Pattern X = Pattern.any("x");

    private static final Pattern CLIP =
            Pattern.node(RecogniseHardSwish::isClip, Sum.of(3, Part.of(X)));

    private static final Pattern WITH_CLIP = Product.of(1.0 / 6, Part.of(X), Part.of(CLIP));

    private static final Pattern CLIP_ALONE = Product.of(1.0 / 6, Part.of(CLIP));

    private static final Pattern WITH_SIGMOID =
            Product.of(1, Part.of(X), Part.of(Pattern.node(RecogniseHardSwish::isSigmoid, X)));

    private static boolean isClip(Node node, Draft draft) {
        return node.operator() == Plain.CLIP
                && node.inputs().size() == 3
                && isNumber(node.inputs().get(1), 0, draft)
                && isNumber(node.inputs().get(2), 6, draft);
    }

    private static boolean isNumber(String value, double number, Draft draft) {
        return !value.equals(Node.ABSENT)
                && Part.scalar(value, draft).filter(n -> n == number).isPresent();
    }

    private static boolean isSigmoid(Node node, Draft draft) {
        return node.operator() instanceof ParametricActivation sigmoid
                && sigmoid.kind() == SIGMOID.kind()
                && Part.isNear(sigmoid.alpha(), SIGMOID.alpha())
                && sigmoid.beta() == SIGMOID.beta();
    }

    @Override
    public Optional<Replacement> apply(Node node, Draft draft) {
        if (node.operator() != Binary.MUL && node.operator() != Binary.DIV) {
            return Optional.empty();
        }
        Optional<Match> swish =
                WITH_CLIP.find(node, draft).or(() -> WITH_SIGMOID.find(node, draft));
        return swish.map(match -> Node.of(Unary.HARD_SWISH, node.output(), match.value("x")))
                .or(
                        () ->
                                CLIP_ALONE
                                        .find(node, draft)
                                        .map(
                                                match ->
                                                        Node.of(
                                                                SIGMOID,
                                                                node.output(),
                                                                match.value("x"))))
                .map(Replacement::by);
    }
}
