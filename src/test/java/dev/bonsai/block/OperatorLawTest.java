package dev.bonsai.block;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Schema;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What holds for every operator, whatever its options are. */
public class OperatorLawTest extends ManagerTestBase {

    private static final double STEP = 1e-5;

    private static Stream<OperatorCase> all() {
        return Stream.of(
                        ElementCases.all(),
                        WindowCases.all(),
                        ShapeCases.all(),
                        RecurrentCases.all())
                .flatMap(List::stream);
    }

    @DataProvider
    Iterator<Object[]> cases() {
        return all().map(c -> new Object[] {c}).iterator();
    }

    @Test
    void everyOperatorHasAKernelAndACase() {
        Set<String> cased = new HashSet<>();
        all().forEach(c -> cased.add(c.operator().onnxName()));
        for (Schema schema : Operators.all()) {
            Attributes needed =
                    switch (schema.name()) {
                        case "Concat" -> Attributes.NONE.with("axis", 0);
                        case "Cast" -> Attributes.NONE.with("to", 1);
                        case "LSTM", "GRU" -> Attributes.NONE.with("hidden_size", 1);
                        case "MaxPool", "AveragePool" ->
                                Attributes.NONE.with("kernel_shape", List.of(2));
                        default -> Attributes.NONE;
                    };
            Kernels.of(schema.create(needed)); // throws if there is none
            assertTrue(cased.contains(schema.name()), schema.name());
        }
    }

    private GraphBlock block(OperatorCase tried, ElementType type) {
        GraphBlock block = GraphBlock.of(new GraphModel(tried.graph(type), tried.values(type)));
        block.initialize(manager);
        return block;
    }

    private NDList run(GraphBlock block) {
        return block.forward(new ParameterStore(manager, false), new NDList(), false);
    }

    /** Plain Java computes the same; sums of some dozens of products are rounded differently. */
    @Test(dataProvider = "cases")
    void resultsAreThoseOfThePlainRuntime(OperatorCase tried) {
        List<Tensor> expected =
                PlainModel.of(
                                new GraphModel(
                                        tried.graph(ElementType.FLOAT32),
                                        tried.values(ElementType.FLOAT32)))
                        .run();
        NDList found = run(block(tried, ElementType.FLOAT32));
        assertEquals(found.size(), expected.size());
        for (int i = 0; i < found.size(); ++i) {
            assertEquals(Tensors.elementType(found.get(i)), expected.get(i).type());
            assertEquals(Tensors.dimensions(found.get(i).getShape()), expected.get(i).shape());
            float[] floats = found.get(i).toType(DataType.FLOAT32, false).toFloatArray();
            assertEquals(floats, expected.get(i).encode().decode(), 1e-5f, "result " + i);
        }
    }

    /** Returns the sum of the results, each element times a number of its own. */
    private static NDArray objective(NDList outputs) {
        NDArray sum = null;
        for (NDArray output : outputs) {
            if (output.getDataType() == DataType.FLOAT64 && output.size() > 0) {
                float[] factors = new float[(int) output.size()];
                Random random = new Random(23);
                for (int i = 0; i < factors.length; ++i) {
                    factors[i] = random.nextFloat() - 0.5f;
                }
                NDArray weights =
                        Tensors.constant(output.getManager(), factors, output.getShape())
                                .toType(DataType.FLOAT64, true);
                NDArray part = output.mul(weights).sum();
                sum = sum == null ? part : sum.add(part);
            }
        }
        return sum;
    }

    /** The gradient is the slope along any direction, which three points of it tell. */
    @Test(dataProvider = "cases")
    void gradientsAreThoseOfTheOperator(OperatorCase tried) {
        GraphBlock block = block(tried, ElementType.FLOAT64);
        List<Parameter> parameters = block.getParameters().values();
        NDArray first = objective(run(block));
        if (parameters.isEmpty() || first == null) {
            return; // nothing is of floats
        }
        List<double[]> gradients = new ArrayList<>();
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray value = objective(run(block));
            collector.backward(value);
            for (Parameter parameter : parameters) {
                gradients.add(
                        parameter.requiresGradient()
                                ? parameter.getArray().getGradient().toDoubleArray()
                                : new double[0]);
            }
        }
        for (int i = 0; i < parameters.size(); ++i) {
            if (gradients.get(i).length > 0) {
                check(block, parameters.get(i), gradients.get(i), i);
            }
        }
    }

    private void check(GraphBlock block, Parameter parameter, double[] gradient, int seed) {
        double[] values = parameter.getArray().toDoubleArray();
        double[] direction = new Random(seed).doubles(values.length, -1, 1).toArray();
        double slope = 0;
        for (int i = 0; i < values.length; ++i) {
            slope += gradient[i] * direction[i];
        }
        double above = objective(block, parameter, values, direction, STEP);
        double below = objective(block, parameter, values, direction, -STEP);
        objective(block, parameter, values, direction, 0); // as it was
        // third derivatives times STEP^2, and the rounding of 1e-16 / STEP
        assertEquals(slope, (above - below) / (2 * STEP), 1e-7 * (1 + Math.abs(slope)));
    }

    private double objective(
            GraphBlock block,
            Parameter parameter,
            double[] values,
            double[] direction,
            double step) {
        double[] moved = new double[values.length];
        Arrays.setAll(moved, i -> values[i] + step * direction[i]);
        NDArray array = parameter.getArray();
        try (NDArray other = manager.create(moved, array.getShape())) {
            Tensors.overwrite(array, other);
        }
        return objective(run(block)).toDoubleArray()[0];
    }

    @Test(dataProvider = "cases")
    void nothingIsLeftInAnyManager(OperatorCase tried) {
        GraphBlock block = block(tried, ElementType.FLOAT32);
        try (NDManager pass = manager.newSubManager()) {
            NDArray any = pass.zeros(new ai.djl.ndarray.types.Shape(1));
            ParameterStore store = new ParameterStore(pass, false);
            block.forward(store, new NDList(), false).close();
            int inModel = arrays(manager);
            int inPass = arrays(pass);
            int constants = block.constants(any);
            for (boolean training : new boolean[] {false, true}) {
                block.forward(store, new NDList(), training).close();
                assertEquals(arrays(manager), inModel);
                assertEquals(arrays(pass), inPass);
                assertTrue(block.constants(any) <= constants + 1, "one for training at most");
            }
        }
    }

    private static int arrays(NDManager manager) {
        return ((BaseNDManager) manager).getManagedArrays().size();
    }

    /** All forward passes, then a collection whose memory is written over, then all gradients. */
    @Test
    void gradientsAreTheSameWhenMemoryIsFreedAndTakenAgain() {
        Map<Boolean, List<double[]>> gradients =
                Map.of(false, gradients(false), true, gradients(true));
        List<double[]> quiet = gradients.get(false);
        List<double[]> disturbed = gradients.get(true);
        assertEquals(disturbed.size(), quiet.size());
        assertTrue(quiet.size() > 500, quiet.size() + " gradients");
        for (int i = 0; i < quiet.size(); ++i) {
            assertEquals(disturbed.get(i), quiet.get(i), "gradient " + i);
        }
    }

    private List<double[]> gradients(boolean disturbed) {
        List<NDArray> values = new ArrayList<>();
        List<Parameter> parameters = new ArrayList<>();
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            all().forEach(
                            tried -> {
                                GraphBlock block = block(tried, ElementType.FLOAT64);
                                NDArray value = objective(run(block));
                                if (value != null) {
                                    values.add(value);
                                    block.getParameters().values().stream()
                                            .filter(Parameter::requiresGradient)
                                            .forEach(parameters::add);
                                }
                            });
            if (disturbed) {
                reuseFreedMemory();
            }
            values.forEach(collector::backward);
            return parameters.stream()
                    .map(p -> p.getArray().getGradient().toDoubleArray())
                    .toList();
        }
    }

    private static void reuseFreedMemory() {
        System.gc();
        List<ByteBuffer> taken = new ArrayList<>();
        for (int size = 4; size <= 1 << 14; size *= 2) {
            for (int i = 0; i < 256; ++i) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(size);
                while (buffer.hasRemaining()) {
                    buffer.put((byte) 0x7f);
                }
                taken.add(buffer);
            }
        }
        assertTrue(taken.size() > 0);
    }
}
