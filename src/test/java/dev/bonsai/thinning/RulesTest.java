package dev.bonsai.thinning;

import static org.testng.Assert.assertEquals;

import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.ConstantOfShape;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Pad;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Recurrence;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.Softmax;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/**
 * What each operator does to channels: small graphs, their groups, and the laws of removal on each.
 */
public class RulesTest {

    private static final Operator MATRIX = new Gemm(1, 1, false, true);

    private static Sketch image() {
        return new Sketch(2, 3, 5, 5);
    }

    private static Object[] of(String name, Sketch sketch, String... groups) {
        return new Object[] {name, sketch, List.of(groups)};
    }

    @DataProvider
    Object[][] sketches() {
        return new Object[][] {
            of(
                    "groups of a convolution lose a channel each",
                    image().conv(1, "a", "x", 8, 3, 3, 3)
                            .conv(2, "b", "a", 12, 4, 3, 3)
                            .conv(1, "y", "b", 2, 12, 1, 1),
                    "4 units: a_w[0 by 2], a_b[0 by 2], b_w[1] in",
                    "6 units: b_w[0 by 2], b_b[0 by 2], y_w[1 by 2] in"),
            of(
                    "a channel of a depthwise convolution goes with its filters",
                    image().conv(1, "a", "x", 6, 3, 3, 3)
                            .conv(6, "b", "a", 12, 1, 3, 3)
                            .conv(1, "y", "b", 2, 12, 1, 1),
                    "6 units: a_w[0], a_b[0], b_w[0 by 2], b_b[0 by 2], y_w[1 by 2] in"),
            of(
                    "transposed",
                    image().conv(1, "a", "x", 6, 3, 3, 3)
                            .turned(1, "b", "a", 6, 5, 2, 2)
                            .conv(1, "y", "b", 2, 5, 1, 1),
                    "6 units: a_w[0], a_b[0], b_w[0] in",
                    "5 units: b_w[1], b_b[0], y_w[1] in"),
            of(
                    "transposed, in groups",
                    image().conv(1, "a", "x", 8, 3, 3, 3)
                            .turned(2, "b", "a", 8, 3, 2, 2)
                            .conv(1, "y", "b", 2, 6, 1, 1),
                    "4 units: a_w[0 by 2], a_b[0 by 2], b_w[0 by 2] in",
                    "3 units: b_w[1], b_b[0 by 2], y_w[1 by 2] in"),
            of(
                    "transposed, depthwise",
                    image().conv(1, "a", "x", 5, 3, 3, 3)
                            .turned(5, "b", "a", 5, 2, 2, 2)
                            .conv(1, "y", "b", 2, 10, 1, 1),
                    "5 units: a_w[0], a_b[0], b_w[0], b_b[0 by 2], y_w[1 by 2] in"),
            of(
                    "a gate of the other half",
                    image().conv(1, "a", "x", 10, 3, 3, 3)
                            .nodes(new Split(1), List.of("b", "c"), "a")
                            .node(Unary.SIGMOID, "d", "c")
                            .node(Binary.MUL, "e", "b", "d")
                            .conv(1, "y", "e", 2, 5, 1, 1),
                    "5 units: a_w[0 by 2], a_b[0 by 2], y_w[1] in"),
            of(
                    "parts of two sizes",
                    image().integers("sizes", 3, 6)
                            .conv(1, "a", "x", 9, 3, 3, 3)
                            .nodes(new Split(1), List.of("b", "c"), "a", "sizes")
                            .conv(1, "d", "b", 2, 3, 1, 1)
                            .conv(1, "e", "c", 2, 6, 1, 1)
                            .node(Binary.ADD, "y", "d", "e"),
                    "3 units: a_w[0], a_b[0], d_w[1] in",
                    "6 units: a_w[0], a_b[0], e_w[1] in"),
            of(
                    "a slice and the whole",
                    image().integers("from", 2)
                            .integers("to", -2)
                            .integers("axis", 1)
                            .conv(1, "a", "x", 9, 3, 3, 3)
                            .node(Plain.SLICE, "b", "a", "from", "to", "axis")
                            .conv(1, "d", "b", 2, 5, 1, 1)
                            .conv(1, "e", "a", 2, 9, 1, 1)
                            .node(Binary.SUB, "y", "d", "e"),
                    "4 units: a_w[0], a_b[0], e_w[1] in",
                    "5 units: a_w[0], a_b[0], d_w[1] in, e_w[1] in"),
            of(
                    "channels that are picked",
                    image().integers("picks", 4, -1, 0, 2)
                            .conv(1, "a", "x", 6, 3, 3, 3)
                            .node(new Gather(1), "b", "a", "picks")
                            .conv(1, "d", "b", 2, 4, 1, 1)
                            .conv(1, "e", "a", 2, 6, 1, 1)
                            .node(Binary.ADD, "y", "d", "e"),
                    "4 units: a_w[0], a_b[0], d_w[1] in, e_w[1] in",
                    "2 units: a_w[0], a_b[0], e_w[1] in"),
            of(
                    "shuffled channels",
                    image().integers("cut", 0, 4, 2, 5, 5)
                            .integers("join", 0, 8, 5, 5)
                            .conv(1, "a", "x", 8, 3, 3, 3)
                            .node(new Reshape(false), "b", "a", "cut")
                            .node(new Transpose(List.of(0, 2, 1, 3, 4)), "c", "b")
                            .node(new Reshape(false), "d", "c", "join")
                            .conv(1, "y", "d", 2, 8, 1, 1),
                    "4 units: a_w[0 by 2], a_b[0 by 2], y_w[1 by 2] in"),
            of(
                    "heads of one product",
                    attention(new Sketch(2, 4, 6), "x"),
                    "3 units: qkv[1 by 12], out[0 by 4] in"),
            of(
                    "heads over a length that is not known",
                    attention(everyOther(), "other"),
                    "3 units: qkv[1 by 12], out[0 by 4] in"),
            of(
                    "element by element, with weights and constants",
                    image().weight("slope", 6, 1, 1)
                            .integers("pads", 0, 0, 1, 0, 0, 0, 0, 1)
                            .constant("low", Constants.scalar(-0.4f))
                            .constant("scales", Constants.floats(1, 1, 2, 2))
                            .integers("whole", 2, 6, 6, 6)
                            .weight("gain", 6, 1, 1)
                            .conv(1, "a", "x", 6, 3, 3, 3)
                            .node(Plain.PRELU, "b", "a", "slope")
                            .node(new Pad(Pad.Mode.CONSTANT), "c", "b", "pads")
                            .node(Plain.CLIP, "d", "c", "low")
                            .node(Plain.EXPAND, "e", "gain", "whole")
                            .node(Binary.MUL, "f", "e", "d")
                            .node(Operators.of("Resize", Attributes.NONE), "g", "f", "", "scales")
                            .conv(1, "y", "g", 2, 6, 1, 1),
                    "6 units: a_w[0], a_b[0], slope[0], gain[0], y_w[1] in"),
            of(
                    "channels last, of which height and width are named",
                    image().integers("sizes", 10, 7)
                            .conv(1, "a", "x", 6, 3, 3, 3)
                            .node(new Transpose(List.of(0, 2, 3, 1)), "b", "a")
                            .node(
                                    Operators.of(
                                            "Resize",
                                            Attributes.NONE.with("axes", List.of(1L, 2L))),
                                    "c",
                                    "b",
                                    "",
                                    "",
                                    "sizes")
                            .node(new Transpose(List.of(0, 3, 1, 2)), "d", "c")
                            .conv(1, "y", "d", 2, 6, 1, 1),
                    "6 units: a_w[0], a_b[0], y_w[1] in"),
            of(
                    "a matrix that is used twice, once turned",
                    new Sketch(2, 3)
                            .weight("a_w", 8, 3)
                            .weight("w", 8, 6)
                            .weight("y_w", 2, 8)
                            .node(MATRIX, "a", "x", "a_w")
                            .node(Plain.MATMUL, "b", "a", "w")
                            .node(MATRIX, "c", "b", "w")
                            .node(MATRIX, "y", "c", "y_w"),
                    "8 units: a_w[0], w[0] in and out, y_w[1] in",
                    "6 units: w[1] in and out"),
            of(
                    "channels last, and a matrix behind them",
                    image().conv(1, "a", "x", 7, 3, 3, 3)
                            .node(new Transpose(List.of(0, 2, 3, 1)), "b", "a")
                            .node(new Flatten(1), "c", "b")
                            .weight("m", 4, 175)
                            .weight("n", 1, 4)
                            .node(MATRIX, "y", "c", "m", "n"),
                    "7 units: a_w[0], a_b[0], m[1 by 25] in"),
            of(
                    "a filled part beside computed channels",
                    image().integers("shape", 2, 3, 5, 5)
                            .conv(1, "a", "x", 4, 3, 3, 3)
                            .node(filled(), "b", "shape")
                            .node(new Concat(1), "c", "b", "a", "x")
                            .conv(1, "y", "c", 2, 10, 1, 1),
                    "4 units: a_w[0], a_b[0], y_w[1] in",
                    "3 units: y_w[1] in"),
            of(
                    "hidden units with all that an LSTM can have",
                    new Sketch(2, 4, 3)
                            .weight("w", 1, 20, 3)
                            .weight("r", 1, 20, 5)
                            .weight("b", 1, 40)
                            .weight("h", 2, 1, 5)
                            .weight("c", 2, 1, 5)
                            .weight("p", 1, 15)
                            .weight("m", 2, 5)
                            .integers("join", 2, 4, 5)
                            .node(lstm(), "l", "x", "w", "r", "b", "", "h", "c", "p")
                            .node(new Reshape(false), "j", "l", "join")
                            .node(new Transpose(List.of()), "t", "m")
                            .node(Plain.MATMUL, "y", "j", "t"),
                    "5 units: w[1 by 4], r[1 by 4], r[2] in, b[1 by 8], h[2], c[2], p[1 by 3],"
                            + " m[1] in"),
        };
    }

    private static Operator filled() {
        return new ConstantOfShape(0.5f, dev.bonsai.encoding.ElementType.FLOAT32);
    }

    private static Operator lstm() {
        return new Recurrence(Recurrence.Kind.LSTM, 5, Recurrence.Direction.FORWARD, true, false);
    }

    /** Attention with queries, keys and values from one matrix: 3 heads of 4 numbers. */
    private static Sketch attention(Sketch start, String x) {
        Sketch sketch =
                start.weight("qkv", 6, 36)
                        .weight("out", 12, 3)
                        .integers("cut", 0, -1, 3, 3, 4)
                        .integers("join", 0, -1, 12)
                        .node(Plain.MATMUL, "all", x, "qkv")
                        .node(new Reshape(false), "parts", "all", "cut")
                        .node(new Transpose(List.of(2, 0, 3, 1, 4)), "heads", "parts");
        for (int i = 0; i < 3; ++i) {
            String name = "qkv".substring(i, i + 1);
            sketch.constant("i" + name, Constants.integer(i))
                    .node(new Gather(0), name, "heads", "i" + name);
        }
        return sketch.node(new Transpose(List.of(0, 1, 3, 2)), "turned", "k")
                .node(Plain.MATMUL, "scores", "q", "turned")
                .node(new Softmax(Softmax.Kind.SOFTMAX, -1), "shares", "scores")
                .node(Plain.MATMUL, "mixed", "shares", "v")
                .node(new Transpose(List.of(0, 2, 1, 3)), "back", "mixed")
                .node(new Reshape(false), "joined", "back", "join")
                .node(Plain.MATMUL, "y", "joined", "out");
    }

    /** Rows of which each second one is taken, so that their number has no name. */
    private static Sketch everyOther() {
        Shape shape = Shape.of(Dim.free("batch"), Dim.free("length"), Dim.of(6));
        return new Sketch(shape, 2, 7, 6)
                .integers("zero", 0)
                .integers("end", Integer.MAX_VALUE)
                .integers("one", 1)
                .integers("two", 2)
                .node(Plain.SLICE, "other", "x", "zero", "end", "one", "two");
    }

    @Test(dataProvider = "sketches")
    public void groupsAreWhatTheyAre(String name, Sketch sketch, List<String> groups) {
        ChannelGroups found = ChannelGroups.of(sketch.model().graph());
        assertEquals(
                found.groups().stream().map(ChannelGroup::toString).toList(), groups, "" + found);
    }

    @Test(dataProvider = "sketches")
    public void removalIsAsIfItWereZero(String name, Sketch sketch, List<String> groups) {
        boolean made = !name.contains("LSTM") && !name.contains("filled"); // states that are not 0
        new Laws(sketch.model(), sketch.tensor()).checkAll(7, made);
    }
}
