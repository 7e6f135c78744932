package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.initializer.Initializer;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.NamedWeight.Role;
import dev.bonsai.file.BonsaiModel;
import java.util.ArrayList;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A file that does not fit a block is refused before memory is taken, with a short message. */
public class HostileModelTest {

    private static final int MAX = Integer.MAX_VALUE;

    private static Block net() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(3).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(2).build());
    }

    /** The weights of {@link #net} for inputs of 4 features. */
    private static List<NamedWeight> weights() {
        return new ArrayList<>(
                List.of(
                        weight("01Linear_weight", 3, 4),
                        weight("01Linear_bias", 3),
                        weight("03Linear_weight", 2, 3),
                        weight("03Linear_bias", 2)));
    }

    private static NamedWeight weight(String path, int... shape) {
        int size = 1;
        for (int dimension : shape) {
            size *= dimension;
        }
        return new NamedWeight(path, Role.WEIGHT, new DenseWeight(shape, new float[size]));
    }

    @DataProvider
    public static Object[][] inputs() {
        return new Object[][] {
            {new int[][] {{1, 60_000_000}}, "the file has 01Linear_weight(3, 4), the block has"},
            {new int[][] {{1, MAX}}, "inputs of at most 67108864 elements"},
            {new int[][] {{MAX, 4}}, "inputs of at most 67108864 elements"},
            {new int[][] {{1, 40_000_000}, {1, 40_000_000}}, "inputs of at most 67108864 elements"},
            {new int[][] {{1, -1}}, "01Linear_weight(3, 4)"},
            {new int[][] {{}}, "can't be initialised with the input shapes of the file, []"},
            {new int[][] {}, "can't be initialised with the input shapes of the file"},
            {new int[][] {{1, 0}}, "01Linear_weight(3, 4)"},
            {new int[][] {new int[1000]}, ""},
            {new int[1000][3], ""},
        };
    }

    @Test(dataProvider = "inputs", timeOut = 20_000)
    public void inputShapesThatDoNotFitAreRefused(int[][] inputs, String message) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = net();
            Parameter first = block.getParameters().get(0).getValue();
            Initializer own = first.getInitializer();
            CompressedModel model = model(weights(), inputs);
            IllegalArgumentException e =
                    expectThrows(
                            IllegalArgumentException.class, () -> model.applyTo(block, manager));
            assertTrue(e.getMessage().contains(message), e.getMessage());
            assertTrue(e.getMessage().length() < 600, e.getMessage());
            assertFalse(block.isInitialized());
            assertEquals(manager.getManagedArrays().size(), 0);
            assertSame(first.getInitializer(), own);
            model(weights(), new int[][] {{1, 4}}).applyTo(block, manager);
            assertTrue(block.isInitialized());
        }
    }

    @Test
    public void manyDifferencesAreCountedAndTheFirstNamed() {
        List<NamedWeight> many = weights();
        for (int i = 0; i < 5_000; ++i) {
            many.add(weight("p".repeat(500) + i, 1));
        }
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = net();
            block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
            CompressedModel model = model(many, new int[0][]);
            IllegalArgumentException e =
                    expectThrows(
                            IllegalArgumentException.class, () -> model.applyTo(block, manager));
            assertTrue(e.getMessage().contains("5000 of 5004 parameters differ"), e.getMessage());
            assertTrue(e.getMessage().contains("the block has nothing"), e.getMessage());
            assertTrue(e.getMessage().length() < 900, e.getMessage());
        }
    }

    private static CompressedModel model(List<NamedWeight> weights, int[][] inputs) {
        return new CompressedModel(new BonsaiModel(weights, List.of(inputs)));
    }
}
