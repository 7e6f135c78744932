package dev.bonsai.rewrite;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Unary;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A value as a number times powers of other values, in whatever order they are multiplied. */
final class Product {

    private final Draft draft;
    private final Map<String, Double> factors = new LinkedHashMap<>();
    private final Set<Node> nodes = new LinkedHashSet<>();
    private double number = 1;

    private Product(Draft draft) {
        this.draft = draft;
    }

    /** A number times powers of what other patterns find; the weight of a part is its exponent. */
    static Pattern of(double number, Part... parts) {
        List<Part> all = List.of(parts);
        return (value, draft, so) -> {
            Product product = new Product(draft);
            product.expand(value, 1, true);
            return Part.isNear(product.number, number)
                    ? Part.find(all, product.factors, draft, so.with(product.nodes))
                    : Stream.empty();
        };
    }

    private void expand(String value, double exponent, boolean first) {
        Optional<Double> scalar = Part.scalar(value, draft);
        Optional<Node> node = draft.producer(value).filter(n -> first || draft.uses(value) == 1);
        if (scalar.isPresent()) {
            number *= Math.pow(scalar.get(), exponent);
        } else if (node.isEmpty() || !expand(node.get(), exponent)) {
            factors.merge(value, exponent, Double::sum);
        }
    }

    private boolean expand(Node node, double exponent) {
        String a = node.inputs().isEmpty() ? "" : node.inputs().get(0);
        if (node.operator() == Binary.MUL || node.operator() == Binary.DIV) {
            expand(a, exponent, false);
            expand(
                    node.inputs().get(1),
                    node.operator() == Binary.MUL ? exponent : -exponent,
                    false);
        } else if (node.operator() == Unary.SQRT) {
            expand(a, exponent / 2, false);
        } else if (node.operator() == Unary.RECIPROCAL) {
            expand(a, -exponent, false);
        } else if (node.operator() == Binary.POW
                && Part.scalar(node.inputs().get(1), draft).isPresent()) {
            expand(a, exponent * Part.scalar(node.inputs().get(1), draft).get(), false);
        } else {
            return false;
        }
        nodes.add(node);
        return true;
    }
}
