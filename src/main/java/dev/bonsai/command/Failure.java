package dev.bonsai.command;

import ai.djl.engine.EngineException;
import dev.bonsai.file.BonsaiFormatException;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.npy.NpyFormatException;
import dev.bonsai.onnx.CalibrationException;
import dev.bonsai.onnx.OnnxExportException;
import dev.bonsai.onnx.OnnxFormatException;
import dev.bonsai.page.ReportFormatException;
import dev.bonsai.qr.QrException;
import dev.bonsai.recipe.RecipeException;
import dev.bonsai.search.JournalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the user is told of something that was thrown.
 *
 * @param status what the process ends with
 * @param line what happened, in one line; of a recipe a line for each mistake
 */
record Failure(int status, String line) {

    /** What the user asked for can't be done. */
    static final int MISUSED = 2;

    /** Something else has gone wrong. */
    static final int FAILED = 1;

    /** What says in its message how to mend it. */
    private static final List<Class<? extends Exception>> MENDABLE =
            List.of(
                    InputException.class,
                    JournalException.class,
                    BonsaiFormatException.class,
                    NpyFormatException.class,
                    OnnxFormatException.class,
                    OnnxExportException.class,
                    CalibrationException.class,
                    GraphException.class,
                    QrException.class,
                    ReportFormatException.class);

    /** What the user gave is wrong. */
    static Failure misuse(String message) {
        return new Failure(MISUSED, oneLine(message));
    }

    static Failure of(Throwable thrown) {
        if (thrown instanceof RecipeException) { // a line for each mistake
            return new Failure(MISUSED, thrown.getMessage());
        }
        if (MENDABLE.stream().anyMatch(type -> type.isInstance(thrown))) {
            return misuse(thrown.getMessage());
        }
        if (thrown instanceof NoSuchFileException missing) {
            return misuse("There is no file " + told(missing, "name one that is there"));
        }
        if (thrown instanceof AccessDeniedException denied) {
            return misuse("There is no access to " + told(denied, "let it be read and written"));
        }
        if (thrown instanceof FileAlreadyExistsException
                || thrown instanceof NotDirectoryException) {
            return misuse(told((FileSystemException) thrown, "it is in the way: name another"));
        }
        if (thrown instanceof UncheckedIOException) { // such as a full disk, behind a listener
            return failed(thrown.getMessage() + " (" + thrown.getCause() + ")");
        }
        if (thrown instanceof IOException) {
            return failed(thrown.toString());
        }
        if (thrown instanceof EngineException) {
            return failed(
                    "DJL's engine: "
                            + thrown.getMessage()
                            + "; if it can't fetch PyTorch's library, put"
                            + " ai.djl.pytorch:pytorch-native-cpu on the class path, and if it has"
                            + " it, "
                            + CommandRunner.VERBOSE
                            + " tells where this was thrown");
        }
        if (thrown instanceof OutOfMemoryError) {
            return failed(thrown.getMessage() + ": give Java more memory, such as java -Xmx8g");
        }
        return failed(thrown + "; " + CommandRunner.VERBOSE + " tells where it was thrown");
    }

    private static String told(FileSystemException e, String remedy) {
        return e.getFile() + ": " + (e.getReason() == null ? remedy : e.getReason());
    }

    private static Failure failed(String message) {
        return new Failure(FAILED, oneLine(message));
    }

    private static String oneLine(String message) {
        return message.lines().map(String::strip).collect(Collectors.joining(" "));
    }
}
