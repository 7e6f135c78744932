package dev.bonsai.recipe;

import static java.util.Objects.requireNonNullElseGet;

import ai.djl.training.optimizer.Optimizer;
import dev.bonsai.core.Bounds;

/**
 * How a model is trained. A component that is given as null has its default.
 *
 * @param epochs the number of epochs, at least 1
 * @param optimizer the optimizer; Adam by default
 * @param learningRate how the rate goes; from 0.001 to 1e-5 along a cosine by default
 * @param loss what the training minimises; the cross entropy by default
 */
public record TrainingPlan(
        @Bounds(atLeast = 1) int epochs,
        OptimizerChoice optimizer,
        LearningRate learningRate,
        LossChoice loss) {

    private static final float FIRST_RATE = 1e-3f;
    private static final float LAST_RATE = 1e-5f;

    /**
     * Fills in the defaults and checks the number.
     *
     * @throws IllegalArgumentException if there is no epoch
     */
    public TrainingPlan {
        if (epochs < 1) {
            throw new IllegalArgumentException(
                    "A training has 1 or more epochs, but got " + epochs + ": use 20");
        }
        optimizer = requireNonNullElseGet(optimizer, OptimizerChoice::adam);
        learningRate =
                requireNonNullElseGet(
                        learningRate, () -> LearningRate.cosine(FIRST_RATE, LAST_RATE));
        loss = requireNonNullElseGet(loss, LossChoice::crossEntropy);
    }

    /**
     * Makes the optimizer of the whole training.
     *
     * @param batches the steps of an epoch, at least 1
     * @return a new optimizer
     */
    public Optimizer newOptimizer(int batches) {
        return optimizer.newOptimizer(learningRate.newTracker(epochs, batches));
    }

    /**
     * Returns the same plan for another number of epochs.
     *
     * @param number the number of epochs, at least 1
     * @return the plan
     */
    public TrainingPlan withEpochs(int number) {
        return new TrainingPlan(number, optimizer, learningRate, loss);
    }
}
