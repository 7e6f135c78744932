package dev.bonsai.examples;

import dev.bonsai.examples.network.Network;
import dev.bonsai.recipe.LearningRate;
import dev.bonsai.recipe.LossChoice;
import dev.bonsai.recipe.OptimizerChoice;
import dev.bonsai.recipe.TrainingPlan;
import java.util.Arrays;
import java.util.Locale;

/** How a dense network is trained, whatever the number of epochs. */
enum DenseTraining {
    /** Adam along a cosine: quick, and as good as any for the networks on digits. */
    ADAM(
            OptimizerChoice.adam(),
            LearningRate.cosine(Training.LEARNING_RATE, Training.FINAL_LEARNING_RATE)) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "Adam from %s to %s by a cosine in batches of %d, shifted by one pixel",
                    Training.LEARNING_RATE,
                    Training.FINAL_LEARNING_RATE,
                    Training.BATCH_SIZE);
        }
    },
    /** Adam by larger steps, up a line and down a cosine: few weights bear and need them. */
    STEEP(
            OptimizerChoice.adam(),
            LearningRate.upAndDown(Constants.STEEP_RATE, Training.FINAL_LEARNING_RATE)) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "Adam from a tenth up to %s in the first 15th of the epochs and by a cosine to %s,"
                            + " in batches of %d, shifted by one pixel",
                    Constants.STEEP_RATE,
                    Training.FINAL_LEARNING_RATE,
                    Training.BATCH_SIZE);
        }
    },
    /** SGD with momentum, up a line and down a cosine: better for residual networks. */
    MOMENTUM(
            OptimizerChoice.sgd(Constants.MOMENTUM_OF_SGD, Constants.WEIGHT_DECAY),
            LearningRate.upAndDown(Constants.HIGHEST_RATE, Constants.LOWEST_RATE)) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "SGD with a momentum of %s and a weight decay of %s, from %s up to %s in the"
                            + " first 15th of the epochs and by a cosine to %s, in batches of %d,"
                            + " mirrored and shifted by four pixels",
                    Constants.MOMENTUM_OF_SGD,
                    Constants.WEIGHT_DECAY,
                    Constants.HIGHEST_RATE / 10,
                    Constants.HIGHEST_RATE,
                    Constants.LOWEST_RATE,
                    Training.BATCH_SIZE);
        }
    };

    /** The rate that a training with momentum ends with. */
    static final float LOWEST_RATE = Constants.LOWEST_RATE;

    /** What the constants of an enum can't name as its own. */
    private static final class Constants {
        private static final float STEEP_RATE = 0.01f;
        private static final float HIGHEST_RATE = 0.1f;
        private static final float LOWEST_RATE = 1e-4f;
        private static final float MOMENTUM_OF_SGD = 0.9f;
        private static final float WEIGHT_DECAY = 2e-4f;
    }

    private final OptimizerChoice optimizer;
    private final LearningRate learningRate;

    DenseTraining(OptimizerChoice optimizer, LearningRate learningRate) {
        this.optimizer = optimizer;
        this.learningRate = learningRate;
    }

    /** Returns how a network is trained. */
    static DenseTraining of(Network network) {
        return switch (network) {
            case LENET5, LENET300, TINY -> ADAM;
            case NANO -> STEEP;
            case RESNET8 -> MOMENTUM;
        };
    }

    /** Returns the optimizer. */
    OptimizerChoice optimizer() {
        return optimizer;
    }

    /** Returns the plan of so many epochs. */
    TrainingPlan plan(int epochs) {
        return new TrainingPlan(epochs, optimizer, learningRate, LossChoice.crossEntropy());
    }

    /** Says how a plan trains, but for the number of epochs: in the words of one of these. */
    static String describe(TrainingPlan plan, int batchSize) {
        return Arrays.stream(values())
                .filter(usual -> usual.plan(plan.epochs()).equals(plan))
                .filter(usual -> batchSize == Training.BATCH_SIZE)
                .map(DenseTraining::toString)
                .findFirst()
                .orElseGet(
                        () ->
                                String.format(
                                        Locale.ROOT,
                                        "%s by %s, to minimise %s, in batches of %d",
                                        plan.optimizer(),
                                        plan.learningRate(),
                                        plan.loss(),
                                        batchSize));
    }
}
