package dev.bonsai.onnx;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.type.Constants;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells which tensors of a file are weights. A tensor of floats is one, be it an initialiser or a
 * {@code Constant}, if it has a rank of at least 1 and is taken
 *
 * <ul>
 *   <li>as weight, bias, scale, shift, statistic or table by an operator that has such operands, or
 *   <li>by Add, Sub, Mul or Div, if it has at least two elements.
 * </ul>
 *
 * <p>All else is a constant. In a file that Bonsai wrote, the initialisers are the weights.
 */
final class WeightRule {

    /** The operands that are weights, by operator. */
    private static final Map<String, List<Integer>> OPERANDS =
            Map.of(
                    "Conv", List.of(1, 2),
                    "ConvTranspose", List.of(1, 2),
                    "Gemm", List.of(0, 1, 2),
                    "MatMul", List.of(0, 1),
                    "BatchNormalization", List.of(1, 2, 3, 4),
                    "LayerNormalization", List.of(1, 2),
                    "PRelu", List.of(1),
                    "LSTM", List.of(1, 2, 3, 7),
                    "GRU", List.of(1, 2, 3),
                    "Gather", List.of(0));

    private static final Set<String> ARITHMETIC = Set.of("Add", "Sub", "Mul", "Div");

    private final Set<String> operands = new HashSet<>();
    private final Set<String> terms = new HashSet<>();

    private WeightRule() {}

    static WeightRule of(List<OnnxNode> nodes) {
        WeightRule rule = new WeightRule();
        Map<String, String> identities = new HashMap<>();
        for (OnnxNode node : nodes) {
            if (node.operator().equals("Identity") && node.outputs().size() == 1) {
                String from = node.input(0);
                identities.put(node.outputs().get(0), identities.getOrDefault(from, from));
            }
            for (int i : OPERANDS.getOrDefault(node.operator(), List.of())) {
                rule.operands.add(identities.getOrDefault(node.input(i), node.input(i)));
            }
            if (ARITHMETIC.contains(node.operator())) {
                node.inputs().forEach(i -> rule.terms.add(identities.getOrDefault(i, i)));
            }
        }
        return rule;
    }

    boolean isWeight(String name, EncodedWeight value) {
        return Constants.isFloat(Constants.type(value))
                && value.shape().length > 0
                && (operands.contains(name) || (terms.contains(name) && value.size() > 1));
    }

    /** The names that are used at all. */
    static Set<String> used(List<OnnxNode> nodes, List<String> outputs) {
        Set<String> used = new HashSet<>(outputs);
        nodes.forEach(node -> used.addAll(node.inputs()));
        return used;
    }
}
