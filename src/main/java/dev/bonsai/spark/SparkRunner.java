package dev.bonsai.spark;

import dev.bonsai.search.Assignment;
import dev.bonsai.search.Attempt;
import dev.bonsai.search.Experiment;
import dev.bonsai.search.StrategySearch;
import dev.bonsai.search.TrialRunner;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the trials of a {@link StrategySearch} on a Spark cluster, each as a job of one task.
 *
 * <pre>{@code
 * Choice<Double> sparsity = Choice.of("sparsity", 0.9, 0.95, 0.98);
 * Choice<Integer> bits = Choice.of("bits", 2, 3, 4);
 * try (JavaSparkContext spark = new JavaSparkContext(new SparkConf().setAppName("search"))) {
 *     SparkExperiment experiment =
 *             (strategy, effort) -> compress(strategy.get(sparsity), strategy.get(bits), effort);
 *     SearchResult result =
 *             StrategySearch.builder()
 *                     .setSpace(SearchSpace.builder().addChoice(sparsity).addChoice(bits).build())
 *                     .setGoal(Goal.maxBytes(10_000))
 *                     .setExperiment(experiment)
 *                     .setJournal(Path.of("search.jsonl"))
 *                     .optMethod(SearchMethod.asynchronousHalving(3, 5, 3))
 *                     .optMaxTrials(500)
 *                     .optRunner(SparkRunner.of(spark))
 *                     .build()
 *                     .run();
 *     System.out.println(result);
 * }
 * }</pre>
 *
 * <p>The driver runs the search and writes the journal: when it is killed, run it again. The trial
 * of an executor that is lost is run again by Spark, {@code spark.task.maxFailures} times in all;
 * then, as when the experiment throws an exception, it is a failed trial, and the search goes on.
 * When the search ends early, the trials under way are cancelled and their threads interrupted.
 *
 * <p>Trials that train with DJL share its generator of random numbers with whatever runs in the
 * same process, so that their outcomes can't be had again. Give each executor one task at a time:
 * with {@code spark.executor.cores} equal to {@code spark.task.cpus}, which both are 1 by default
 * on YARN and Kubernetes; on a standalone cluster the former is to be set.
 */
public final class SparkRunner implements TrialRunner {

    private static final Logger LOGGER = LoggerFactory.getLogger(SparkRunner.class);

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_EVERY_SECONDS = 1;

    private final JavaSparkContext context;
    private final int slots;
    private final RunningTasks running = new RunningTasks();
    private boolean loadable;

    private SparkRunner(JavaSparkContext context, int slots) {
        this.context = context;
        this.slots = slots;
        context.sc().addSparkListener(running);
    }

    /**
     * Runs as many trials at once as the settings of a context have cores for, {@code
     * spark.task.cpus} each. On a standalone cluster without {@code spark.cores.max} it is as many
     * cores as have reported so far.
     *
     * @param context the context, which stays the caller's to close
     * @return the runner
     * @throws IllegalArgumentException if executors come and go with no most number of them
     */
    public static SparkRunner of(JavaSparkContext context) {
        return of(context, Slots.of(context.getConf(), context::defaultParallelism));
    }

    /**
     * Runs so many trials at once. Those for which there is no core wait in Spark.
     *
     * @param context the context, which stays the caller's to close
     * @param slots how many trials may be under way, at least 1
     * @return the runner
     */
    public static SparkRunner of(JavaSparkContext context, int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException(
                    "A search runs 1 or more trials at once, but got " + slots);
        }
        return new SparkRunner(context, slots);
    }

    @Override
    public int slots() {
        return slots;
    }

    /**
     * Runs a trial on an executor.
     *
     * @throws IllegalArgumentException if the experiment or the strategy can't be sent to
     *     executors; the message names the class
     * @throws IllegalStateException if the context was stopped
     */
    @Override
    public Attempt run(Experiment experiment, Assignment assignment) throws InterruptedException {
        Sendable.check(experiment, assignment); // before Spark does, which names its own classes
        checkLoadable(experiment, assignment);
        long start = System.nanoTime();
        try {
            return call(() -> Attempt.at(experiment, assignment), assignment.toString());
        } catch (ExecutionException e) {
            LOGGER.warn("{} was given up by Spark", assignment, e);
            return Attempt.failed(
                    String.valueOf(e.getCause()), Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** Once, or else every trial would fail for a missing jar. */
    private void checkLoadable(Experiment experiment, Assignment assignment)
            throws InterruptedException {
        synchronized (this) {
            if (loadable) {
                return;
            }
            try {
                call(() -> experiment.getClass().getName() + assignment.effort(), "a first look");
                loadable = true;
            } catch (ExecutionException e) {
                throw new IllegalArgumentException(
                        "The executors can't load the experiment. Give them its jar and Bonsai's,"
                                + " with --jars or spark.executor.extraClassPath: "
                                + e.getCause(),
                        e);
            }
        }
    }

    /** Calls a function on an executor, as a job that is cancelled with this thread. */
    private <T> T call(Callable<T> function, String description)
            throws InterruptedException, ExecutionException {
        String group = "bonsai-" + UUID.randomUUID();
        running.watch(group);
        context.setJobGroup(group, description, true); // of this thread
        try {
            return await(
                    context.parallelize(List.of(0), 1)
                            .map(ignored -> function.call())
                            .collectAsync());
        } catch (InterruptedException e) {
            cancel(group, description);
            throw e;
        } catch (ExecutionException | IllegalStateException e) {
            if (context.sc().isStopped()) {
                throw new IllegalStateException(
                        "The Spark context was stopped: run the search again with a new one to"
                                + " resume it",
                        e);
            }
            throw e;
        } finally {
            context.clearJobGroup();
            running.forget(group);
        }
    }

    private void cancel(String group, String description) throws InterruptedException {
        if (context.sc().isStopped()) {
            return;
        }
        context.cancelJobGroup(group);
        if (!running.awaitEnd(group, PATIENCE)) {
            LOGGER.warn("{} does not heed that it was cancelled, and runs on", description);
        }
    }

    /** Waits for a job, which may never end when the context is stopped as it begins. */
    private <T> T await(JavaFutureAction<List<T>> job)
            throws InterruptedException, ExecutionException {
        while (true) {
            try {
                return job.get(LOOK_EVERY_SECONDS, TimeUnit.SECONDS).get(0);
            } catch (TimeoutException e) {
                if (context.sc().isStopped()) {
                    throw new ExecutionException(e);
                }
            }
        }
    }

    /** A {@link java.util.concurrent.Callable} that can be sent. */
    @FunctionalInterface
    private interface Callable<T> extends Serializable {
        T call() throws Exception;
    }

    @Override
    public String toString() {
        return "SparkRunner[master=" + context.master() + ", slots=" + slots + "]";
    }
}
