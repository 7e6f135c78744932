package dev.bonsai.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.library.OptionalLibrary;
import dev.bonsai.onnx.OnnxFormatException.Problem;
import dev.bonsai.rewrite.Simplifier;
import dev.bonsai.rewrite.Simplifier.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads an ONNX file as a graph, of operator sets 9 to 21 and, as far as the operators are known,
 * of 6 to 25.
 *
 * <pre>{@code
 * GraphModel model = OnnxImporter.read(Path.of("model.onnx"));
 * System.out.println(model.graph());
 * }</pre>
 *
 * <p>Local functions and branches with a constant condition are put in their places, older forms of
 * operators become those of operator set 17. Weights keep their names as paths; {@link Form} says
 * what is done then.
 */
public final class OnnxImporter {

    private OnnxImporter() {}

    /** How near the graph is to the file. */
    public enum Form {
        /** The operators of the file. */
        LITERAL,
        /** Fewer and larger operators of the same meaning, for a block that is trained further. */
        TRAINING,
        /** As {@link #TRAINING}, without dropout and with batch normalisation in the weights. */
        INFERENCE
    }

    /**
     * Reads a file as a graph for training.
     *
     * @param file the file
     * @return graph and weights
     * @throws OnnxFormatException if it can't become a graph
     * @throws IOException if it can't be read
     */
    public static GraphModel read(Path file) throws IOException {
        return read(file, Form.TRAINING);
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @param form how near the graph is to it
     * @return graph and weights
     * @throws OnnxFormatException if it can't become a graph
     * @throws IOException if it can't be read
     */
    public static GraphModel read(Path file, Form form) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(
                    file.toString(), null, "expected a file that ends in .onnx");
        }
        try {
            return read(bytes(file), form);
        } catch (OnnxFormatException e) {
            throw e.in(file);
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        if (Files.size(file) > Integer.MAX_VALUE - 16) {
            throw new OnnxFormatException(
                    Problem.UNSUPPORTED,
                    "A model of ONNX has at most 2 GiB, but the file has "
                            + Files.size(file)
                            + " bytes");
        }
        return Files.readAllBytes(file);
    }

    /**
     * Reads the bytes of a file as a graph for training.
     *
     * @param bytes the bytes, which must not change as long as the model is used
     * @return graph and weights
     * @throws OnnxFormatException if they can't become a graph
     */
    public static GraphModel read(byte[] bytes) throws OnnxFormatException {
        return read(bytes, Form.TRAINING);
    }

    /**
     * Reads the bytes of a file.
     *
     * @param bytes the bytes
     * @param form how near the graph is to them
     * @return graph and weights
     * @throws OnnxFormatException if they can't become a graph
     */
    public static GraphModel read(byte[] bytes, Form form) throws OnnxFormatException {
        OptionalLibrary.ONNX_MESSAGES.need();
        ModelProto model = OnnxParser.model(bytes);
        checkVersion(model);
        GraphModel literal = new ModelReader(model).read();
        if (form == Form.LITERAL) {
            return literal;
        }
        try {
            return Simplifier.simplify(
                    literal, form == Form.TRAINING ? Mode.TRAINING : Mode.INFERENCE);
        } catch (GraphException e) {
            throw new OnnxFormatException(Problem.INVALID, e.getMessage(), e);
        }
    }

    private static void checkVersion(ModelProto model) throws OnnxFormatException {
        for (OperatorSetIdProto set : model.getOpsetImportList()) {
            boolean own = set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx");
            long version = set.getVersion();
            if (own && (version < Translations.OLDEST || version > Translations.NEWEST)) {
                throw new OnnxFormatException(
                        Problem.UNSUPPORTED,
                        "Operator sets "
                                + Translations.OLDEST
                                + " to "
                                + Translations.NEWEST
                                + " are known, but the file is of "
                                + version
                                + ": convert it with onnx.version_converter or export it for"
                                + " operator set 17");
            }
        }
    }
}
