package dev.bonsai.lowbit;

import static dev.bonsai.lowbit.Weights.apply;
import static dev.bonsai.lowbit.Weights.effective;
import static dev.bonsai.lowbit.Weights.normals;
import static dev.bonsai.lowbit.Weights.transform;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import dev.bonsai.core.Effect;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.WeightError;
import java.util.Arrays;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class TernarizationTest {

    private static final Ternarization TRAINED =
            Ternarization.builder().optScale(TernaryScale.TRAINED).build();

    @Test
    void whatIsBelowSevenTenthsOfTheMeanIsZeroAndTheRestHasItsOwnMean() {
        Shape shape = new Shape(2, 5);
        // means 2.5 and 0.25: thresholds 1.75 and 0.175
        float[] values = {1, 2, 3, -4, 0, 0.1f, -0.2f, 0.3f, -0.4f, 0};
        assertEquals(
                effective(Ternarization.builder().build(), shape, values),
                new float[] {0, 3, 3, -3, 0, 0, -0.3f, 0.3f, -0.3f, 0},
                0x1p-25f); // half an ulp of 0.3: the mean of the rounded 0.2f, 0.3f, 0.4f
        // over all the mean is 1.375, the threshold 0.9625
        assertEquals(
                effective(
                        Ternarization.builder().optScale(TernaryScale.PER_TENSOR).build(),
                        shape,
                        values),
                new float[] {2.5f, 2.5f, 2.5f, -2.5f, 0, 0, 0, 0, 0, 0},
                0f); // small multiples of a half are exact
    }

    @Test
    void zerosBesideAWeightChangeNothing() {
        float[] values = normals(new Shape(1, 40), 4);
        float[] alone = effective(Ternarization.builder().build(), new Shape(1, 40), values);
        float[] beside =
                effective(
                        Ternarization.builder().build(),
                        new Shape(1, 400),
                        Arrays.copyOf(values, 400));
        // The sums are taken in another order, in 64 bits, and rounded to 32.
        assertEquals(Arrays.copyOf(beside, 40), alone, Math.ulp(0.2f));
    }

    @Test
    void theThresholdIsNearlyTheBestForNormalWeights() {
        Shape shape = new Shape(1, 20_000);
        float[] values = normals(shape, 1);
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 20; ++i) {
            least = Math.min(least, error(i / 20f, shape, values));
        }
        // The paper: 0.6 of the deviation, which is 0.75 of the mean, is the best for normals; the
        // error is flat there.
        assertTrue(error(0.7f, shape, values) < 1.02 * least);
        assertTrue(error(0, shape, values) > 1.5 * least, "binary is much worse");
    }

    private static double error(float factor, Shape shape, float[] values) {
        Ternarization ternary = Ternarization.builder().optThresholdFactor(factor).build();
        return WeightError.of(values, effective(ternary, shape, values)).mse();
    }

    @Test
    void trainedScalesStartAsTheMeansOnEitherSide() {
        // thresholds 0.05 * 4 and 0.05 * 20
        float[] values = {4, 2, 0.1f, 0, -20, -10, -0.9f, -0.5f};
        assertEquals(
                effective(TRAINED, new Shape(2, 4), values),
                new float[] {3, 3, 0, 0, -15, -15, 0, 0},
                0f); // small integers are exact
        assertEquals(
                effective(TRAINED, new Shape(1, 3), -1, -3, -2),
                new float[] {-2, -2, -2},
                0f); // small integers are exact
    }

    @Test
    void trainedScalesGetTheGradientsOfTheirElements() {
        Shape shape = new Shape(2, 3);
        float[] values = {4, 2, 0.01f, -20, -10, -0.01f};
        try (NDManager state = NDManager.newBaseManager();
                NDManager scratch = NDManager.newBaseManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            WeightTransform transform = transform(TRAINED, 1, state, shape, values);
            NDArray upstream = scratch.create(new float[] {1, 2, 4, 8, 16, 32}, shape);
            NDArray effective =
                    transform.apply(
                            scratch.create(values, shape),
                            WeightTransformContract.pass(Mode.TRAINING));
            collector.backward(effective.mul(upstream).sum());
            // The derivative of first * exp(growth) is the scale: 3 * (1 + 2), -15 * (8 + 16).
            List<Parameter> scales = transform.getParameters();
            assertEquals(scales.get(0).getArray().getGradient().toFloatArray(), new float[] {9});
            assertEquals(scales.get(1).getArray().getGradient().toFloatArray(), new float[] {-360});
        }
    }

    @DataProvider
    Object[][] vanishing() {
        return new Object[][] {{true, false}, {false, true}, {true, true}};
    }

    /** A size that training has taken below the least float is a zero like any other. */
    @Test(dataProvider = "vanishing")
    void sizeThatVanishesIsStoredAsItRuns(boolean up, boolean down) {
        Shape shape = new Shape(1, 4);
        float[] values = {4, -4, 0.01f, 2};
        try (NDManager state = NDManager.newBaseManager();
                NDManager scratch = NDManager.newBaseManager()) {
            WeightTransform transform = transform(TRAINED, 1, state, shape, values);
            List<Parameter> growths = transform.getParameters();
            if (up) {
                Tensors.overwrite(growths.get(0).getArray(), scratch.full(new Shape(1), -200f));
            }
            if (down) {
                Tensors.overwrite(growths.get(1).getArray(), scratch.full(new Shape(1), -200f));
            }
            float[] ran =
                    transform
                            .apply(
                                    scratch.create(values, shape),
                                    WeightTransformContract.pass(Mode.INFERENCE))
                            .toFloatArray();
            EncodedWeight stored =
                    transform.encode(new DenseWeight(new int[] {1, 4}, values), scratch);
            assertEquals(stored.decode(), ran);
            assertEquals(ran[0] == 0, up);
            assertEquals(ran[1] == 0, down);
        }
    }

    @Test
    void theNextStateTakesTrainedScalesOverAndLeavesThePresentOnesAlone() {
        try (NDManager state = NDManager.newBaseManager()) {
            Shape shape = new Shape(2, 2);
            float[] values = {3, -1, 3, -1};
            FakeProposal proposal = new FakeProposal(state);
            TargetWeight weight = proposal.add("weight", shape, values);
            var half = TRAINED.propose(0.5, proposal);
            proposal.accept(half);
            Parameter present = half.get(weight).getParameters().get(0);
            set(present, (float) Math.log(2));
            WeightTransform all = TRAINED.propose(1, proposal).get(weight);
            assertEquals(
                    apply(all, Mode.INFERENCE, shape, values),
                    new float[] {6, -1, 6, -1},
                    0x1p-21f); // an ulp for the logarithm and one for the exponential
            set(all.getParameters().get(0), 0);
            assertEquals(present.getArray().toFloatArray()[0], (float) Math.log(2), 0f); // a copy
        }
    }

    private static void set(Parameter parameter, float value) {
        try (NDArray alias = parameter.getArray().stopGradient()) {
            alias.set(new NDIndex(":"), value);
        }
    }

    @Test
    void sizesAreLostBehindIt() {
        assertEquals(Ternarization.builder().build().getEffect(), Effect.SIGNS);
    }

    @Test
    void aThresholdThatTernaryWeightsWouldNotPassIsRefused() {
        for (float factor : new float[] {-0.1f, 1, Float.NaN}) {
            String message =
                    expectThrows(
                                    IllegalArgumentException.class,
                                    () -> Ternarization.builder().optThresholdFactor(factor))
                            .getMessage();
            assertTrue(message.contains("[0, 0.99]") && message.contains("but got " + factor));
        }
    }
}
