package dev.bonsai.onnx;

import dev.bonsai.activation.EmbeddingTable;
import dev.bonsai.activation.IntegerTarget;
import dev.bonsai.activation.NeededValues;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Conv;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The products of matrices and the tables that a form with float activations rewrites. */
final class MatrixTargets {

    private final Map<Node, IntegerTarget> products = new LinkedHashMap<>();
    private final Map<Node, EmbeddingTable> tables = new LinkedHashMap<>();
    private final NeededValues floats;

    MatrixTargets(GraphModel model, OnnxQuantization quantization) {
        for (Node node : model.graph().nodes()) {
            IntegerTarget.of(node, model)
                    .filter(target -> !(node.operator() instanceof Conv))
                    .filter(target -> !quantization.isFloat(target.weight(), node.output()))
                    .ifPresent(target -> products.put(node, target));
            EmbeddingTable.of(node, model)
                    .filter(table -> !quantization.isFloat(table.path(), node.output()))
                    .ifPresent(table -> tables.put(node, table));
        }
        floats =
                NeededValues.of(
                        model.graph().outputs(),
                        model.graph().nodes(),
                        node ->
                                products.containsKey(node)
                                        ? List.of(node.inputs().get(0))
                                        : tables.containsKey(node)
                                                ? List.of(node.inputs().get(1))
                                                : node.inputs());
    }

    boolean isEmpty() {
        return products.isEmpty() && tables.isEmpty();
    }

    Collection<IntegerTarget> products() {
        return products.values();
    }

    IntegerTarget product(Node node) {
        return products.get(node);
    }

    EmbeddingTable table(Node node) {
        return tables.get(node);
    }

    /** Whether a value is still needed as floats. */
    boolean keeps(String value) {
        return floats.contains(value);
    }
}
