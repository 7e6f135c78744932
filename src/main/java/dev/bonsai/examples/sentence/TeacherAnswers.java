package dev.bonsai.examples.sentence;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Batch;
import java.util.Arrays;
import java.util.List;

/**
 * What a teacher makes of the sentences of a text, once for all epochs.
 *
 * <p>The arrays belong to the record and must not be changed.
 *
 * @param vectors a vector per sentence
 * @param states the vectors of the tokens of each sentence, one behind the other
 */
public record TeacherAnswers(float[][] vectors, float[][] states) {

    private static final int BATCH_SIZE = 64;

    /**
     * Asks a teacher.
     *
     * @param teacher a block that is initialised, of {@link SentenceModel#withTokens}
     * @param sentences the numbers of the tokens of each
     * @return its answers
     */
    public static TeacherAnswers of(Block teacher, List<long[]> sentences) {
        float[][] vectors = new float[sentences.size()][];
        float[][] states = new float[sentences.size()][];
        try (NDManager manager = NDManager.newBaseManager()) {
            ParameterStore store = new ParameterStore(manager, false);
            SentenceBatches batches = SentenceBatches.toJudge(sentences, BATCH_SIZE);
            for (Batch batch : batches.getData(manager)) {
                try (batch) {
                    NDList said = teacher.forward(store, batch.getData(), false);
                    int[] places = batch.getLabels().head().toIntArray();
                    SentenceVectors.put(said.get(0).toFloatArray(), places, vectors);
                    SentenceVectors.put(said.get(1).toFloatArray(), places, states);
                    for (int place : places) { // without what stands behind the end
                        int length = sentences.get(place).length * vectors[place].length;
                        states[place] = Arrays.copyOf(states[place], length);
                    }
                }
            }
        }
        return new TeacherAnswers(vectors, states);
    }

    /** Makes labels of the answers to some sentences. */
    NDList toArrays(int[] places, NDManager manager) {
        int width = vectors[0].length;
        int longest = Arrays.stream(places).map(place -> states[place].length).max().orElse(0);
        float[] sentences = new float[places.length * width];
        float[] tokens = new float[places.length * longest];
        for (int i = 0; i < places.length; ++i) {
            float[] state = states[places[i]];
            System.arraycopy(vectors[places[i]], 0, sentences, i * width, width);
            System.arraycopy(state, 0, tokens, i * longest, state.length);
        }
        return new NDList(
                manager.create(sentences, new Shape(places.length, width)),
                manager.create(tokens, new Shape(places.length, longest / width, width)));
    }
}
