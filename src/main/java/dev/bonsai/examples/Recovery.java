package dev.bonsai.examples;

import ai.djl.nn.Block;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import dev.bonsai.distillation.DistillationLoss;
import dev.bonsai.gate.Gate;
import java.util.Locale;
import java.util.Optional;

/** How a network is trained while it is compressed, and how long it may take to come back. */
enum Recovery {
    /** Adam along a cosine: each of many small steps has two epochs. */
    SHORT(false) {
        @Override
        Optimizer optimizer(Recipe recipe, int batches) {
            return DenseTraining.adam(recipe.epochs(), batches, recipe.learningRate());
        }

        @Override
        String describe(Recipe recipe) {
            return String.format(
                    Locale.ROOT,
                    "Adam from %s by a cosine, and two epochs to come back after each step",
                    recipe.learningRate());
        }
    },
    /** Adam, up and down a cosine behind a quiet epoch, taught by the dense network. */
    TAUGHT(true) {
        @Override
        Optimizer optimizer(Recipe recipe, int batches) {
            return DenseTraining.adam(
                    DenseTraining.afterQuietEpoch(recipe.epochs(), batches, recipe.learningRate()));
        }

        @Override
        String describe(Recipe recipe) {
            return quiet("Adam", recipe);
        }
    },
    /**
     * One step as large as the target after a quiet epoch, in which the criterion gathers what it
     * ranks by. Then the rate goes up and down once more, as for a new network, and the dense one
     * teaches. All epochs are there to come back in: no network is itself at a high rate.
     */
    LONG(true) {
        @Override
        Optimizer optimizer(Recipe recipe, int batches) {
            return DenseTraining.momentum(
                    DenseTraining.afterQuietEpoch(recipe.epochs(), batches, recipe.learningRate()));
        }

        @Override
        String describe(Recipe recipe) {
            return quiet("SGD with momentum", recipe);
        }
    };

    private static final float TEMPERATURE = 4;

    private final boolean taught;

    Recovery(boolean taught) {
        this.taught = taught;
    }

    /** Returns the optimizer of a whole compression with so many batches an epoch. */
    abstract Optimizer optimizer(Recipe recipe, int batches);

    /**
     * Returns what is trained for.
     *
     * @param teacher the dense network, where it is not the one that is trained
     */
    Loss loss(Optional<Block> teacher) {
        if (!taught) {
            return Loss.softmaxCrossEntropyLoss();
        }
        DistillationLoss.Builder loss = DistillationLoss.builder().optTemperature(TEMPERATURE);
        teacher.ifPresent(loss::optTeacher);
        return loss.build();
    }

    /** Sets how long a gate waits, of so many epochs. */
    Gate.Builder gate(Gate.Builder gate, int epochs) {
        return taught ? gate.optShock(1).optRecoveryEpochs(epochs) : gate;
    }

    private static String quiet(String optimizer, Recipe recipe) {
        return String.format(
                Locale.ROOT,
                "%s: an epoch at %s, then up to %s and down by a cosine, taught by the dense"
                        + " network, and all epochs to come back",
                optimizer,
                DenseTraining.LOWEST_RATE,
                recipe.learningRate());
    }

    /** Says how it is trained. */
    abstract String describe(Recipe recipe);
}
