package dev.bonsai.examples.network;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import org.testng.annotations.Test;

public class FoldedNormsTest {

    private static final Shape INPUT = Network.NANO.input().shape(1);

    @Test
    public void aBlockWithoutNormsComputesWhatTheOneWithThemDoes() {
        try (NDManager manager = NDManager.newBaseManager()) {
            manager.getEngine().setRandomSeed(7);
            Block trained = normed(manager);
            Block plain = Network.NANO.newBlock();
            FoldedNorms.copy(trained, plain, manager, INPUT);
            NDArray images = manager.randomNormal(Network.NANO.input().shape(20));
            NDArray expected = answer(trained, images, manager);
            NDArray found = answer(plain, images, manager);
            assertTrue(expected.abs().max().getFloat() > 0.1f, "the network answers");
            float apart = expected.sub(found).abs().max().getFloat();
            assertTrue(apart <= 1e-5f * expected.abs().max().getFloat(), apart + " apart");
        }
    }

    @Test
    public void nothingOfTheTrainedBlockIsShared() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block trained = normed(manager);
            Block plain = Network.NANO.newBlock();
            FoldedNorms.copy(trained, plain, manager, INPUT);
            NDArray images = manager.randomNormal(Network.NANO.input().shape(3));
            NDArray before = answer(plain, images, manager);
            for (Parameter parameter : trained.getParameters().values()) {
                parameter.getArray().subi(parameter.getArray());
            }
            assertEquals(answer(plain, images, manager), before);
        }
    }

    @Test
    public void anotherBlockIsRefused() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block trained = normed(manager);
            IllegalArgumentException e =
                    expectThrows(
                            IllegalArgumentException.class,
                            () ->
                                    FoldedNorms.copy(
                                            trained, Network.TINY.newBlock(), manager, INPUT));
            assertTrue(e.getMessage().contains("(7, 1, 3, 3)"), e.getMessage());
        }
    }

    /** One whose norms have seen something: each of their four parameters counts. */
    private static Block normed(NDManager manager) {
        Block block = Network.NANO.newBlockWithNorms().orElseThrow();
        for (Parameter.Type type :
                new Parameter.Type[] {
                    Parameter.Type.RUNNING_VAR,
                    Parameter.Type.RUNNING_MEAN,
                    Parameter.Type.GAMMA,
                    Parameter.Type.BETA
                }) {
            block.setInitializer((m, shape, t) -> m.randomUniform(0.5f, 2, shape, t), type);
        }
        block.initialize(manager, DataType.FLOAT32, INPUT);
        return block;
    }

    private static NDArray answer(Block block, NDArray images, NDManager manager) {
        ParameterStore store = new ParameterStore(manager, false);
        return block.forward(store, new NDList(images), false).singletonOrThrow();
    }
}
