package dev.bonsai.examples;

import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.training.tracker.WarmUpTracker;
import dev.bonsai.examples.network.Network;
import java.util.Locale;

/** How a dense network is trained, whatever the number of epochs. */
enum DenseTraining {
    /** Adam along a cosine: quick, and as good as any for the networks on digits. */
    ADAM {
        @Override
        Optimizer optimizer(int epochs, int batches) {
            return adam(epochs, batches, Recipe.LEARNING_RATE);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "Adam from %s to %s by a cosine in batches of %d, shifted by one pixel",
                    Recipe.LEARNING_RATE,
                    Recipe.FINAL_LEARNING_RATE,
                    Recipe.BATCH_SIZE);
        }
    },
    /** SGD with momentum, up a line and down a cosine: better for residual networks. */
    MOMENTUM {
        @Override
        Optimizer optimizer(int epochs, int batches) {
            return momentum(upAndDown(epochs, batches, HIGHEST_RATE));
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "SGD with a momentum of %s and a weight decay of %s, from %s up to %s in the"
                            + " first %dth of the epochs and by a cosine to %s, in batches of %d,"
                            + " mirrored and shifted by four pixels",
                    MOMENTUM_OF_SGD,
                    WEIGHT_DECAY,
                    HIGHEST_RATE / RISE,
                    HIGHEST_RATE,
                    UP,
                    LOWEST_RATE,
                    Recipe.BATCH_SIZE);
        }
    };

    private static final int UP = 15;
    private static final int RISE = 10;
    private static final float HIGHEST_RATE = 0.1f;

    /** The rate that a training with momentum ends with. */
    static final float LOWEST_RATE = 1e-4f;

    private static final float MOMENTUM_OF_SGD = 0.9f;
    private static final float WEIGHT_DECAY = 5e-4f;

    /** Returns how a network is trained. */
    static DenseTraining of(Network network) {
        return switch (network) {
            case LENET5, LENET300, TINY -> ADAM;
            case RESNET8 -> MOMENTUM;
        };
    }

    /** Returns Adam for so many epochs, the learning rate falling along a cosine. */
    static Optimizer adam(int epochs, int batches, float learningRate) {
        Tracker cosine =
                Tracker.cosine()
                        .setBaseValue(learningRate)
                        .optFinalValue(Recipe.FINAL_LEARNING_RATE)
                        .setMaxUpdates(Math.max(1, Math.multiplyExact(batches, epochs)))
                        .build();
        return adam(cosine);
    }

    /** Returns Adam with a learning rate. */
    static Optimizer adam(Tracker learningRate) {
        return Optimizer.adam().optLearningRateTracker(learningRate).build();
    }

    /** Returns SGD with momentum and weight decay. */
    static Optimizer momentum(Tracker learningRate) {
        return Optimizer.sgd()
                .setLearningRateTracker(learningRate)
                .optMomentum(MOMENTUM_OF_SGD)
                .optWeightDecays(WEIGHT_DECAY)
                .build();
    }

    /**
     * Returns a rate that leaves a trained network as it is for the first epoch, and goes up and
     * down in the others.
     */
    static Tracker afterQuietEpoch(int epochs, int batches, float highest) {
        Tracker others = upAndDown(Math.max(1, epochs - 1), batches, highest);
        return update -> update < batches ? LOWEST_RATE : others.getNewValue(update - batches);
    }

    /** Returns a rate that rises along a line for whole epochs, and falls along a cosine. */
    static Tracker upAndDown(int epochs, int batches, float highest) {
        int up = Math.max(1, Math.round((float) epochs / UP)) * batches;
        Tracker down =
                Tracker.cosine()
                        .setBaseValue(highest)
                        .optFinalValue(LOWEST_RATE)
                        .setMaxUpdates(Math.max(1, epochs * batches - up))
                        .build();
        return Tracker.warmUp()
                .setMainTracker(down)
                .optWarmUpSteps(up)
                .optWarmUpBeginValue(highest / RISE)
                .optWarmUpMode(WarmUpTracker.Mode.LINEAR)
                .build();
    }

    /**
     * Returns the optimizer of a training.
     *
     * @param epochs the epochs of the whole training
     * @param batches the batches of an epoch
     */
    abstract Optimizer optimizer(int epochs, int batches);
}
