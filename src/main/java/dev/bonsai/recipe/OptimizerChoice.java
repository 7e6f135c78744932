package dev.bonsai.recipe;

import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.core.NamedValue;
import java.util.Locale;
import java.util.function.Function;

/** Which of DJL's optimizers trains a model. */
public final class OptimizerChoice extends NamedValue {

    private final Function<Tracker, Optimizer> make;

    private OptimizerChoice(
            Function<Tracker, Optimizer> make, String factory, Object... arguments) {
        super(factory, arguments);
        this.make = make;
    }

    /**
     * Chooses Adam.
     *
     * @return the choice
     */
    public static OptimizerChoice adam() {
        return new OptimizerChoice(
                rate -> Optimizer.adam().optLearningRateTracker(rate).build(), "adam");
    }

    /**
     * Chooses stochastic gradient descent.
     *
     * @param momentum the momentum, in [0, 1)
     * @param weightDecay the weight decay, finite and at least 0
     * @return the choice
     */
    public static OptimizerChoice sgd(float momentum, float weightDecay) {
        if (!(momentum >= 0 && momentum < 1)
                || !(weightDecay >= 0 && weightDecay < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "SGD has a momentum in [0, 1) and a weight decay of 0 or more, but got"
                                    + " %s and %s: use sgd(0.9f, 5e-4f)",
                            momentum,
                            weightDecay));
        }
        return new OptimizerChoice(
                rate ->
                        Optimizer.sgd()
                                .setLearningRateTracker(rate)
                                .optMomentum(momentum)
                                .optWeightDecays(weightDecay)
                                .build(),
                "sgd",
                momentum,
                weightDecay);
    }

    /**
     * Makes an optimizer.
     *
     * @param learningRate tells the rate of each step
     * @return a new optimizer
     */
    public Optimizer newOptimizer(Tracker learningRate) {
        return make.apply(learningRate);
    }
}
