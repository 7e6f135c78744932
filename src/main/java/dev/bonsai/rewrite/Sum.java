package dev.bonsai.rewrite;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Variadic;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A value as a number plus and minus other values, in whatever order they are added. */
final class Sum {

    private final Draft draft;
    private final Map<String, Double> terms = new LinkedHashMap<>();
    private final Set<Node> nodes = new LinkedHashSet<>();
    private double number;

    private Sum(Draft draft) {
        this.draft = draft;
    }

    /** A number plus what other patterns find; the weight of a part is its factor. */
    static Pattern of(double number, Part... parts) {
        List<Part> all = List.of(parts);
        return (value, draft, so) -> {
            Sum sum = of(value, draft);
            return Part.isNear(sum.number, number)
                    ? Part.find(all, sum.terms, draft, so.with(sum.nodes))
                    : Stream.empty();
        };
    }

    /** Any number, which gets a name, plus what other patterns find. */
    static Pattern of(String name, Part... parts) {
        List<Part> all = List.of(parts);
        return (value, draft, so) -> {
            Sum sum = of(value, draft);
            return so.with(sum.nodes).withNumber(name, sum.number).stream()
                    .flatMap(found -> Part.find(all, sum.terms, draft, found));
        };
    }

    private static Sum of(String value, Draft draft) {
        Sum sum = new Sum(draft);
        sum.expand(value, 1, true);
        return sum;
    }

    private void expand(String value, double factor, boolean first) {
        Optional<Double> scalar = Part.scalar(value, draft);
        Optional<Node> node = draft.producer(value).filter(n -> first || draft.uses(value) == 1);
        if (scalar.isPresent()) {
            number += scalar.get() * factor;
        } else if (node.isEmpty() || !expand(node.get(), factor)) {
            terms.merge(value, factor, Double::sum);
        }
    }

    private boolean expand(Node node, double factor) {
        if (node.operator() == Binary.ADD || node.operator() == Variadic.SUM) {
            node.inputs().forEach(operand -> expand(operand, factor, false));
        } else if (node.operator() == Binary.SUB) {
            expand(node.inputs().get(0), factor, false);
            expand(node.inputs().get(1), -factor, false);
        } else if (node.operator() == Unary.NEG) {
            expand(node.inputs().get(0), -factor, false);
        } else {
            return false;
        }
        nodes.add(node);
        return true;
    }
}
