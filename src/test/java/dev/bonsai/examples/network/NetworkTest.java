package dev.bonsai.examples.network;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotSame;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import dev.bonsai.trace.Tracer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class NetworkTest {

    @DataProvider
    public Object[][] networks() {
        // The counts of the literature.
        return new Object[][] {
            {Network.LENET5, 431_080},
            {Network.LENET300, 266_610},
            {Network.TINY, 20_410},
            {Network.NANO, 997},
            {Network.RESNET8, 78_666},
        };
    }

    @Test
    public void everyNetworkIsCounted() {
        assertEquals(
                Arrays.stream(networks()).map(row -> row[0]).toArray(),
                Network.values(),
                "networks of the provider");
    }

    @Test(dataProvider = "networks")
    public void theParametersAreAsManyAsInTheLiterature(Network network, long parameters) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = network.newBlock();
            block.initialize(manager, DataType.FLOAT32, network.input().shape(1));
            long count =
                    block.getParameters().values().stream()
                            .mapToLong(p -> p.getArray().size())
                            .sum();
            assertEquals(count, parameters);
            assertEquals(network.parameters(), parameters);
        }
    }

    @Test(dataProvider = "networks")
    public void anImageBecomesTenLogits(Network network, long parameters) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = network.newBlock();
            block.initialize(manager, DataType.FLOAT32, network.input().shape(1));
            NDList images = new NDList(manager.ones(network.input().shape(3)));
            NDList logits = block.forward(new ParameterStore(manager, false), images, false);
            assertEquals(logits.singletonOrThrow().getShape(), new Shape(3, 10));
        }
    }

    @Test(dataProvider = "networks")
    public void theGraphOfANetworkComputesWhatItsBlockDoes(Network network, long parameters) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = network.newBlock();
            block.setInitializer(
                    (m, shape, type) -> m.randomUniform(0.5f, 2, shape, type),
                    Parameter.Type.RUNNING_VAR);
            block.initialize(manager, DataType.FLOAT32, network.input().shape(1));
            NDList images = new NDList(manager.randomUniform(-1, 1, network.input().shape(3)));
            GraphModel model = Tracer.trace(block, images);
            NDList logits = block.forward(new ParameterStore(manager, false), images, false);
            Tensor input =
                    Tensor.of(
                            images.head().toFloatArray(),
                            Arrays.stream(images.head().getShape().getShape())
                                    .mapToInt(Math::toIntExact)
                                    .toArray());
            float[] computed = PlainModel.of(model).run(input).get(0).floats();
            float[] expected = logits.singletonOrThrow().toFloatArray();
            assertEquals(computed.length, 30);
            for (int i = 0; i < computed.length; ++i) {
                // sums of up to 800 products of some 0.1, in another order
                assertEquals(computed[i], expected[i], 1e-4f, "logit " + i);
            }
            assertEquals(
                    model.weights().keySet(),
                    Set.copyOf(block.getParameters().keys()),
                    "every parameter is in the graph");
        }
    }

    /** Those that the benchmark's network has: convolutions of 3x3, and of 1x1 beside them. */
    @Test
    public void theResidualNetworkHasItsKernels() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = Network.RESNET8.newBlock();
            block.initialize(manager, DataType.FLOAT32, Network.RESNET8.input().shape(1));
            List<Shape> kernels =
                    block.getParameters().values().stream()
                            .filter(p -> p.getType() == Parameter.Type.WEIGHT)
                            .map(p -> p.getArray().getShape())
                            .toList();
            assertEquals(
                    kernels,
                    List.of(
                            new Shape(16, 3, 3, 3),
                            new Shape(16, 16, 3, 3),
                            new Shape(16, 16, 3, 3),
                            new Shape(32, 16, 3, 3),
                            new Shape(32, 32, 3, 3),
                            new Shape(32, 16, 1, 1),
                            new Shape(64, 32, 3, 3),
                            new Shape(64, 64, 3, 3),
                            new Shape(64, 32, 1, 1),
                            new Shape(10, 64)));
        }
    }

    @Test(dataProvider = "networks")
    public void eachCallMakesANewBlock(Network network, long parameters) {
        assertNotSame(network.newBlock(), network.newBlock());
    }

    @Test(dataProvider = "networks")
    public void aNameIsFoundInEitherCase(Network network, long parameters) {
        assertSame(Network.parse(network.id()), network);
        assertSame(Network.parse(network.id().toUpperCase(Locale.ROOT)), network);
    }

    @Test
    public void anUnknownNameIsAnsweredWithTheKnownOnes() {
        IllegalArgumentException e =
                expectThrows(IllegalArgumentException.class, () -> Network.parse("resnet"));
        assertEquals(
                e.getMessage(),
                "There is no network 'resnet'; use one of lenet5, lenet300, tiny, nano, resnet8");
        assertThrows(IllegalArgumentException.class, () -> Network.parse(null));
    }
}
