package dev.bonsai.pruning;

import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.TracedNetwork;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.thinning.Cost;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A network of three layers that {@link Thinning} takes channels out of. */
abstract class ThreeLayers extends ManagerTestBase {

    /** Three layers: 6 inputs, two hidden groups of 8 and 12 units, 4 outputs. */
    static final int[] WIDTHS = {6, 8, 12, 4};

    static TracedNetwork network() {
        List<Graph.Weight> weights = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        String value = "x";
        for (int i = 1; i < WIDTHS.length; ++i) {
            dev.bonsai.graph.type.Shape shape =
                    dev.bonsai.graph.type.Shape.of(WIDTHS[i], WIDTHS[i - 1]);
            weights.add(new Graph.Weight("w" + i, ElementType.FLOAT32, shape));
            nodes.add(Node.of(new Gemm(1, 1, false, true), "h" + i, value, "w" + i));
            nodes.add(Node.of(Unary.RELU, "r" + i, "h" + i));
            value = "r" + i;
        }
        Graph.Input input =
                new Graph.Input(
                        "x",
                        ElementType.FLOAT32,
                        dev.bonsai.graph.type.Shape.of(Dim.free("n"), Dim.of(WIDTHS[0])));
        Graph graph = new Graph(List.of(input), weights, Map.of(), nodes, List.of(value));
        return new TracedNetwork(graph, List.of(dev.bonsai.graph.type.Shape.of(1, WIDTHS[0])));
    }

    FakeProposal proposal(long seed) {
        FakeProposal proposal = new FakeProposal(manager);
        proposal.see(network());
        Random random = new Random(seed);
        for (int i = 1; i < WIDTHS.length; ++i) {
            proposal.add("w" + i, new Shape(WIDTHS[i], WIDTHS[i - 1]), values(random, i));
        }
        return proposal;
    }

    static float[] values(Random random, int layer) {
        float[] values = new float[WIDTHS[layer] * WIDTHS[layer - 1]];
        for (int i = 0; i < values.length; ++i) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    static Thinning.Builder thinning(Saving saving) {
        return Thinning.builder().setSaving(saving).optCriterion(Criterion.magnitude());
    }

    /** The units of a layer that nothing uses: zero columns of the weight behind it. */
    static BitSet gone(Map<TargetWeight, WeightTransform> masks, int layer) {
        BitSet gone = new BitSet();
        masks.forEach(
                (weight, mask) -> {
                    if (weight.path().equals("w" + (layer + 1))) {
                        BitSet keep = ((MaskTransform) mask).keep();
                        for (int unit = 0; unit < WIDTHS[layer]; ++unit) {
                            boolean used = false;
                            for (int row = 0; row < WIDTHS[layer + 1]; ++row) {
                                used |= keep.get(row * WIDTHS[layer] + unit);
                            }
                            gone.set(unit, !used);
                        }
                    }
                });
        return gone;
    }

    /** What is left of the cost, counted by hand. */
    static Cost left(BitSet first, BitSet second) {
        int a = WIDTHS[1] - first.cardinality();
        int b = WIDTHS[2] - second.cardinality();
        long count = (long) WIDTHS[0] * a + (long) a * b + (long) b * WIDTHS[3];
        return new Cost(count, count);
    }

    static double saved(Map<TargetWeight, WeightTransform> masks) {
        double whole = left(new BitSet(), new BitSet()).parameters();
        return 1 - left(gone(masks, 1), gone(masks, 2)).parameters() / whole;
    }
}
