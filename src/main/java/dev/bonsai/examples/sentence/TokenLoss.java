package dev.bonsai.examples.sentence;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.loss.Loss;

/**
 * How far the vectors of the tokens are from those of the teacher: {@code sum (a - b)^2 / (2 sum
 * b^2)} over all tokens of a batch, of vectors {@code a} and the teacher's {@code b}. For vectors
 * of one length it is their mean {@code 1 - cosine}, as {@link CosineLoss} is for sentences.
 */
public final class TokenLoss extends Loss {

    /** Makes a loss. */
    public TokenLoss() {
        super("TokenLoss");
    }

    /**
     * Compares vectors.
     *
     * @param labels the teacher's, of the shape (sentences, tokens, length), 0 where a sentence has
     *     ended: there nothing is compared
     * @param predictions the model's, first of all, of the same shape
     * @return a scalar, at least 0
     */
    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
        NDArray said = predictions.head();
        NDManager owner = said.getManager();
        try (NDManager scratch = owner.newSubManager()) {
            NDArray teacher = labels.head();
            NDArray present = teacher.neq(0f).toType(DataType.FLOAT32, false);
            present.attach(scratch);
            NDArray share = teacher.square().sum().muli(2).maximum(Float.MIN_NORMAL);
            share.attach(scratch); // an array of the engine's own, for the gradient
            NDArray apart = said.sub(teacher).mul(present);
            apart.attach(scratch);
            NDArray result = apart.square().sum().div(share);
            result.attach(owner);
            return result;
        }
    }
}
