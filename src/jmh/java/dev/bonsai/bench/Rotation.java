package dev.bonsai.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Times several ways to do the same, which take turns: each repetition has a turn of every one, and
 * begins with another one. So what else the machine does hits them alike, and ratios are taken
 * within a repetition. JMH has each variant in a process or iteration of its own, minutes apart,
 * and can't do that.
 */
final class Rotation {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final double NANOS_PER_MILLI = 1e6;
    private static final long WARM_UP_NANOS = 1_000_000_000L;
    private static final int WARM_UP_RUNS = 2;

    private final Map<String, List<Double>> times = new LinkedHashMap<>();

    private Rotation() {}

    /** The middle of some numbers, with the quartiles. */
    record Spread(double lower, double median, double upper) {

        static Spread of(List<Double> values) {
            List<Double> sorted = values.stream().sorted().toList();
            int last = sorted.size() - 1;
            return new Spread(
                    sorted.get((int) Math.floor(last * 0.25)),
                    sorted.get(last / 2),
                    sorted.get((int) Math.ceil(last * 0.75)));
        }
    }

    /** What is counted. */
    enum Clock {
        /** The time that the processor gave to the thread that calls. */
        PROCESSOR,
        /** The time that passes. */
        WALL;

        long nanos() {
            return this == WALL ? System.nanoTime() : THREADS.getCurrentThreadCpuTime();
        }
    }

    static Rotation measure(
            Map<String, ? extends Callable<?>> variants,
            int repetitions,
            long turnNanos,
            Clock clock)
            throws Exception {
        Rotation rotation = new Rotation();
        List<String> names = List.copyOf(variants.keySet());
        for (String name : names) {
            rotation.times.put(name, new ArrayList<>());
            warmUp(variants.get(name));
        }
        for (int repetition = 0; repetition < repetitions; ++repetition) {
            for (int i = 0; i < names.size(); ++i) {
                String name = names.get((repetition + i) % names.size());
                rotation.times.get(name).add(turn(variants.get(name), turnNanos, clock));
            }
        }
        return rotation;
    }

    private static void warmUp(Callable<?> run) throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < WARM_UP_RUNS || System.nanoTime() - start < WARM_UP_NANOS; ++i) {
            run.call();
        }
    }

    /** The milliseconds of a run, over as many as fill a turn. */
    private static double turn(Callable<?> run, long turnNanos, Clock clock) throws Exception {
        run.call(); // what others have put into the caches is not what it finds
        long start = clock.nanos();
        long passed = 0;
        int count = 0;
        while (passed < turnNanos) {
            run.call();
            ++count;
            passed = clock.nanos() - start;
        }
        return passed / NANOS_PER_MILLI / count;
    }

    Spread millis(String variant) {
        return Spread.of(times.get(variant));
    }

    /** How many times as fast as another one a variant is, repetition by repetition. */
    Spread speed(String variant, String reference) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < times.get(variant).size(); ++i) {
            ratios.add(times.get(reference).get(i) / times.get(variant).get(i));
        }
        return Spread.of(ratios);
    }
}
