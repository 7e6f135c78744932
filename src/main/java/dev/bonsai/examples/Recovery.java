package dev.bonsai.examples;

import dev.bonsai.gate.Gate;
import dev.bonsai.recipe.LearningRate;
import dev.bonsai.recipe.LossChoice;
import dev.bonsai.recipe.OptimizerChoice;
import dev.bonsai.recipe.TrainingPlan;

/** How a network is trained while it is compressed, and how long it may take to come back. */
enum Recovery {
    /** Adam along a cosine: each of many small steps has two epochs. */
    SHORT(OptimizerChoice.adam(), LossChoice.crossEntropy()) {
        @Override
        LearningRate rate(float first) {
            return LearningRate.cosine(first, Training.FINAL_LEARNING_RATE);
        }

        @Override
        Gate.Builder gate(Gate.Builder gate, int epochs) {
            return gate;
        }
    },
    /**
     * Adam, up and down a cosine behind a quiet epoch. Nobody teaches: what is left of a network
     * without whole units ended worse when the dense one did.
     */
    STEADY(OptimizerChoice.adam(), LossChoice.crossEntropy()),
    /** The same, taught by the dense network: where all units stay, it ends better. */
    TAUGHT(OptimizerChoice.adam(), LossChoice.distillation(4, 0.5f)),
    /**
     * One step as large as the target after a quiet epoch, in which the criterion gathers what it
     * ranks by. Then the rate goes up and down once more, as for a new network, and the dense one
     * teaches. All epochs are there to come back in: no network is itself at a high rate.
     */
    LONG(DenseTraining.MOMENTUM.optimizer(), LossChoice.distillation(4, 0.5f));

    private final OptimizerChoice optimizer;
    private final LossChoice loss;

    Recovery(OptimizerChoice optimizer, LossChoice loss) {
        this.optimizer = optimizer;
        this.loss = loss;
    }

    /** Returns how a whole compression of so many epochs trains, by the rate of the recipe. */
    TrainingPlan plan(int epochs, float learningRate) {
        return new TrainingPlan(epochs, optimizer, rate(learningRate), loss);
    }

    LearningRate rate(float highest) {
        return LearningRate.upAndDown(highest, DenseTraining.LOWEST_RATE)
                .afterQuietEpoch(DenseTraining.LOWEST_RATE);
    }

    /** Sets how long a gate waits, of so many epochs. */
    Gate.Builder gate(Gate.Builder gate, int epochs) {
        return gate.optShock(1).optRecoveryEpochs(epochs);
    }
}
