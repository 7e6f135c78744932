package dev.bonsai.examples.sentence;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Batch;
import dev.bonsai.runtime.PlainModel;
import java.util.Arrays;
import java.util.List;

/** What models make of sentences. */
public final class SentenceVectors {

    private static final int BATCH_SIZE = 64;

    private SentenceVectors() {}

    /**
     * Has a DJL block make vectors.
     *
     * @param block a block that is initialised, whose first output has a vector per sentence
     * @param sentences the numbers of the tokens of each
     * @return a vector per sentence
     */
    public static float[][] of(Block block, List<long[]> sentences) {
        float[][] vectors = new float[sentences.size()][];
        try (NDManager manager = NDManager.newBaseManager()) {
            ParameterStore store = new ParameterStore(manager, false);
            SentenceBatches batches = SentenceBatches.toJudge(sentences, BATCH_SIZE);
            for (Batch batch : batches.getData(manager)) {
                try (batch) {
                    float[] values =
                            block.forward(store, batch.getData(), false).head().toFloatArray();
                    put(values, batch.getLabels().head().toIntArray(), vectors);
                }
            }
        }
        return vectors;
    }

    /**
     * Has a model in plain Java make vectors, one sentence at a time.
     *
     * @param model a model whose first output has a vector per sentence
     * @param sentences the numbers of the tokens of each
     * @return a vector per sentence
     */
    public static float[][] of(PlainModel model, List<long[]> sentences) {
        return sentences.stream()
                .map(tokens -> model.run(TokenBatch.of(List.of(tokens)).toTensors()))
                .map(outputs -> outputs.get(0).floats())
                .toArray(float[][]::new);
    }

    /** Cuts rows that stand one behind the other, and puts each where it belongs. */
    static void put(float[] rows, int[] places, float[][] vectors) {
        int length = rows.length / places.length;
        for (int i = 0; i < places.length; ++i) {
            vectors[places[i]] = Arrays.copyOfRange(rows, i * length, (i + 1) * length);
        }
    }
}
