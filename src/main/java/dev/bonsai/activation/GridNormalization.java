package dev.bonsai.activation;

import dev.bonsai.encoding.Codes;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.ScaleLayout;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.BatchNormalization;
import dev.bonsai.graph.operator.Conv;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts batch normalisation into a convolution whose weight lies on a grid with a scale per channel:
 * the codes stay, up to their sign, and the scales take the factor. The simplifier leaves such a
 * weight alone, as it would lose its grid there.
 */
final class GridNormalization {

    private final Map<String, EncodedWeight> values = new LinkedHashMap<>();
    private final List<Node> nodes;
    private final List<String> used = new ArrayList<>();

    private GridNormalization(GraphModel model) {
        values.putAll(model.graph().constants());
        values.putAll(model.weights());
        nodes = new ArrayList<>(model.graph().nodes());
        nodes.forEach(node -> used.addAll(node.inputs()));
        used.addAll(model.graph().outputs());
    }

    static GraphModel fold(GraphModel model) {
        GridNormalization folding = new GridNormalization(model);
        boolean changed = false;
        for (Node node : model.graph().nodes()) {
            changed |= node.operator() instanceof BatchNormalization && folding.fold(node);
        }
        return changed ? folding.result(model.graph()) : model;
    }

    private boolean fold(Node node) {
        String between = node.inputs().get(0);
        Node conv = nodes.stream().filter(n -> n.output().equals(between)).findFirst().orElse(null);
        if (conv == null
                || !(conv.operator() instanceof Conv)
                || Collections.frequency(used, between) > 1
                || !node.inputs().stream().skip(1).allMatch(values::containsKey)) {
            return false;
        }
        String weight = conv.inputs().get(1);
        String bias = conv.inputs().size() > 2 ? conv.inputs().get(2) : node.inputs().get(2);
        boolean isOwn =
                Collections.frequency(used, weight) == 1
                        && Collections.frequency(used, bias) == 1
                        && values.containsKey(bias);
        if (!isOwn || !(values.get(weight) instanceof GridWeight grid)) {
            return false;
        }
        double[] factors = factors(node);
        GridWeight scaled = scaled(grid, factors);
        if (scaled == null) {
            return false;
        }
        float[] before =
                conv.inputs().size() > 2 ? values.get(bias).decode() : new float[factors.length];
        values.put(weight, scaled);
        values.put(bias, bias(before, factors, node));
        nodes.set(
                nodes.indexOf(conv),
                Node.of(conv.operator(), node.output(), conv.inputs().get(0), weight, bias));
        nodes.remove(node);
        return true;
    }

    private float[] operand(Node node, int index) {
        return values.get(node.inputs().get(index)).decode();
    }

    private double[] factors(Node node) {
        float epsilon = ((BatchNormalization) node.operator()).epsilon();
        float[] scale = operand(node, 1);
        float[] variance = operand(node, 4);
        double[] factors = new double[scale.length];
        for (int i = 0; i < factors.length; ++i) {
            factors[i] = scale[i] / Math.sqrt((double) variance[i] + epsilon);
        }
        return factors;
    }

    private DenseWeight bias(float[] before, double[] factors, Node node) {
        float[] shift = operand(node, 2);
        float[] mean = operand(node, 3);
        float[] bias = new float[before.length];
        for (int i = 0; i < bias.length; ++i) {
            bias[i] = (float) (((double) before[i] - mean[i]) * factors[i] + shift[i]);
        }
        return new DenseWeight(new int[] {bias.length}, bias);
    }

    /** The grid of other scales, or null where one scale per channel can't say it. */
    private static GridWeight scaled(GridWeight grid, double[] factors) {
        int perChannel = grid.size() / factors.length;
        float[] scales = new float[factors.length];
        for (int i = 0; i < scales.length; ++i) {
            int group = grid.layout().groupOf(i * perChannel);
            if (!grid.isSymmetric()
                    || grid.layout().endOfGroup(i * perChannel) < (i + 1) * perChannel) {
                return null;
            }
            scales[i] = (float) (grid.scales()[group] * Math.abs(factors[i]));
            if (factors[i] == 0) {
                scales[i] = 1; // all its codes are 0
            } else if (!(scales[i] > 0 && Float.isFinite(scales[i]))) {
                return null;
            }
        }
        int lowest = GridWeight.lowestCode(grid.bits());
        int[] codes = new int[grid.size()];
        for (int i = 0; i < codes.length; ++i) {
            codes[i] = grid.codes().get(i) * (int) Math.signum(factors[i / perChannel]);
            if (codes[i] == -lowest) {
                return null; // the highest code is one less
            }
        }
        return new GridWeight(
                grid.shape(),
                grid.bits(),
                new ScaleLayout(scales.length, perChannel, perChannel),
                Codes.of(codes),
                scales,
                new int[scales.length]);
    }

    private GraphModel result(Graph graph) {
        NeededValues left = NeededValues.of(graph.outputs(), nodes, Node::inputs);
        List<Graph.Weight> weights =
                graph.weights().stream().filter(weight -> left.contains(weight.path())).toList();
        Map<String, EncodedWeight> constants = new LinkedHashMap<>();
        graph.constants().keySet().forEach(name -> constants.put(name, values.get(name)));
        return new GraphModel(
                new Graph(graph.inputs(), weights, constants, nodes, graph.outputs()), values);
    }
}
