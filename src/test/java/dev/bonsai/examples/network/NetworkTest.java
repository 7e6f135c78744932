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
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.Locale;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class NetworkTest {

    @DataProvider
    public Object[][] networks() {
        // The counts of the literature.
        return new Object[][] {
            {Network.LENET5, 431_080}, {Network.LENET300, 266_610}, {Network.TINY, 20_410},
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
            block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 28, 28));
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
            block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 28, 28));
            NDList images = new NDList(manager.ones(new Shape(3, 1, 28, 28)));
            NDList logits = block.forward(new ParameterStore(manager, false), images, false);
            assertEquals(logits.singletonOrThrow().getShape(), new Shape(3, 10));
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
                e.getMessage(), "There is no network 'resnet'; use one of lenet5, lenet300, tiny");
        assertThrows(IllegalArgumentException.class, () -> Network.parse(null));
    }
}
