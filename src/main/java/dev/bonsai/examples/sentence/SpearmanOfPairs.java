package dev.bonsai.examples.sentence;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.evaluator.Evaluator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Judges a model of sentences by {@link SimilarityTask#spearman}, on batches made by {@link
 * SentenceBatches#toJudge} of the sentences of the task. The higher, the better; until each
 * sentence has been seen it is NaN.
 */
public final class SpearmanOfPairs extends Evaluator {

    private final SimilarityTask task;
    private final Map<String, float[][]> vectors = new HashMap<>();

    /**
     * Makes an evaluator.
     *
     * @param task the pairs
     */
    public SpearmanOfPairs(SimilarityTask task) {
        super("Spearman");
        this.task = Objects.requireNonNull(task, "task");
    }

    /** A part of the sentences has no correlation: this is an error. */
    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
        throw new UnsupportedOperationException(
                "Pairs of sentences are ranked among all: ask for the accumulator");
    }

    @Override
    public void addAccumulator(String key) {
        resetAccumulator(key);
    }

    @Override
    public void updateAccumulator(String key, NDList labels, NDList predictions) {
        SentenceVectors.put(
                predictions.head().toFloatArray(), labels.head().toIntArray(), vectors.get(key));
    }

    @Override
    public void resetAccumulator(String key) {
        vectors.put(key, new float[task.sentences().size()][]);
    }

    @Override
    public float getAccumulator(String key) {
        float[][] seen = vectors.get(key);
        for (float[] vector : seen) {
            if (vector == null) {
                return Float.NaN;
            }
        }
        return (float) task.spearman(seen);
    }
}
