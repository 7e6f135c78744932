package dev.bonsai.graph;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Schema;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.testng.annotations.Test;

/** What a graph tells of its values is what the runtime computes, whatever the sizes. */
public class ShapeRulesTest {

    private static final List<OperatorCase> CASES = OperatorCases.all();

    @Test
    void everyOperatorHasACase() {
        Set<String> seen =
                CASES.stream().map(c -> c.operator().onnxName()).collect(Collectors.toSet());
        Set<String> all = Operators.all().stream().map(Schema::name).collect(Collectors.toSet());
        assertEquals(new TreeSet<>(seen), new TreeSet<>(all));
    }

    @Test
    void anOperatorIsMadeAgainFromItsAttributes() {
        for (OperatorCase made : CASES) {
            assertEquals(
                    Operators.of(made.operator().onnxName(), made.operator().attributes()),
                    made.operator());
            assertEquals(
                    Operators.of(made.operator().onnxName(), made.operator().attributes())
                            .hashCode(),
                    made.operator().hashCode());
        }
    }

    @Test
    void shapesWithFreeDimensionsHoldForEverySize() {
        for (OperatorCase made : CASES) {
            Graph graph = made.graph();
            Map<String, ValueInfo> free = graph.values();
            for (int size = 4; size <= 7; ++size) {
                Map<String, Long> sizes = sizes(graph, size);
                Map<String, Tensor> inputs = inputs(graph, sizes, size);
                Map<String, ValueInfo> fixed =
                        graph.values(
                                inputs.values().stream().map(t -> Shape.of(t.shape())).toList());
                Map<String, Tensor> results =
                        PlainModel.of(new GraphModel(graph, Map.of())).run(inputs);
                for (String output : graph.outputs()) {
                    Tensor real = results.get(output);
                    String where = graph + "\nat " + sizes;
                    assertEquals(free.get(output).type(), real.type(), where);
                    assertEquals(fixed.get(output).type(), real.type(), where);
                    assertEquals(
                            fixed.get(output).shape().orElseThrow(), Shape.of(real.shape()), where);
                    assertHolds(free.get(output), sizes, real, where);
                }
            }
        }
    }

    private static void assertHolds(
            ValueInfo told, Map<String, Long> sizes, Tensor real, String where) {
        Shape shape = told.shape().orElseThrow();
        assertEquals(shape.rank(), real.rank(), where);
        for (int i = 0; i < shape.rank(); ++i) {
            if (shape.get(i).isKnown()) {
                assertEquals(
                        shape.get(i).bind(sizes), Dim.of(real.shape()[i]), where + " axis " + i);
            }
        }
        if (told.numbers().isPresent()) {
            List<Dim> numbers = told.numbers().get();
            for (int i = 0; i < numbers.size(); ++i) {
                if (numbers.get(i).isKnown()) {
                    assertEquals(numbers.get(i).bind(sizes), Dim.of(real.longs()[i]), where);
                }
            }
        }
    }

    /** A rule that tells nothing would hold, too. */
    @Test
    void fewDimensionsAreUnknown() {
        int known = 0;
        int unknown = 0;
        for (OperatorCase made : CASES) {
            Graph graph = made.graph();
            Map<String, ValueInfo> values = graph.values();
            for (String output : graph.outputs()) {
                for (Dim dim : values.get(output).shape().orElseThrow().dims()) {
                    known += dim.isKnown() ? 1 : 0;
                    unknown += dim.isKnown() ? 0 : 1;
                }
            }
        }
        assertTrue(unknown * 4 < known, unknown + " unknown, " + known + " known");
    }

    private static Map<String, Long> sizes(Graph graph, int size) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (Input input : graph.inputs()) {
            for (Dim dim : input.shape().dims()) {
                if (!dim.isFixed()) {
                    sizes.computeIfAbsent(dim.toString(), name -> (long) size + sizes.size());
                }
            }
        }
        return sizes;
    }

    private static Map<String, Tensor> inputs(Graph graph, Map<String, Long> sizes, int seed) {
        Random random = new Random(seed);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (Input input : graph.inputs()) {
            int[] shape = input.shape().bind(sizes).sizes();
            int count = 1;
            for (int dim : shape) {
                count *= dim;
            }
            inputs.put(input.name(), tensor(input.type(), shape, count, random));
        }
        return inputs;
    }

    private static Tensor tensor(ElementType type, int[] shape, int count, Random random) {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < count; ++i) {
            values.add(random.nextGaussian());
        }
        return switch (type) {
            case FLOAT32 -> {
                float[] floats = new float[count];
                for (int i = 0; i < count; ++i) {
                    floats[i] = values.get(i).floatValue();
                }
                yield Tensor.of(floats, shape);
            }
            case FLOAT64 ->
                    Tensor.of(values.stream().mapToDouble(Double::doubleValue).toArray(), shape);
            default -> Tensor.of(type, random.longs(count, 0, 2).toArray(), shape);
        };
    }
}
