package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import dev.bonsai.gate.Gate;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.quantization.Quantization;
import java.util.Arrays;
import java.util.Map;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;

/** What tests on the toy problem share: a fresh one for each method, and short builders. */
public abstract class ToyTestBase {

    protected Toy toy;

    @BeforeMethod
    public void setUpToy() {
        toy = new Toy();
    }

    @AfterMethod
    public void tearDownToy() {
        toy.close();
    }

    public static Pruning pruning(float sparsity, int steps) {
        return Pruning.builder()
                .setTargetSparsity(sparsity)
                .optSchedule(SparsitySchedule.cubic(steps))
                .build();
    }

    public static Quantization quantization(int bits) {
        return Quantization.builder().setBits(bits).build();
    }

    /** A net with a weight that it never asks the store for. */
    public static Block mute() {
        return new SequentialBlock()
                .add(Toy.mlp())
                .add(new FunctionBlock((x, values) -> x).add("mute", 4, 4));
    }

    /** A gate that lets everything pass that is not NaN. */
    public Gate open() {
        return toy.gate().optMaxDrop(1).build();
    }

    /** A listener that prunes half of the weights in one step, from the first batch on. */
    public CompressionListener halving() {
        return listener().addTechnique(pruning(0.5f, 1)).build();
    }

    /** A listener that prunes half and goes to 4 bits, from the first batch on. */
    public CompressionListener halvingTo4Bits() {
        return listener().addTechnique(pruning(0.5f, 1)).addTechnique(quantization(4)).build();
    }

    private CompressionListener.Builder listener() {
        return CompressionListener.builder().optGate(open()).optWarmup(0);
    }

    public static void assertSameBits(Map<String, float[]> actual, Map<String, float[]> expected) {
        assertEquals(actual.keySet(), expected.keySet());
        expected.forEach(
                (path, values) -> assertTrue(Arrays.equals(actual.get(path), values), path));
    }
}
