package dev.bonsai.cli;

import dev.bonsai.block.GraphWeights;
import dev.bonsai.command.InputException;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.onnx.OnnxImporter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A model in a file, of the kind that its ending tells.
 *
 * @param path the file
 * @param kind what it is
 * @param content what it holds
 */
record ModelFile(Path path, Kind kind, BonsaiModel content) {

    /** The kinds of files that hold a model. */
    enum Kind {
        BONSAI,
        ONNX;

        String ending() {
            return "." + name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads a file.
     *
     * @throws InputException if its name ends in nothing known
     * @throws IOException if it can't be read, or is damaged
     */
    static ModelFile read(Path file) throws IOException {
        Kind kind = kind(file);
        return new ModelFile(
                file,
                kind,
                switch (kind) {
                    case BONSAI -> BonsaiFile.read(file);
                    case ONNX -> content(OnnxImporter.read(file));
                });
    }

    /** Reads an ONNX file, as the first step on the way to a small model. */
    static ModelFile readOnnx(Path file) throws IOException {
        expect(file, Kind.ONNX, "the model");
        return read(file);
    }

    private static Kind kind(Path file) {
        for (Kind kind : Kind.values()) {
            if (ends(file, kind)) {
                return kind;
            }
        }
        throw new InputException(
                file + ": expected a model in a file whose name ends in .bonsai or .onnx");
    }

    private static boolean ends(Path file, Kind kind) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(kind.ending());
    }

    /** Refuses a name of another ending. */
    static Path expect(Path file, Kind kind, String what) {
        if (!ends(file, kind)) {
            throw new InputException(
                    file + ": expected " + what + " in a file whose name ends in " + kind.ending());
        }
        return file;
    }

    private static BonsaiModel content(GraphModel model) {
        return new BonsaiModel(
                GraphWeights.of(model), List.of(), Optional.of(model.graph()), List.of());
    }

    /**
     * Returns what can be run.
     *
     * @throws InputException if there are but weights
     */
    GraphModel graph() {
        return content.graphModel()
                .orElseThrow(
                        () ->
                                new InputException(
                                        path
                                                + " has weights only and no graph to run: write it"
                                                + " with its graph, or load it in Java with"
                                                + " CompressedModel.applyTo"));
    }
}
