package dev.bonsai.thinning;

import static org.testng.Assert.assertTrue;

import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.GlobalPool;
import dev.bonsai.graph.operator.LayerNormalization;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Pad;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.ShapeOf;
import dev.bonsai.graph.operator.Softmax;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What can't be removed says why, by a reason, the operator and its node. */
public class RefusalTest {

    private static final Operator MATRIX = new Gemm(1, 1, false, true);

    private static Sketch image() {
        return new Sketch(2, 3, 5, 5);
    }

    private static Object[] refusal(RefusalReason reason, String text, Sketch sketch) {
        return new Object[] {reason, text, sketch};
    }

    private static Sketch rows() {
        return new Sketch(2, 3).weight("a_w", 6, 3).node(MATRIX, "a", "x", "a_w");
    }

    private static Sketch used(Sketch sketch) {
        return sketch.weight("y_w", 2, 6).node(MATRIX, "y", "b", "y_w");
    }

    @DataProvider
    Object[][] refusals() {
        Sketch free =
                new Sketch(Shape.of(Dim.of(1), Dim.of(3), Dim.free("h"), Dim.free("w")))
                        .conv(1, "a", "x", 6, 3, 1, 1);
        return new Object[][] {
            refusal(
                    RefusalReason.OUTPUT,
                    "a_w[0]: output, the output y",
                    rows().node(Unary.RELU, "y", "a")),
            refusal(
                    RefusalReason.INPUT,
                    "a_w[1]: input, the input x",
                    used(rows().node(Unary.RELU, "b", "a"))),
            refusal(
                    RefusalReason.INPUT,
                    "a_w[0], y_w[1], a_w[1]: input, the input x",
                    used(
                            new Sketch(2, 6)
                                    .weight("a_w", 6, 6)
                                    .node(MATRIX, "a", "x", "a_w")
                                    .node(Binary.ADD, "b", "a", "x"))),
            refusal(
                    RefusalReason.NORMALIZED,
                    "LayerNormalization 'b' takes mean and variance over it",
                    used(
                            rows().weight("gamma", 6)
                                    .node(new LayerNormalization(-1, 1e-5f), "b", "a", "gamma"))),
            refusal(
                    RefusalReason.NORMALIZED,
                    "a_w[0], y_w[1]: normalized, Softmax 'b' sums over it",
                    used(rows().node(new Softmax(Softmax.Kind.SOFTMAX, -1), "b", "a"))),
            refusal(
                    RefusalReason.REDUCED,
                    "ReduceMean 'm' reduces it",
                    used(
                            rows().node(
                                            Operators.of(
                                                    "ReduceMean",
                                                    Attributes.of(Map.of("axes", List.of(-1)))),
                                            "m",
                                            "a")
                                    .node(Binary.SUB, "b", "a", "m"))),
            refusal(
                    RefusalReason.REDUCED,
                    "a_w[0]: reduced, ArgMax 'y' reduces it",
                    rows().node(argMax(), "y", "a")),
            refusal(
                    RefusalReason.CONTRACTED,
                    "a_w[0], b_w[0]: contracted, MatMul 'y' multiplies two computed values",
                    rows().weight("b_w", 6, 3)
                            .node(MATRIX, "b", "x", "b_w")
                            .node(new Transpose(List.of()), "t", "b")
                            .node(Plain.MATMUL, "y", "a", "t")),
            refusal(
                    RefusalReason.INDEXED,
                    "a_w[0]: indexed, Gather 'y' picks single places",
                    rows().constant("one", Constants.integer(1))
                            .node(new Gather(1), "y", "a", "one")),
            refusal(
                    RefusalReason.POSITION,
                    "a_w[0]: position, Pad 'b' pads it",
                    rows().integers("pads", 0, 1, 0, 0)
                            .node(new Pad(Pad.Mode.CONSTANT), "b", "a", "pads")
                            .weight("y_w", 2, 7)
                            .node(MATRIX, "y", "b", "y_w")),
            refusal(
                    RefusalReason.SIZE,
                    "Shape 's' reads its size",
                    rows().node(new ShapeOf(1, Optional.empty()), "s", "a")
                            .node(Plain.EXPAND, "b", "a", "s")
                            .weight("y_w", 2, 6)
                            .node(MATRIX, "y", "b", "y_w")),
            refusal(
                    RefusalReason.SIZE,
                    "a_w[0], a_b[0]: size, Flatten 'y' mixes it with a free dimension",
                    free.node(new Flatten(1), "y", "a")),
            refusal(
                    RefusalReason.WITHIN_UNIT,
                    "Reshape 'c' joins it with another",
                    image().conv(1, "a", "x", 4, 3, 1, 1)
                            .node(GlobalPool.MAX, "p", "a")
                            .integers("flat", 0, 4)
                            .integers("column", 2, 4, 1)
                            .integers("all", 2, 20)
                            .weight("k", 1, 1, 5)
                            .weight("y_w", 2, 20)
                            .node(new Reshape(false), "q", "p", "flat")
                            .node(new Reshape(false), "r", "q", "column")
                            .node(Binary.MUL, "b", "r", "k")
                            .node(new Reshape(false), "c", "b", "all")
                            .node(MATRIX, "y", "c", "y_w")),
            refusal(
                    RefusalReason.LAST_UNIT,
                    "a_w[0], a_b[0], y_w[1]: last_unit, there is one unit of this kind",
                    image().integers("from", 1)
                            .integers("to", 9)
                            .integers("axis", 1)
                            .conv(1, "a", "x", 9, 3, 1, 1)
                            .node(Plain.SLICE, "b", "a", "from", "to", "axis")
                            .conv(1, "d", "b", 2, 8, 1, 1)
                            .conv(1, "y", "a", 2, 9, 1, 1)
                            .node(Binary.ADD, "e", "d", "y")),
        };
    }

    private static Operator argMax() {
        return Operators.of("ArgMax", Attributes.of(Map.of("axis", 1)));
    }

    @Test(dataProvider = "refusals")
    public void whatCantGoSaysWhy(RefusalReason reason, String text, Sketch sketch) {
        ChannelGroups found = ChannelGroups.of(sketch.graph("y"));
        assertTrue(
                found.refusals().stream()
                        .anyMatch(r -> r.reason() == reason && r.toString().contains(text)),
                "No '" + text + "' in\n" + found);
    }
}
