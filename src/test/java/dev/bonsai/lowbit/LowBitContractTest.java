package dev.bonsai.lowbit;

import static dev.bonsai.lowbit.Weights.normals;
import static dev.bonsai.lowbit.Weights.transform;
import static org.testng.Assert.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import java.util.ArrayList;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The contract of transforms, bit for bit, for every variant at every kind of level. */
public class LowBitContractTest {

    private static final List<Shape> SHAPES =
            List.of(new Shape(6, 10), new Shape(5, 3, 3, 3), new Shape(1, 1), new Shape(7));

    static List<Technique> variants() {
        List<Technique> variants = new ArrayList<>();
        for (BinaryScale scale : BinaryScale.values()) {
            variants.add(Binarization.builder().optScale(scale).build());
            variants.add(Binarization.builder().optScale(scale).optStochastic(3).build());
        }
        for (TernaryScale scale : TernaryScale.values()) {
            variants.add(Ternarization.builder().optScale(scale).build());
            for (float factor : new float[] {0, 0.3f, 0.99f}) {
                variants.add(
                        Ternarization.builder().optScale(scale).optThresholdFactor(factor).build());
            }
        }
        return variants;
    }

    @DataProvider
    Object[][] combinations() {
        List<Object[]> rows = new ArrayList<>();
        for (Technique technique : variants()) {
            for (Shape shape : SHAPES) {
                for (double level : new double[] {0.6, 1}) {
                    rows.add(new Object[] {technique, shape, level, rows.size()});
                }
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "combinations")
    void fulfilsTheContract(Technique technique, Shape shape, double level, int seed) {
        float[] values = normals(shape, seed);
        try (NDManager state = NDManager.newBaseManager()) {
            WeightTransform transform = transform(technique, level, state, shape, values);
            WeightTransformContract.of(transform, state, shape, values)
                    .restoredBy(technique)
                    .check();
        }
    }

    @Test
    void trainedScalesFulfilItWhereverTheyHaveGone() {
        Shape shape = new Shape(6, 10);
        float[] values = normals(shape, 5);
        Technique technique = Ternarization.builder().optScale(TernaryScale.TRAINED).build();
        for (float growth : new float[] {-5, -0.3f, 0.7f, 6}) {
            try (NDManager state = NDManager.newBaseManager()) {
                WeightTransform transform = transform(technique, 1, state, shape, values);
                try (NDArray alias = transform.getParameters().get(0).getArray().stopGradient()) {
                    alias.set(new NDIndex(":"), growth);
                }
                WeightTransformContract.of(transform, state, shape, values)
                        .restoredBy(technique)
                        .check();
            }
        }
    }

    @Test
    void aGroupOfZerosStaysZero() {
        Shape shape = new Shape(2, 3);
        float[] values = {0, -0f, 0, 0, 0, 0};
        for (Technique technique : variants()) {
            try (NDManager state = NDManager.newBaseManager()) {
                WeightTransform transform = transform(technique, 1, state, shape, values);
                WeightTransformContract.of(transform, state, shape, values).check();
                for (Mode mode : Mode.values()) {
                    assertEquals(
                            Weights.apply(transform, mode, shape, values),
                            new float[6],
                            0f); // exact by contract
                }
            }
        }
    }

    @Test
    void theMeanOfManyEqualWeightsIsTheirSizeExactly() {
        Shape shape = new Shape(3, 100_003);
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; ++i) {
            values[i] = (i % 3 == 0 ? -1 : 1) * (i < 100_003 ? 0.1f : 1 / 3f);
        }
        for (Technique technique :
                List.of(Binarization.builder().build(), Ternarization.builder().build())) {
            assertEquals(Weights.effective(technique, shape, values), values, 0f); // exact by law
        }
    }
}
