package dev.bonsai.page;

import dev.bonsai.report.CompressionReport;
import dev.bonsai.report.WeightReport;
import java.util.ArrayList;
import java.util.List;

/**
 * One step from the bytes of the dense model to those of the file.
 *
 * @param name what takes bytes away, or adds some
 * @param bytes what is left behind the step
 * @param change the difference to the step before
 */
record ByteStep(String name, long bytes, long change) {

    /** Each step takes less of what the one before has left; the last one is the file as it is. */
    static List<ByteStep> of(CompressionReport report, long dense, long file) {
        double zeros = 0;
        double bits = 0;
        for (WeightReport weight : report.weights()) {
            double kept = weight.size() - weight.zeros();
            zeros += (double) Float.BYTES * weight.zeros();
            bits += (Float.SIZE - weight.bits()) * kept / Byte.SIZE - weight.scaleBytes();
        }
        List<ByteStep> steps = new ArrayList<>();
        steps.add(new ByteStep("dense", dense, 0));
        add(steps, "zeros left out", dense - Math.round(zeros));
        add(steps, "fewer bits", dense - Math.round(zeros) - Math.round(bits));
        add(steps, "positions and coding", file);
        return steps;
    }

    private static void add(List<ByteStep> steps, String name, long bytes) {
        long before = steps.get(steps.size() - 1).bytes;
        if (bytes != before) {
            steps.add(new ByteStep(name, bytes, bytes - before));
        }
    }
}
