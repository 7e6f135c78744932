package dev.bonsai.examples.sentence;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.examples.sentence.SimilarityTask.Places;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.testng.annotations.Test;

/** The evaluator says what the task says of the same vectors, however they come. */
public class SpearmanOfPairsTest {

    private static final int LENGTH = 3;

    private static SimilarityTask task(int sentences, int pairs) {
        Random random = new Random(1);
        List<long[]> tokens = new ArrayList<>();
        for (int i = 0; i < sentences; ++i) {
            tokens.add(new long[] {i});
        }
        List<Places> places = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        for (int i = 0; i < pairs; ++i) {
            places.add(new Places(random.nextInt(sentences), random.nextInt(sentences)));
            scores.add((double) random.nextInt(6));
        }
        return new SimilarityTask(tokens, places, scores);
    }

    private static float[][] vectors(int count, long seed) {
        Random random = new Random(seed);
        float[][] vectors = new float[count][LENGTH];
        for (float[] vector : vectors) {
            for (int j = 0; j < LENGTH; ++j) {
                vector[j] = (float) random.nextGaussian();
            }
        }
        return vectors;
    }

    private static void tell(SpearmanOfPairs evaluator, float[][] vectors, int... places) {
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] rows = new float[places.length * LENGTH];
            for (int i = 0; i < places.length; ++i) {
                System.arraycopy(vectors[places[i]], 0, rows, i * LENGTH, LENGTH);
            }
            evaluator.updateAccumulator(
                    "own",
                    new NDList(manager.create(places)),
                    new NDList(manager.create(rows, new Shape(places.length, LENGTH))));
        }
    }

    @Test
    public void itIsThatOfAllPairsWhateverTheBatchesAndAgainAfterAReset() {
        SimilarityTask task = task(5, 30);
        SpearmanOfPairs evaluator = new SpearmanOfPairs(task);
        evaluator.addAccumulator("own");
        float[][] vectors = vectors(5, 2);
        tell(evaluator, vectors, 4, 0);
        assertTrue(Float.isNaN(evaluator.getAccumulator("own")), "not all have been seen");
        tell(evaluator, vectors, 1, 3, 2);
        float expected = (float) task.spearman(vectors);
        assertEquals(evaluator.getAccumulator("own"), expected);
        evaluator.resetAccumulator("own");
        assertTrue(Float.isNaN(evaluator.getAccumulator("own")));
        float[][] others = vectors(5, 3);
        tell(evaluator, others, 0, 1, 2, 3, 4);
        assertEquals(evaluator.getAccumulator("own"), (float) task.spearman(others));
        assertTrue(Math.abs(evaluator.getAccumulator("own") - expected) > 1e-3, "others differ");
    }

    @Test
    public void itGoesByTheCosinesOfThePairs() {
        SimilarityTask task =
                new SimilarityTask(
                        List.of(new long[1], new long[1], new long[1]),
                        List.of(new Places(0, 1), new Places(0, 2), new Places(1, 2)),
                        List.of(3.0, 1.0, 2.0));
        // by the angle 0 is nearest to 1, and farthest from 2; lengths don't count
        float[][] vectors = {{2, 0, 0}, {5, 1, 0}, {1, 1.1f, 0}};
        assertEquals(task.spearman(vectors), 1, 1e-12);
        assertEquals(SimilarityTask.cosine(vectors[0], vectors[0]), 1, 1e-12);
        assertEquals(SimilarityTask.cosine(new float[] {1, 0}, new float[] {-3, 0}), -1, 1e-12);
        assertTrue(Double.isNaN(SimilarityTask.cosine(new float[2], new float[] {1, 2})));
    }
}
