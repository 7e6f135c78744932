package dev.bonsai.search;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * How long a search takes with many workers until as many strategies have got the most effort as in
 * one bracket of successive halving, by the very rules of the methods and the recorded times of
 * real trials: successive halving, which waits for each rung, beside asynchronous halving.
 *
 * <pre>{@code
 * java ... dev.bonsai.search.ClusterSimulation target/bonsai/search-lenet300/journal.jsonl
 * }</pre>
 */
public final class ClusterSimulation {

    private static final int STRATEGIES = 512;
    private static final int EFFORT = 5;
    private static final int FACTOR = 2;
    private static final int RUNGS = 5;
    private static final int SEEDS = 5;
    private static final int SLOW_ONE_IN = 16;
    private static final int SLOWER = 3;
    private static final Goal GOAL = Goal.maxBytes(Long.MAX_VALUE);

    private final List<Recorded> recorded;
    private final boolean stragglers;

    /**
     * A trial that was run.
     *
     * @param effort its effort
     * @param millis how long it took
     * @param metric what it reached
     */
    record Recorded(int effort, long millis, double metric) {}

    /**
     * What a search with so many workers took.
     *
     * @param millis from its begin to the end of the last trial that counts
     * @param busy the part of the workers' time in which they had a trial
     * @param strategies how many strategies were tried
     */
    record Course(long millis, double busy, int strategies) {}

    /**
     * @param recorded trials that were run
     * @param stragglers whether one worker in 16 takes three times as long
     */
    ClusterSimulation(List<Recorded> recorded, boolean stragglers) {
        this.recorded = List.copyOf(recorded);
        this.stragglers = stragglers;
    }

    private boolean isSlow(int worker) {
        return stragglers && worker % SLOW_ONE_IN == 0;
    }

    static List<Recorded> read(Path journal) throws IOException {
        List<Recorded> recorded = new ArrayList<>();
        for (String line : Files.readAllLines(journal)) {
            JsonObject json = JsonParser.parseString(line).getAsJsonObject();
            if (json.has("metric")) {
                recorded.add(
                        new Recorded(
                                json.get("effort").getAsInt(),
                                json.get("millis").getAsLong(),
                                json.get("metric").getAsDouble()));
            }
        }
        if (recorded.isEmpty()) {
            throw new IllegalArgumentException(
                    journal + ": expected the journal of a search with trials that succeeded");
        }
        return recorded;
    }

    /** A trial that takes as long per unit of effort as one of those that were recorded. */
    private SearchTrial trial(Assignment assignment, long seed) {
        Random quality = new Random(seed * 31 + assignment.strategy().hashCode());
        Recorded like = recorded.get(quality.nextInt(recorded.size()));
        Random noise = new Random(seed * 31 + assignment.number());
        Recorded time = recorded.get(noise.nextInt(recorded.size()));
        double metric = like.metric() + 0.01 * noise.nextGaussian() / assignment.effort();
        long millis = time.millis() * assignment.effort() / time.effort();
        return SearchTrial.of(
                assignment,
                Attempt.succeeded(new Outcome(1, metric), Duration.ofMillis(Math.max(1, millis))));
    }

    /** Runs a plan until so many trials with the most effort have ended. */
    Course run(TrialPlan plan, int workers, int mostEffort, int wanted, long seed) {
        record UnderWay(int worker, long begin, long end, SearchTrial trial) {}
        Queue<Integer> free = new ArrayDeque<>(IntStream.range(0, workers).boxed().toList());
        PriorityQueue<UnderWay> underWay =
                new PriorityQueue<>(
                        Comparator.comparingLong(UnderWay::end)
                                .thenComparing(one -> one.trial().number()));
        Set<Strategy> tried = new HashSet<>();
        long now = 0;
        long work = 0;
        int finished = 0;
        while (finished < wanted) {
            while (!free.isEmpty()) {
                Optional<Assignment> next = plan.next();
                if (next.isEmpty()) {
                    break;
                }
                SearchTrial trial = trial(next.get(), seed);
                tried.add(trial.strategy());
                int worker = free.remove();
                long millis = trial.time().toMillis() * (isSlow(worker) ? SLOWER : 1);
                underWay.add(new UnderWay(worker, now, now + millis, trial));
            }
            UnderWay first = underWay.remove();
            free.add(first.worker());
            now = first.end();
            work += now - first.begin();
            plan.add(first.trial());
            if (first.trial().effort() == mostEffort) {
                ++finished;
            }
        }
        for (UnderWay cut : underWay) {
            work += now - cut.begin();
        }
        return new Course(now, (double) work / workers / now, tried.size());
    }

    /** The rungs of halving up to the most effort. */
    static List<SearchMethod.Rung> rungs() {
        return new SearchMethod.SuccessiveHalving(STRATEGIES, EFFORT, FACTOR)
                .rungs()
                .subList(0, RUNGS);
    }

    private static TrialPlan plan(boolean asynchronous, long seed) {
        Choice<Integer> number =
                new Choice<>("number", IntStream.range(0, 20 * STRATEGIES).boxed().toList());
        Sampler sampler =
                new Sampler(SearchSpace.builder().addChoice(number).build(), List.of(), seed);
        return asynchronous
                ? new AsynchronousPlan(
                        sampler, new SearchMethod.AsynchronousHalving(RUNGS, EFFORT, FACTOR), GOAL)
                : new BracketPlan(sampler, rungs(), GOAL);
    }

    /** Runs one bracket, or asynchronously until as many strategies got the most effort. */
    Course run(boolean asynchronous, int workers, long seed) {
        SearchMethod.Rung last = rungs().get(RUNGS - 1);
        return run(plan(asynchronous, seed), workers, last.effort(), last.strategies(), seed);
    }

    /** Returns a table of many workers. */
    String table() {
        StringBuilder table = new StringBuilder();
        table.append("| workers | halving | busy | asynchronous | busy | strategies | ratio |\n");
        table.append("|---:|---:|---:|---:|---:|---:|---:|\n");
        for (int workers = 8; workers <= 512; workers *= 2) {
            Mean halving = mean(false, workers);
            Mean asynchronous = mean(true, workers);
            table.append(
                    String.format(
                            Locale.ROOT,
                            "| %d | %.1f min | %.0f %% | %.1f min | %.0f %% | %.0f | %.2f |%n",
                            workers,
                            halving.minutes(),
                            100 * halving.busy(),
                            asynchronous.minutes(),
                            100 * asynchronous.busy(),
                            asynchronous.strategies(),
                            halving.minutes() / asynchronous.minutes()));
        }
        return table.toString();
    }

    /** The means over the seeds. */
    private record Mean(double minutes, double busy, double strategies) {}

    private Mean mean(boolean asynchronous, int workers) {
        List<Course> courses =
                LongStream.range(0, SEEDS)
                        .mapToObj(seed -> run(asynchronous, workers, seed))
                        .toList();
        return new Mean(
                courses.stream().mapToDouble(Course::millis).average().orElseThrow() / 60_000,
                courses.stream().mapToDouble(Course::busy).average().orElseThrow(),
                courses.stream().mapToDouble(Course::strategies).average().orElseThrow());
    }

    /**
     * Prints the table.
     *
     * @param args the journal of a real search
     */
    public static void main(String[] args) throws IOException {
        List<Recorded> recorded = read(Path.of(args[0]));
        System.out.printf(
                Locale.ROOT,
                "Until %d strategies have got %d epochs, as in a bracket of %d strategies and"
                        + " efforts from %d by a factor of %d; times of %d recorded trials, means of"
                        + " %d seeds%n%n%s%nThe same, with one worker in %d that takes %d times as"
                        + " long%n%n%s",
                rungs().get(RUNGS - 1).strategies(),
                rungs().get(RUNGS - 1).effort(),
                STRATEGIES,
                EFFORT,
                FACTOR,
                recorded.size(),
                SEEDS,
                new ClusterSimulation(recorded, false).table(),
                SLOW_ONE_IN,
                SLOWER,
                new ClusterSimulation(recorded, true).table());
    }
}
