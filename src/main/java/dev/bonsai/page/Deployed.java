package dev.bonsai.page;

import java.util.OptionalDouble;

/**
 * A file where it would be used.
 *
 * @param file the name of the file
 * @param engine what runs it, such as {@code ONNX Runtime}
 * @param bytes the length of the file
 * @param metric the metric that was measured there; empty if none was
 * @param milliseconds how long one sample takes; empty if that was not measured
 */
public record Deployed(
        String file,
        String engine,
        long bytes,
        OptionalDouble metric,
        OptionalDouble milliseconds) {}
