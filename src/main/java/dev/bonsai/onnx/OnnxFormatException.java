package dev.bonsai.onnx;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Says why an ONNX file can't become a graph: where it is wrong, what was expected there, and what
 * to do.
 */
public final class OnnxFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    /** What a message quotes of a file may be as long as the file. */
    private static final int LONGEST = 4_000;

    /** Why a file is refused. */
    public enum Problem {
        /** The bytes are not a message of ONNX, or only a part of one. */
        NOT_ONNX,
        /** The message contradicts itself or ONNX's rules. */
        INVALID,
        /** The file may be right, but asks for what a graph does not have. */
        UNSUPPORTED
    }

    private final Problem problem;

    OnnxFormatException(Problem problem, String message, Throwable cause) {
        super(shortened(message), cause);
        this.problem = problem;
    }

    OnnxFormatException(Problem problem, String message) {
        this(problem, message, null);
    }

    private static String shortened(String text) {
        int half = LONGEST / 2;
        return text.length() <= LONGEST
                ? text
                : text.substring(0, half) + " ... " + text.substring(text.length() - half);
    }

    OnnxFormatException in(Path file) {
        return new OnnxFormatException(problem, file + ": " + getMessage(), this);
    }

    /**
     * Tells why the file is refused.
     *
     * @return the kind of problem
     */
    public Problem problem() {
        return problem;
    }
}
