package dev.bonsai.quantization;

import static dev.bonsai.quantization.Fixtures.apply;
import static dev.bonsai.quantization.Fixtures.normals;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.Effect;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.Levels;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.FloatFormat;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class ReducedFloatsTest {

    @DataProvider
    Object[][] formats() {
        return new Object[][] {
            {FloatFormat.FLOAT16, 0x1p-11f, 0x1p-24f}, {FloatFormat.BFLOAT16, 0x1p-8f, 0x1p-133f}
        };
    }

    private static WeightTransform transform(FloatFormat format, NDManager state, Shape shape) {
        FakeProposal proposal = new FakeProposal(state);
        TargetWeight weight = proposal.add("bias", shape, new float[(int) shape.size()]);
        return ReducedFloats.builder().setFormat(format).build().propose(1, proposal).get(weight);
    }

    @Test(dataProvider = "formats")
    void fulfilsTheContract(FloatFormat format, float relative, float least) {
        for (Shape shape : new Shape[] {new Shape(6, 10), new Shape(7), new Shape(2, 3, 2, 2)}) {
            float[] values = normals(shape, 1);
            values[0] = 1e30f;
            values[1] = -1e-9f;
            try (NDManager state = NDManager.newBaseManager()) {
                WeightTransform transform = transform(format, state, shape);
                WeightTransformContract.of(transform, state, shape, values)
                        .restoredBy(ReducedFloats.builder().setFormat(format).build())
                        .check();
            }
        }
    }

    @Test(dataProvider = "formats")
    void theErrorIsWithinTheBoundOfTheFormat(FloatFormat format, float relative, float least) {
        Random random = new Random(3);
        float[] values = new float[10_000];
        for (int i = 0; i < values.length; ++i) {
            values[i] = (float) Math.scalb(random.nextGaussian(), random.nextInt(-30, 10));
        }
        Shape shape = new Shape(values.length);
        try (NDManager state = NDManager.newBaseManager()) {
            float[] rounded = apply(transform(format, state, shape), Mode.INFERENCE, shape, values);
            for (int i = 0; i < values.length; ++i) {
                // Half the last place, or half the least subnormal.
                double bound = Math.max(Math.abs(values[i]) * relative, least / 2);
                assertTrue(Math.abs((double) rounded[i] - values[i]) <= bound, "" + values[i]);
            }
        }
    }

    /** The engine's own conversion is the yardstick; DJL has none to bfloat16. */
    @Test
    void float16IsWhatTheEngineMakesOfIt() {
        Random random = new Random(5);
        float[] values = new float[1 << 18];
        for (int i = 0; i < values.length; ++i) {
            int bits =
                    i < 1 << 16
                            ? Float.floatToRawIntBits(FloatFormat.FLOAT16.fromBits(i))
                            : random.nextInt();
            float value = Float.intBitsToFloat(bits + (i % 3 - 1) * 0x1000); // near and at ties
            // 65,520 and beyond is infinite there
            values[i] = Math.abs(value) < 65520 ? value : random.nextFloat();
        }
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray half = manager.create(values).toType(DataType.FLOAT16, false);
            float[] expected = half.toType(DataType.FLOAT32, false).toFloatArray();
            for (int i = 0; i < values.length; ++i) {
                assertEquals(
                        Float.floatToRawIntBits(FloatFormat.FLOAT16.round(values[i])),
                        Float.floatToRawIntBits(expected[i] + 0f),
                        "of " + values[i]);
            }
        }
    }

    @Test(dataProvider = "formats")
    void isStoredIn16Bits(FloatFormat format, float relative, float least) {
        Shape shape = new Shape(5);
        try (NDManager state = NDManager.newBaseManager()) {
            DenseWeight weight = new DenseWeight(new int[] {5}, normals(shape, 2));
            DenseWeight stored =
                    (DenseWeight) transform(format, state, shape).encode(weight, state);
            assertEquals(stored.format(), format);
            assertEquals(stored.bits(), 16);
        }
    }

    @Test
    void isOneStepOnValues() {
        WeightSelector selector = WeightSelector.builder().include("bias").build();
        ReducedFloats technique =
                ReducedFloats.builder()
                        .setFormat(FloatFormat.BFLOAT16)
                        .optSelector(selector)
                        .build();
        Levels levels = technique.getLevels();
        assertEquals(levels.format(levels.target()), "bfloat16");
        assertTrue(levels.next(levels.target()).isEmpty());
        assertEquals(technique.getEffect(), Effect.VALUES);
        assertEquals(technique.getSelector(), selector);
        assertEquals(technique.getName(), "reduced floats");
        try (NDManager manager = NDManager.newBaseManager()) {
            FakeProposal proposal = new FakeProposal(manager);
            proposal.add("bias", new Shape(2), 1, 2);
            assertTrue(technique.propose(levels.start(), proposal).isEmpty());
        }
    }

    @Test
    void aWrongConfigurationIsNamed() {
        assertMessage("but got FLOAT32: use", b -> b.setFormat(FloatFormat.FLOAT32));
        assertMessage("but got none: call setFormat", ReducedFloats.Builder::build);
    }

    private static void assertMessage(
            String part, java.util.function.Consumer<ReducedFloats.Builder> call) {
        String message =
                expectThrows(
                                IllegalArgumentException.class,
                                () -> call.accept(ReducedFloats.builder()))
                        .getMessage();
        assertTrue(message.contains(part), message);
    }
}
