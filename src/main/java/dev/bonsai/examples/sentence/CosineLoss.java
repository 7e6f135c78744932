package dev.bonsai.examples.sentence;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.loss.Loss;

/**
 * How far the vectors of a model point away from those of its teacher: for vectors of the length 1
 * the mean over the sentences of {@code 1 - cosine}, which is half their squared distance.
 */
public final class CosineLoss extends Loss {

    /** Makes a loss. */
    public CosineLoss() {
        super("CosineLoss");
    }

    /**
     * Compares vectors.
     *
     * @param labels the teacher's, of the shape (sentences, length)
     * @param predictions the model's, first of all, of the same shape
     * @return a scalar from 0 to 2
     */
    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
        NDArray said = predictions.head();
        NDManager owner = said.getManager();
        try (NDManager scratch = owner.newSubManager()) {
            NDArray apart = said.sub(labels.head());
            apart.attach(scratch);
            NDArray loss = apart.square().sum(new int[] {1}).mean();
            NDArray half = owner.full(loss.getShape(), 0.5f); // native memory, for the gradient
            half.attach(scratch);
            NDArray result = loss.mul(half);
            result.attach(owner);
            return result;
        }
    }
}
