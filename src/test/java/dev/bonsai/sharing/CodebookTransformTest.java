package dev.bonsai.sharing;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.DenseWeight;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class CodebookTransformTest extends ManagerTestBase {

    private CodebookTransform transform(int centroids, float... values) {
        return transform(WeightSharing.builder().setCentroids(centroids), values);
    }

    private CodebookTransform transform(WeightSharing.Builder options, float... values) {
        WeightSharing sharing = options.build();
        FakeProposal proposal = new FakeProposal(manager);
        TargetWeight weight = proposal.add("weight", new Shape(1, values.length), values);
        return (CodebookTransform)
                sharing.propose(sharing.getLevels().target(), proposal).get(weight);
    }

    private float[] apply(WeightTransform transform, float... values) {
        NDArray weight = manager.create(values, new Shape(1, values.length));
        return transform.apply(weight, WeightTransformContract.pass(Mode.TRAINING)).toFloatArray();
    }

    private CodebookWeight encode(WeightTransform transform, float... values) {
        DenseWeight dense = new DenseWeight(new int[] {values.length}, values.clone());
        return (CodebookWeight) transform.encode(dense, manager);
    }

    static float[] normals(int seed, int size, double zeros) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; ++i) {
            values[i] = random.nextDouble() < zeros ? 0 : (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void sixteenValuesHaveFourBits() {
        float[] normals = normals(1, 500, 0);
        assertEquals(transform(16, normals).bits(32), 4);
        assertEquals(transform(256, normals(2, 2000, 0)).bits(32), 8);
        normals[7] = 0;
        assertEquals(transform(16, normals).bits(32), 4, "zero is one of them");
    }

    /** New clusters may take the place of the old ones between two batches of one step. */
    @Test
    void whatOthersSumUpOnIsTheGradientAndNotItsSums() {
        WeightSharing.Builder options = WeightSharing.builder().setCentroids(3);
        float[] values = normals(3, 60, 0.2);
        float[] raw = normals(4, 60, 0);
        CodebookTransform old = transform(options, values);
        NDArray gradient = manager.create(raw, new Shape(1, 60));
        NDArray weight = manager.create(values, new Shape(1, 60));
        ForwardPass pass = WeightTransformContract.pass(Mode.TRAINING);
        old.beforeStep(weight, gradient, pass);
        float[] summed = gradient.toFloatArray();
        old.leave(gradient);
        CodebookTransform next = transform(options, values);
        next.beforeStep(weight, gradient, pass); // of a batch whose gradient is zero
        assertEquals(gradient.toFloatArray(), summed, 1e-4f);
        old.beforeStep(weight, manager.create(raw, new Shape(1, 60)), pass);
        NDArray again = manager.create(raw, new Shape(1, 60));
        transform(options, values).beforeStep(weight, again, pass);
        assertEquals(again.toFloatArray(), summed, 1e-4f, "nothing of it is left");
    }

    @DataProvider
    Object[][] cases() {
        List<Object[]> rows = new ArrayList<>();
        for (int centroids : new int[] {2, 3, 16, 256}) {
            for (double zeros : new double[] {0, 0.5, 0.9}) {
                for (int seed = 0; seed < 3; ++seed) {
                    rows.add(new Object[] {centroids, zeros, seed});
                }
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "cases")
    void keepsToTheContract(int centroids, double zeros, int seed) {
        float[] values = normals(seed, 20 * 30, zeros);
        Shape shape = new Shape(20, 30);
        try (NDManager state = NDManager.newBaseManager()) {
            WeightTransformContract.of(transform(centroids, values), state, shape, values)
                    .restoredBy(WeightSharing.builder().setCentroids(centroids).build())
                    .check();
        }
    }

    @Test(dataProvider = "cases")
    void keepsToTheContractWhenTheWeightHasMovedOn(int centroids, double zeros, int seed) {
        float[] values = normals(seed, 20 * 30, zeros);
        float[] moved = normals(seed + 100, 20 * 30, zeros);
        Shape shape = new Shape(20, 30);
        try (NDManager state = NDManager.newBaseManager()) {
            WeightTransformContract.of(transform(centroids, values), state, shape, moved)
                    .restoredBy(WeightSharing.builder().setCentroids(centroids).build())
                    .check();
        }
    }

    @Test(dataProvider = "cases")
    void zeroIsOneOfTheCentroidsWhereThereAreZeros(int centroids, double zeros, int seed) {
        float[] values = normals(seed, 600, zeros);
        float[] shared = apply(transform(centroids, values), values);
        Set<Float> different = new TreeSet<>();
        for (int i = 0; i < shared.length; ++i) {
            different.add(shared[i]);
            assertEquals(shared[i] == 0f, values[i] == 0f, "zero at " + i);
        }
        // With 90 % zeros some 60 values are left, each a centroid of its own among 256.
        long others = Set.copyOf(new TreeSet<>(boxed(values))).size();
        assertEquals(different.size(), Math.min(centroids, others));
        assertEquals(
                encode(transform(centroids, values), values).codebook().length, different.size());
    }

    private static List<Float> boxed(float[] values) {
        List<Float> boxed = new ArrayList<>();
        for (float value : values) {
            boxed.add(value);
        }
        return boxed;
    }

    @Test
    void sharedValuesAreMeansAndFollowTheWeight() {
        CodebookTransform transform = transform(2, 1, 2, 3, 10, 11, 12);
        assertEquals(apply(transform, 1, 2, 3, 10, 11, 12), new float[] {2, 2, 2, 11, 11, 11}, 0f);
        // the groups stand still, whatever the values
        assertEquals(apply(transform, 9, 2, 1, 4, 4, 1), new float[] {4, 4, 4, 3, 3, 3}, 0f);
    }

    @Test
    void anElementMaskedLaterIsZeroAndNoPartOfTheMean() {
        CodebookTransform transform = transform(2, 1, 2, 3, 10, 11, 12);
        assertEquals(apply(transform, 1, 0, 3, 0, -0f, 12), new float[] {2, 0, 2, 0, 0, 12}, 0f);
        assertEquals(apply(transform, 0, 0, 0, 1, 1, 1), new float[] {0, 0, 0, 1, 1, 1}, 0f);
    }

    @Test
    void aZeroStaysWhateverBecomesOfItUntilTheGroupsAreMadeAnew() {
        CodebookTransform transform = transform(3, 0, 1, 1, 5, 5, -0f);
        assertEquals(apply(transform, 9, 1, 1, 5, 5, 9), new float[] {0, 1, 1, 5, 5, 0}, 0f);
    }

    @Test
    void aMeanOfZeroAndTheZerosShareOneEntry() {
        CodebookTransform transform = transform(3, -1, 1, 8, 8, 0, 0);
        assertEquals(apply(transform, -1, 1, 8, 8, 0, 0), new float[] {0, 0, 8, 8, 0, 0}, 0f);
        CodebookWeight encoded = encode(transform, -1, 1, 8, 8, 0, 0);
        assertEquals(encoded.codebook(), new float[] {0, 8}, 0f);
        assertEquals(encoded.assignments().toArray(), new int[] {0, 0, 1, 1, 0, 0});
    }

    @Test
    void allZerosAreACodebookOfOne() {
        CodebookTransform transform = transform(4, 0, 0, 0);
        assertEquals(apply(transform, 0, -0f, 0), new float[3], 0f);
        assertEquals(encode(transform, 0, 0, 0).codebook(), new float[1], 0f);
    }

    @Test
    void gradientsAreSummedUpExceptThoseOfZeros() {
        CodebookTransform transform = transform(3, 1, 1, 0, 9, 1, 0);
        NDArray latent = manager.create(new float[] {1, 1, 0, 9, 1, 0}, new Shape(2, 3));
        NDArray gradient = manager.create(new float[] {1, 2, 4, 8, 16, 32}, new Shape(2, 3));
        NDArray alias = gradient.stopGradient();
        transform.beforeStep(latent, gradient, WeightTransformContract.pass(Mode.TRAINING));
        float[] expected = {19, 19, 4, 8, 19, 32};
        assertEquals(gradient.toFloatArray(), expected, 0f);
        assertEquals(alias.toFloatArray(), expected, 0f, "the engine's own memory is written");
    }

    @Test
    void straightThroughLeavesGradientsAlone() {
        CodebookTransform transform =
                transform(
                        WeightSharing.builder()
                                .setCentroids(2)
                                .optTraining(CentroidTraining.STRAIGHT_THROUGH),
                        1,
                        1,
                        9,
                        9);
        NDArray gradient = manager.create(new float[] {1, 2, 4, 8}, new Shape(1, 4));
        transform.beforeStep(gradient, gradient, WeightTransformContract.pass(Mode.TRAINING));
        assertEquals(gradient.toFloatArray(), new float[] {1, 2, 4, 8}, 0f);
    }

    @Test
    void anElementTakesTheBitsOfItsCodebook() {
        float[] values = normals(1, 600, 0.5);
        assertEquals(encode(transform(16, values), values).bits(), 4);
        assertEquals(encode(transform(256, values), values).bits(), 8);
        assertTrue(encode(transform(16, values), values).zeros() > 200);
    }
}
