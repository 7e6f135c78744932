package dev.bonsai.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What a classifier answers to each image of a data set.
 *
 * @param labels the classes that are right
 * @param classes the classes that it answers, in the same order
 */
record Answers(int[] labels, int[] classes) {

    /** Asks a block. */
    static Answers of(Block block, Dataset images) throws IOException, TranslateException {
        IntStream.Builder labels = IntStream.builder();
        IntStream.Builder classes = IntStream.builder();
        try (NDManager manager = NDManager.newBaseManager()) {
            ParameterStore store = new ParameterStore(manager, false);
            for (Batch batch : images.getData(manager)) {
                try (batch) {
                    add(labels, batch.getLabels().head());
                    NDArray scores = block.forward(store, batch.getData(), false).head();
                    add(classes, scores.argMax(1));
                }
            }
        }
        return new Answers(labels.build().toArray(), classes.build().toArray());
    }

    private static void add(IntStream.Builder all, NDArray some) {
        Arrays.stream(PlainImages.integers(some)).forEach(all);
    }

    int size() {
        return labels.length;
    }

    /** Returns the share of the answers that are right. */
    double accuracy() {
        long right = IntStream.range(0, size()).filter(i -> classes[i] == labels[i]).count();
        return (double) right / size();
    }
}
