package dev.bonsai.examples;

import dev.bonsai.command.CommandRunner;

/**
 * Makes all-MiniLM-L6-v2 small, an embedding model that many JVM services have inside: it is read
 * from ONNX, fine-tuned while it is quantized, with itself as the teacher and the sentences of the
 * STS benchmark as the text, and written as a {@code .bonsai} file that plain Java runs.
 *
 * <p>The numbers of the compressed model are those of the file: it is written, read back and judged
 * on the pairs of the test set, once. {@link EmbedSentence} shows how a service uses it.
 */
public final class EmbeddingCompression {

    private EmbeddingCompression() {}

    /**
     * Runs the example and ends the process.
     *
     * @param args the options; {@code --help} lists them
     */
    public static void main(String[] args) {
        System.exit(runExample(args));
    }

    /**
     * Runs the example.
     *
     * @param args the options; {@code --help} lists them
     * @return 0 if all went well, 1 after an error, 2 if an option, the data or the model is not as
     *     it must be
     */
    public static int runExample(String... args) {
        return CommandRunner.run(new EmbeddingOptions(), args);
    }
}
