package dev.bonsai.trace;

import static org.testng.Assert.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.training.initializer.XavierInitializer;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What several tests of traces need. */
final class Traces {

    private Traces() {}

    /** Initialises a block, running statistics with numbers that do something. */
    static Block ready(Block block, NDManager manager, NDList inputs) {
        block.setInitializer(new XavierInitializer(), Parameter.Type.WEIGHT); // values of one size
        block.setInitializer(new NormalInitializer(0.3f), Parameter.Type.BIAS);
        block.setInitializer(new NormalInitializer(0.3f), Parameter.Type.BETA);
        block.setInitializer(new NormalInitializer(0.3f), Parameter.Type.RUNNING_MEAN);
        block.setInitializer(
                (m, shape, type) -> m.randomUniform(0.5f, 2, shape, type),
                Parameter.Type.RUNNING_VAR);
        block.setInitializer(
                (m, shape, type) -> m.randomUniform(0.5f, 2, shape, type), Parameter.Type.GAMMA);
        block.initialize(manager, DataType.FLOAT32, inputs.getShapes());
        return block;
    }

    static NDList random(NDManager manager, Shape... shapes) {
        NDList inputs = new NDList();
        for (Shape shape : shapes) {
            inputs.add(manager.randomUniform(-1, 1, shape));
        }
        return inputs;
    }

    /** Returns copies of the values of all parameters. */
    static Map<String, List<Number>> parameters(Block block) {
        Map<String, List<Number>> values = new LinkedHashMap<>();
        block.getParameters()
                .forEach(
                        pair ->
                                values.put(
                                        pair.getKey(),
                                        List.of(pair.getValue().getArray().toArray())));
        return values;
    }

    /** Compares the plain runtime, which shares no code with the engine, with the block. */
    static void assertRuntimeAgrees(GraphModel model, Block block, NDList inputs) {
        Tensor[] tensors =
                inputs.stream()
                        .map(Traces::tensor)
                        .toArray(Tensor[]::new); // a block may change its inputs
        NDList expected =
                block.forward(
                        new ParameterStore(inputs.getManager(), false),
                        new NDList(inputs), // a recurrent block adds its first states
                        false);
        List<Tensor> actual = PlainModel.of(model).run(tensors);
        assertEquals(actual.size(), expected.size());
        for (int i = 0; i < actual.size(); ++i) {
            float[] one = expected.get(i).toType(DataType.FLOAT32, false).toFloatArray();
            float[] other = actual.get(i).encode().decode();
            assertEquals(
                    Arrays.stream(actual.get(i).shape()).asLongStream().toArray(),
                    expected.get(i).getShape().getShape());
            float largest = 0;
            float difference = 0;
            for (int k = 0; k < one.length; ++k) {
                largest = Math.max(largest, Math.abs(one[k]));
                difference = Math.max(difference, Math.abs(one[k] - other[k]));
            }
            // sums of floats in another order
            assertEquals(difference, 0, 1e-4 * largest, "of " + largest);
        }
    }

    private static Tensor tensor(NDArray array) {
        int[] shape =
                Arrays.stream(array.getShape().getShape()).mapToInt(Math::toIntExact).toArray();
        return array.getDataType() == DataType.FLOAT32
                ? Tensor.of(array.toFloatArray(), shape)
                : Tensor.of(array.toLongArray(), shape);
    }
}
