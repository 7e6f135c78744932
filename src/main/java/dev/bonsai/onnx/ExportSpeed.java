package dev.bonsai.onnx;

import ai.onnxruntime.OrtException;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.library.OptionalLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The speed of two files of one model in this process, with ONNX Runtime on one thread: they take
 * turns, so that what else the machine does hits both, and the medians are compared. Integers are
 * not faster on every processor, nor for every model.
 *
 * <pre>{@code
 * ExportSpeed speed = ExportSpeed.measure(floats, int8, calibration);
 * Files.copy(speed.recommended().file(), target);
 * }</pre>
 *
 * @param floats the file of floats
 * @param integers the file in integers
 * @param floatMicros the median time of a run of the first batch, in microseconds
 * @param integerMicros that of the file in integers
 */
public record ExportSpeed(
        OnnxExport floats, OnnxExport integers, double floatMicros, double integerMicros) {

    /** What of a difference is taken to be noise. */
    private static final double SAME = 0.05;

    private static final int WARM_UP = 3;
    private static final int MOST_TURNS = 101;
    private static final int LEAST_TURNS = 7;
    private static final long MOST_NANOS = 2_000_000_000L;
    private static final double NANOS_PER_MICRO = 1000;

    /**
     * Measures two files, for some two seconds.
     *
     * @param floats the file of floats
     * @param integers the file in integers, of the same model
     * @param calibration whose first batch is run
     * @return how long they take
     * @throws OnnxExportException if ONNX Runtime does not run one of them
     * @throws IOException if one can't be read
     */
    public static ExportSpeed measure(
            OnnxExport floats, OnnxExport integers, Calibration calibration) throws IOException {
        OptionalLibrary.ONNX_RUNTIME.need();
        try (OrtSession first = session(floats.file());
                OrtSession second = session(integers.file())) {
            Map<String, EncodedWeight> inputs = calibration.inputs(0);
            List<OrtSession> sessions = List.of(first, second);
            long[][] times = new long[2][MOST_TURNS];
            int turns = 0;
            long start = System.nanoTime();
            for (int turn = -WARM_UP; turn < MOST_TURNS; ++turn) {
                for (int i = 0; i < 2; ++i) {
                    long before = System.nanoTime();
                    sessions.get(i).run(inputs);
                    times[i][Math.max(0, turn)] = System.nanoTime() - before;
                }
                turns = Math.max(0, turn + 1);
                if (turns >= LEAST_TURNS && System.nanoTime() - start > MOST_NANOS) {
                    break;
                }
            }
            return new ExportSpeed(
                    floats, integers, median(times[0], turns), median(times[1], turns));
        } catch (OrtException e) {
            throw new OnnxExportException(
                    "ONNX Runtime does not run a file that is measured: " + e.getMessage(), e);
        }
    }

    private static OrtSession session(Path file) throws IOException, OrtException {
        return new OrtSession(Files.readAllBytes(file));
    }

    private static double median(long[] times, int count) {
        long[] sorted = Arrays.copyOf(times, count);
        Arrays.sort(sorted);
        return sorted[count / 2] / NANOS_PER_MICRO;
    }

    /**
     * Returns the time of the integers as a part of that of the floats.
     *
     * @return less than 1 where integers are faster
     */
    public double timeRatio() {
        return integerMicros / floatMicros;
    }

    /**
     * Returns the length of the file in integers as a part of that of the floats.
     *
     * @return less than 1 where it is smaller
     */
    public double sizeRatio() {
        return (double) integers.bytes() / floats.bytes();
    }

    /**
     * Says whether integers are worth it for their speed: whether they take less time by more than
     * a twentieth, which may be noise.
     *
     * @return whether they are faster on this machine
     */
    public boolean isFaster() {
        return timeRatio() < 1 - SAME;
    }

    /**
     * Returns the file to ship where speed matters: that in integers if it is faster, else that of
     * floats, which is exact.
     *
     * @return one of the two
     */
    public OnnxExport recommended() {
        return isFaster() ? integers : floats;
    }

    /** Which file to ship, and why. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %s is %s, it takes %.2f of the time (%.0f of %.0f us) and %.2f of the bytes"
                        + " of %s, at %.1f dB",
                recommended().file(),
                integers.form(),
                isFaster() ? "faster" : "not faster",
                timeRatio(),
                integerMicros,
                floatMicros,
                sizeRatio(),
                floats.form(),
                integers.decibels());
    }
}
