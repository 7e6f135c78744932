package dev.bonsai.recipe;

import static java.util.Objects.requireNonNullElseGet;

import dev.bonsai.core.Bounds;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a compression began with, for the program that trains: the library itself uses none of it.
 * What is not known is empty.
 *
 * @param network the name of the network, as the program knows it
 * @param data the name of the data that it was trained on
 * @param fingerprint what tells the data from others of the same name
 * @param batchSize the number of samples of a training batch
 * @param dense how the network was trained before it was compressed
 */
public record RecipeSetup(
        Optional<String> network,
        Optional<String> data,
        Optional<String> fingerprint,
        @Bounds(atLeast = 1) OptionalInt batchSize,
        Optional<TrainingPlan> dense) {

    /**
     * Checks the values; what is null is empty.
     *
     * @throws IllegalArgumentException if a batch has no sample, or the dense network a teacher
     */
    public RecipeSetup {
        network = requireNonNullElseGet(network, Optional::empty);
        data = requireNonNullElseGet(data, Optional::empty);
        fingerprint = requireNonNullElseGet(fingerprint, Optional::empty);
        batchSize = requireNonNullElseGet(batchSize, OptionalInt::empty);
        dense = requireNonNullElseGet(dense, Optional::empty);
        batchSize.ifPresent(
                size -> {
                    if (size < 1) {
                        throw new IllegalArgumentException(
                                "A batch has 1 or more samples, but got "
                                        + size
                                        + ": use 128, or leave batchSize out");
                    }
                });
        dense.ifPresent(RecipeSetup::checkLoss);
    }

    private static void checkLoss(TrainingPlan dense) {
        if (dense.loss().isTaught()) {
            throw new IllegalArgumentException(
                    "The dense network has no teacher, but is to minimise "
                            + dense.loss()
                            + ": use crossEntropy, or leave the loss out");
        }
    }
}
