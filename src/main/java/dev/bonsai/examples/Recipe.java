package dev.bonsai.examples;

import dev.bonsai.examples.network.Network;

/**
 * How one of the networks is trained and compressed when the user does not say otherwise.
 *
 * @param denseEpochs the epochs of the dense training
 * @param epochs the epochs of the compression
 * @param sparsity the target sparsity over all weights
 * @param bits the target bits of a weight
 * @param maxDrop what the compression may cost in validation accuracy
 */
record Recipe(int denseEpochs, int epochs, float sparsity, int bits, float maxDrop) {

    /** The images of a batch. */
    static final int BATCH_SIZE = 128;

    /** The learning rate that both trainings begin with. */
    static final float LEARNING_RATE = 1e-3f;

    /** The learning rate that both trainings end with. */
    static final float FINAL_LEARNING_RATE = 1e-5f;

    static Recipe of(Network network) {
        return switch (network) {
            case LENET5 -> new Recipe(8, 16, 0.96f, 4, 0.004f);
            case LENET300 -> new Recipe(15, 20, 0.95f, 4, 0.006f);
            case TINY -> new Recipe(12, 16, 0.80f, 4, 0.002f);
        };
    }
}
