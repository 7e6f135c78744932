package dev.bonsai.rewrite;

import static org.testng.Assert.assertTrue;

import dev.bonsai.Cross;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.operator.Comparison;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.ConstantOfShape;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Pad;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reduce;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.ShapeOf;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Variadic;
import dev.bonsai.rewrite.Simplifier.Mode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Graphs of seeded operators, among them many that do nothing or compute shapes. */
public class RandomGraphsTest {

    private static final int GRAPHS = 60;
    private static final int STEPS = 24;

    @DataProvider
    Object[][] seeds() {
        return Cross.of(IntStream.range(0, GRAPHS).boxed().toArray(), Mode.values());
    }

    @Test(dataProvider = "seeds")
    void aRandomGraphComputesTheSame(int seed, Mode mode) {
        Maker maker = new Maker(seed);
        Graph graph = maker.graph();
        Graph after = Law.simplified(graph, maker.sketch.weights(), mode).graph();
        assertTrue(after.nodes().size() < graph.nodes().size(), graph.toString());
    }

    /** Adds seeded operators to values of shape (batch, length, 4) and others. */
    private static final class Maker {

        private final Random random;
        private final Sketch sketch;
        private final List<String> values = new ArrayList<>();

        Maker(int seed) {
            random = new Random(seed);
            sketch = new Sketch(seed);
            values.add(sketch.input("x", "batch", "length", 4));
            values.add(sketch.input("y", "batch", "length", 4));
        }

        Graph graph() {
            for (int i = 0; i < STEPS; ++i) {
                values.add(step(values.get(random.nextInt(values.size()))));
            }
            Set<String> outputs = new LinkedHashSet<>();
            for (int i = 0; i < 3; ++i) {
                String value = values.get(2 + random.nextInt(values.size() - 2));
                outputs.add(sketch.node(random.nextBoolean() ? Unary.NEG : Unary.IDENTITY, value));
            }
            outputs.add(values.get(values.size() - 1));
            return sketch.graph(outputs.toArray(new String[0]));
        }

        private String other() {
            return values.get(random.nextInt(values.size()));
        }

        /** Every step keeps the shape (batch, length, 4). */
        private String step(String x) {
            return switch (random.nextInt(20)) {
                case 0 -> sketch.node(Unary.IDENTITY, x);
                case 1 -> sketch.node(Unary.TANH, x);
                case 2 -> sketch.node(new Cast(ElementType.FLOAT32), x);
                case 3 -> sketch.node(Binary.ADD, x, other());
                case 4 -> sketch.node(Binary.MUL, x, sketch.scalar(random.nextInt(3)));
                case 5 ->
                        twice(new Transpose(List.of(1, 2, 0)), new Transpose(List.of(2, 0, 1)), x);
                case 6 ->
                        twice(new Transpose(List.of(1, 0, 2)), new Transpose(List.of(1, 0, 2)), x);
                case 7 -> sketch.node(new Concat(1), x);
                case 8 -> sketch.node(Variadic.SUM, x);
                case 9 ->
                        sketch.node(
                                new Pad(Pad.Mode.CONSTANT), x, sketch.integers(0, 0, 0, 0, 0, 0));
                case 10 -> slice(x);
                case 11 ->
                        sketch.node(new Reshape(false), sketch.node(new Flatten(1), x), shape(x));
                case 12 -> heads(x);
                case 13 -> squeezed(x);
                case 14 -> expanded(x);
                case 15 -> masked(x);
                case 16 -> split(x);
                case 17 -> sketch.node(Variadic.MAX, x, sketch.node(Binary.SUB, x, other()));
                case 18 -> centred(x);
                default -> sketch.node(Binary.ADD, x, folded());
            };
        }

        private String twice(Transpose first, Transpose second, String x) {
            return sketch.node(second, sketch.node(first, x));
        }

        private String slice(String x) {
            String axes = sketch.integers(1, 2);
            String ends = sketch.integers(Long.MAX_VALUE, 4);
            String steps = sketch.integers(1, 1);
            return sketch.node(Plain.SLICE, x, sketch.integers(0, 0), ends, axes, steps);
        }

        private String shape(String x) {
            return sketch.node(new ShapeOf(0, Optional.empty()), x);
        }

        /** One dimension as a list. */
        private String dim(String x, int axis) {
            String shape = shape(x);
            if (random.nextBoolean()) {
                String one = sketch.node(new Gather(0), shape, sketch.integer(axis));
                return sketch.node(Plain.UNSQUEEZE, one, sketch.integers(0));
            }
            return sketch.node(
                    Plain.SLICE, shape, sketch.integers(axis), sketch.integers(axis + 1));
        }

        private String heads(String x) {
            String batch = dim(x, 0);
            String length = dim(other(), 1);
            String target = sketch.node(new Concat(0), batch, length, sketch.integers(2, 2));
            String heads = sketch.node(new Reshape(false), x, target);
            String moved = sketch.node(new Transpose(List.of(0, 2, 1, 3)), heads);
            String back = sketch.node(new Transpose(List.of(0, 2, 1, 3)), moved);
            String size = sketch.node(Binary.MUL, sketch.integers(2), sketch.integers(2));
            String joined = sketch.node(new Concat(0), batch, sketch.integers(-1), size);
            return sketch.node(new Reshape(false), back, joined);
        }

        private String squeezed(String x) {
            String more = sketch.node(Plain.UNSQUEEZE, x, sketch.integers(1));
            String value = random.nextBoolean() ? sketch.node(Unary.NEG, more) : more;
            return sketch.node(Plain.SQUEEZE, value, sketch.integers(1));
        }

        /** As PyTorch writes it: -1 keeps a dimension. */
        private String expanded(String x) {
            String wanted = sketch.node(new Concat(0), dim(x, 0), sketch.integers(-1), dim(x, 2));
            String ones = sketch.node(new ConstantOfShape(1f, ElementType.INT64), shape(wanted));
            String kept = sketch.node(Binary.MUL, ones, sketch.integer(-1));
            String isKept = sketch.node(Comparison.EQUAL, wanted, kept);
            String target = sketch.node(Plain.WHERE, isKept, ones, wanted);
            return sketch.node(Plain.EXPAND, x, target);
        }

        private String masked(String x) {
            String positive = sketch.node(Comparison.GREATER, x, sketch.scalar(0));
            return sketch.node(Plain.WHERE, positive, x, other());
        }

        private String split(String x) {
            List<String> parts = sketch.nodes(new Split(2), 2, x);
            return sketch.node(new Concat(2), parts.get(1), parts.get(0));
        }

        private String centred(String x) {
            String mean = sketch.node(new Reduce(Reduce.Kind.MEAN, List.of(-1), true, false), x);
            return sketch.node(Binary.SUB, x, mean);
        }

        private String folded() {
            String four =
                    sketch.node(new ConstantOfShape(2f, ElementType.FLOAT32), sketch.integers(4));
            return sketch.node(Plain.DROPOUT, sketch.node(Unary.SQRT, four));
        }
    }

    @Test
    void graphsAreOfManyOperators() {
        Set<String> seen = new LinkedHashSet<>();
        for (int seed = 0; seed < GRAPHS; ++seed) {
            seen.addAll(Law.operators(new Maker(seed).graph()));
        }
        assertTrue(seen.size() > 25, seen.toString());
    }
}
