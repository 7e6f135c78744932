package dev.bonsai.kernel;

import dev.bonsai.report.TrainingTime;
import java.util.function.Supplier;

/** Measures how long a training takes, and which part of it the gate takes. */
final class GateClock {

    private static final double NANOS = 1e9;

    private final long begin = System.nanoTime();
    private long gate;

    /** Does what the gate does, and counts the time; also if that fails. */
    void time(Runnable work) {
        long start = System.nanoTime();
        try {
            work.run();
        } finally {
            gate += System.nanoTime() - start;
        }
    }

    /** Measures what the gate does, and counts the time; also if that fails. */
    double[] time(Supplier<double[]> work) {
        long start = System.nanoTime();
        try {
            return work.get();
        } finally {
            gate += System.nanoTime() - start;
        }
    }

    /** Returns the time until now. */
    TrainingTime read() {
        return new TrainingTime((System.nanoTime() - begin) / NANOS, gate / NANOS);
    }
}
