package dev.bonsai.rewrite;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.rewrite.Simplifier.Mode;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** What holds for every rewrite. */
final class Law {

    /** Rewrites change the order of float operations, here of a few dozen of them. */
    private static final double TOLERANCE = 1e-5;

    private Law() {}

    /** Simplifies, and checks that nothing is computed otherwise and that once is enough. */
    static GraphModel simplified(Graph graph, Map<String, EncodedWeight> weights, Mode mode) {
        GraphModel simplified = Simplifier.simplify(new GraphModel(graph, weights), mode);
        assertEquals(simplified.graph().inputs(), graph.inputs());
        assertEquals(simplified.graph().outputs(), graph.outputs());
        assertTrue(
                simplified.graph().nodes().size() <= graph.nodes().size(),
                simplified.graph().toString());
        assertSameOutputs(graph, weights, simplified);
        GraphModel again = Simplifier.simplify(simplified, mode);
        assertEquals(again.graph().toString(), simplified.graph().toString());
        assertEquals(again, simplified);
        return simplified;
    }

    private static void assertSameOutputs(
            Graph graph, Map<String, EncodedWeight> weights, GraphModel simplified) {
        PlainModel before = PlainModel.of(new GraphModel(graph, weights));
        PlainModel after = PlainModel.of(simplified);
        for (int size : new int[] {1, 2, 5}) {
            Map<String, Tensor> inputs = inputs(graph, size);
            Map<String, Tensor> expected = before.run(inputs);
            Map<String, Tensor> actual = after.run(inputs);
            for (String output : graph.outputs()) {
                assertClose(actual.get(output), expected.get(output), simplified.graph());
            }
        }
    }

    private static void assertClose(Tensor actual, Tensor expected, Graph graph) {
        assertEquals(actual.type(), expected.type(), graph.toString());
        assertEquals(actual.shape(), expected.shape(), graph.toString());
        if (expected.type() != ElementType.FLOAT32) {
            assertEquals(actual, expected, graph.toString());
            return;
        }
        double largest = 1e-3;
        for (float value : expected.floats()) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.size(); ++i) {
            assertEquals(
                    actual.floats()[i],
                    expected.floats()[i],
                    TOLERANCE * largest,
                    i + " of " + graph);
        }
    }

    /** Seeded inputs; each free dimension has another size. */
    static Map<String, Tensor> inputs(Graph graph, int size) {
        Random random = new Random(size);
        Map<String, Integer> sizes = new LinkedHashMap<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Input input : graph.inputs()) {
            int[] shape = new int[input.shape().rank()];
            int count = 1;
            for (int i = 0; i < shape.length; ++i) {
                Dim dim = input.shape().get(i);
                shape[i] =
                        dim.isFixed()
                                ? (int) dim.size()
                                : sizes.computeIfAbsent(
                                        dim.toString(), name -> size + sizes.size());
                count *= shape[i];
            }
            tensors.put(input.name(), tensor(input.type(), shape, count, random));
        }
        return tensors;
    }

    private static Tensor tensor(ElementType type, int[] shape, int count, Random random) {
        if (type == ElementType.FLOAT32) {
            float[] values = new float[count];
            for (int i = 0; i < count; ++i) {
                values[i] = (float) random.nextGaussian() * 3;
            }
            return Tensor.of(values, shape);
        }
        return Tensor.of(type, random.longs(count, 0, 2).toArray(), shape);
    }

    /** How often each operator stands in a graph. */
    static Map<String, Integer> counts(Graph graph) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Node node : graph.nodes()) {
            counts.merge(node.operator().onnxName(), 1, Integer::sum);
        }
        return counts;
    }

    static List<String> operators(Graph graph) {
        return graph.nodes().stream().map(node -> node.operator().onnxName()).toList();
    }
}
