package dev.bonsai.rewrite;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Gelu;
import dev.bonsai.graph.operator.Gelu.Approximation;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Unary;
import java.util.List;
import java.util.Optional;

/**
 * x * (1 + erf(x / sqrt(2))) / 2, and the same with tanh(sqrt(2 / pi) * (x + 0.044715 x^3)) in the
 * place of the error function, in whatever order: Gelu.
 */
final class RecogniseGelu implements Rule {

    private static final double CUBIC = 0.044715;
    private static final double SLOPE = Math.sqrt(2 / Math.PI);

    private static final Pattern X = Pattern.any("x");

    private static final Pattern ERF = half(Unary.ERF, Product.of(Math.sqrt(0.5), Part.of(X)));

    private static final List<Pattern> TANH =
            List.of(
                    half(Unary.TANH, Product.of(SLOPE, Part.of(Sum.of(0, Part.of(X), cube())))),
                    half(Unary.TANH, Product.of(SLOPE, Part.of(X), Part.of(Sum.of(1, square())))));

    private static Part cube() {
        return Part.of(Product.of(CUBIC, Part.of(X, 3)));
    }

    private static Part square() {
        return Part.of(Product.of(CUBIC, Part.of(X, 2)));
    }

    private static Pattern half(Operator operator, Pattern argument) {
        Pattern value = Pattern.node((node, draft) -> node.operator() == operator, argument);
        return Product.of(0.5, Part.of(X), Part.of(Sum.of(1, Part.of(value))));
    }

    @Override
    public Optional<Replacement> apply(Node node, Draft draft) {
        if (node.operator() != Binary.MUL && node.operator() != Binary.DIV) {
            return Optional.empty();
        }
        Optional<Replacement> exact =
                ERF.find(node, draft).map(match -> gelu(node, match, Approximation.NONE));
        return exact.or(
                () ->
                        TANH.stream()
                                .flatMap(pattern -> pattern.find(node, draft).stream())
                                .findFirst()
                                .map(match -> gelu(node, match, Approximation.TANH)));
    }

    private static Replacement gelu(Node node, Match match, Approximation approximation) {
        return Replacement.by(Node.of(new Gelu(approximation), node.output(), match.value("x")));
    }
}
