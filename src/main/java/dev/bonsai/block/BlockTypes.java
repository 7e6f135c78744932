package dev.bonsai.block;

import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.ConvTranspose;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.operator.Unary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out in which of DJL's blocks each weight of a graph would stand: by the first operator that
 * takes the weight, or what is the weight in another order.
 */
final class BlockTypes {

    /** DJL's names of blocks by ONNX's names of operators. */
    private static final Map<String, String> NAMES =
            Map.of(
                    "Gemm", "Linear",
                    "BatchNormalization", "BatchNorm",
                    "LayerNormalization", "LayerNorm",
                    "LSTM", "LSTM",
                    "GRU", "GRU",
                    "PRelu", "Prelu",
                    "Gather", "Embedding");

    private static final int IMAGE_RANK = 4;

    /** The weights that a value is made of, and nothing else. */
    private final Map<String, Set<String>> made = new HashMap<>();

    /** Products of a matrix, to which a bias may be added. */
    private final Set<String> products = new HashSet<>();

    private final Map<String, String> types = new HashMap<>();

    BlockTypes(Graph graph) {
        graph.weights().forEach(weight -> made.put(weight.path(), Set.of(weight.path())));
        Map<String, Integer> ranks = new HashMap<>();
        graph.weights().forEach(weight -> ranks.put(weight.path(), weight.shape().rank()));
        graph.nodes().forEach(node -> look(node, ranks));
    }

    /** Returns the kind of block, or empty where no block of DJL has such a weight. */
    Optional<String> of(String path) {
        return Optional.ofNullable(types.get(path));
    }

    private void look(Node node, Map<String, Integer> ranks) {
        Operator operator = node.operator();
        if (isMove(operator)) {
            Set<String> all = new LinkedHashSet<>();
            node.inputs().forEach(input -> all.addAll(made.getOrDefault(input, Set.of())));
            node.outputs().forEach(output -> made.put(output, all));
            return;
        }
        boolean matrix = operator == Plain.MATMUL && made.containsKey(node.inputs().get(1));
        if (matrix) {
            products.add(node.outputs().get(0));
        }
        boolean bias =
                operator == Binary.ADD && node.inputs().stream().anyMatch(products::contains);
        String type = matrix || bias ? "Linear" : type(node, ranks);
        if (!type.isEmpty()) {
            List<String> taken =
                    operator instanceof Gather ? node.inputs().subList(0, 1) : node.inputs();
            for (String input : taken) {
                made.getOrDefault(input, Set.of()).forEach(path -> types.putIfAbsent(path, type));
            }
        }
    }

    /**
     * The same elements in another order; a concatenation is of weights and of what is constant.
     */
    private static boolean isMove(Operator operator) {
        return operator instanceof Transpose
                || operator instanceof Split
                || operator instanceof Concat
                || operator == Plain.UNSQUEEZE
                || operator == Plain.SQUEEZE
                || operator == Unary.IDENTITY;
    }

    private static String type(Node node, Map<String, Integer> ranks) {
        Operator operator = node.operator();
        if (operator instanceof Conv || operator instanceof ConvTranspose) {
            int axes = ranks.getOrDefault(node.inputs().get(1), IMAGE_RANK) - 2;
            return "Conv" + axes + (operator instanceof Conv ? "d" : "dTranspose");
        }
        return NAMES.getOrDefault(operator.schema().name(), "");
    }
}
