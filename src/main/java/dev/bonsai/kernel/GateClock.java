package dev.bonsai.kernel;

import dev.bonsai.report.TrainingTime;
import java.util.function.Supplier;

/** Measures how long a training takes, and which part of it the gate takes. */
final class GateClock {

    private static final double NANOS = 1e9;

    private long begin = System.nanoTime();
    private long gate;
    private boolean running;

    /** Does what the gate does, and counts the time; also if that fails. */
    void time(Runnable work) {
        time(
                () -> {
                    work.run();
                    return new double[0];
                });
    }

    /** Measures what the gate does, and counts the time; also if that fails. */
    double[] time(Supplier<double[]> work) {
        long start = System.nanoTime();
        running = true;
        try {
            return work.get();
        } finally {
            running = false;
            gate += System.nanoTime() - start;
        }
    }

    /** Tells whether the gate is at work, to the thread that trains. */
    boolean isRunning() {
        return running;
    }

    /** Goes on from the time that was taken before. */
    void resume(TrainingTime before) {
        begin -= (long) (before.total() * NANOS);
        gate += (long) (before.gate() * NANOS);
    }

    /** Returns the time until now. */
    TrainingTime read() {
        return new TrainingTime((System.nanoTime() - begin) / NANOS, gate / NANOS);
    }
}
