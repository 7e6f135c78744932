package dev.bonsai.examples.data;

import ai.djl.util.Progress;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for work that may hang, such as a download on a network that swallows packets, as long as
 * it shows progress.
 */
final class Patience {

    private Patience() {}

    /** Work that reports its progress. */
    @FunctionalInterface
    interface Work<T> {
        T run(Progress progress) throws Exception;
    }

    /**
     * Runs work and waits for its result.
     *
     * @param what what the work is to get, for messages
     * @param patience how long the work may go without progress
     * @param work runs on a thread of its own; when it hangs, it is left behind and does not keep
     *     the program from ending
     * @return the result
     * @throws DataException if the work fails or hangs
     */
    static <T> T await(String what, Duration patience, Work<T> work) {
        Heartbeat heartbeat = new Heartbeat();
        FutureTask<T> task = new FutureTask<>(() -> work.run(heartbeat));
        Thread thread = new Thread(task, "load " + what);
        thread.setDaemon(true);
        thread.start();
        while (true) {
            long rest = patience.toNanos() - heartbeat.silence();
            if (rest <= 0 && !task.isDone()) {
                thread.interrupt();
                throw new DataException(
                        String.format(
                                Locale.ROOT,
                                "%s cannot be had: nothing came for %.1f s",
                                what,
                                patience.toMillis() / 1000.0));
            }
            try {
                return task.get(Math.max(rest, 0), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                // Look again whether it has been silent for too long.
            } catch (ExecutionException e) {
                throw new DataException(
                        String.format(
                                Locale.ROOT, "%s cannot be had: %s", what, oneLine(e.getCause())),
                        e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DataException("Interrupted while waiting for " + what, e);
            }
        }
    }

    private static String oneLine(Throwable cause) {
        return cause instanceof DataException
                ? cause.getMessage()
                : cause.toString().lines().findFirst().orElse("");
    }

    /** Notes when DJL last reported progress. */
    private static final class Heartbeat implements Progress {

        private volatile long last = System.nanoTime();

        private long silence() {
            return System.nanoTime() - last;
        }

        private void beat() {
            last = System.nanoTime();
        }

        @Override
        public void reset(String message, long max, String trailingMessage) {
            beat();
        }

        @Override
        public void start(long initialProgress) {
            beat();
        }

        @Override
        public void end() {
            beat();
        }

        @Override
        public void increment(long increment) {
            beat();
        }

        @Override
        public void update(long progress, String message) {
            beat();
        }
    }
}
