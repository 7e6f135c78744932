package dev.bonsai.examples;

import dev.bonsai.examples.sentence.SimilarityTask;
import dev.bonsai.examples.sentence.TokenBatch;
import dev.bonsai.examples.sentence.Tokens;
import dev.bonsai.runtime.PlainModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Compares two sentences by the file that {@link EmbeddingCompression} has written, as a service
 * would: in plain Java, with no native code but that of the tokenizer.
 */
public final class EmbedSentence {

    private EmbedSentence() {}

    /**
     * Prints how similar two sentences are.
     *
     * @param args the {@code .bonsai} file, the {@code tokenizer.json} of its model, and the two
     *     sentences
     * @throws IOException if a file can't be read
     */
    public static void main(String[] args) throws IOException {
        PlainModel model = PlainModel.load(Path.of(args[0]));
        try (Tokens tokens = Tokens.of(Files.readAllBytes(Path.of(args[1])))) {
            float[] first = vector(model, tokens.of(args[2]));
            float[] second = vector(model, tokens.of(args[3]));
            System.out.printf(Locale.ROOT, "%.4f%n", SimilarityTask.cosine(first, second));
        }
    }

    /** The vector of a sentence: 384 numbers, of the length 1. */
    private static float[] vector(PlainModel model, long[] tokens) {
        return model.run(TokenBatch.of(List.of(tokens)).toTensors()).get(0).floats();
    }
}
