package dev.bonsai.onnx;

import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;
import java.util.Optional;

/**
 * Reductions, whose axes are an attribute or an operand, by operator and operator set; here they
 * are an attribute wherever they are a constant.
 */
final class ReduceForms {

    private ReduceForms() {}

    static void reduce(OnnxNode node, GraphSketch sketch) {
        Optional<List<Dim>> axes =
                sketch.value(node.input(1))
                        .filter(value -> value.constant().isPresent())
                        .flatMap(ValueInfo::numbers);
        if (axes.isEmpty()) {
            Translations.plain(node, sketch);
            return;
        }
        Attributes attributes = node.attributes("axes");
        List<Long> numbers = axes.get().stream().map(Dim::size).toList();
        sketch.node(
                Operators.of(node.operator(), attributes.with("axes", numbers)),
                List.of(node.input(0)),
                node.outputs());
        sketch.absorb(node.input(1));
    }
}
