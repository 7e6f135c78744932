package dev.bonsai.examples;

import dev.bonsai.command.InputException;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.network.Network;
import dev.bonsai.search.StrategySearch;
import dev.bonsai.spark.SharedFolder;
import dev.bonsai.spark.SparkRunner;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** The trials of a search on a Spark cluster, from the context to the files. */
final class SparkTrials implements Closeable, TrialFiles {

    private static final String CORES = "spark.executor.cores";
    private static final String CORES_OF_A_TASK = "spark.task.cpus";
    private static final String THREADS = "spark.executorEnv.OMP_NUM_THREADS";
    private static final String WAITING = "spark.executorEnv.OMP_WAIT_POLICY";

    private final JavaSparkContext context;
    private final SharedFolder folder;
    private final SparkRunner runner;

    private SparkTrials(JavaSparkContext context, SharedFolder folder) {
        this.context = context;
        this.folder = folder;
        runner = SparkRunner.of(context);
    }

    /**
     * Begins to use a cluster.
     *
     * @param master such as {@code spark://host:7077}; empty for that of spark-submit
     * @param shared the folder that all machines see
     * @throws InputException if there is no such cluster, or Spark itself is missing
     */
    static SparkTrials on(String master, String shared) throws IOException {
        SparkConf conf = check(master, Optional.of(shared));
        JavaSparkContext context = context(conf);
        boolean begun = false;
        try {
            SparkTrials trials = new SparkTrials(context, SharedFolder.of(shared, context));
            begun = true;
            return trials;
        } finally {
            if (!begun) {
                context.close(); // or its executors would stay
            }
        }
    }

    private static JavaSparkContext context(SparkConf conf) {
        try {
            return new JavaSparkContext(conf);
        } catch (IllegalAccessError | ExceptionInInitializerError e) {
            throw missing("Java was started without the --add-opens that Spark needs", e);
        }
    }

    /**
     * Tells, before a long preparation, whether {@link #on} may work.
     *
     * @param shared the folder that all machines see; empty for one of this machine
     * @throws InputException if there is no Spark here, the master is none to be used, or the
     *     trials' files would not come back from it
     */
    static SparkConf check(String master, Optional<String> shared) {
        try {
            return settings(master, shared);
        } catch (NoClassDefFoundError e) {
            throw missing("Spark is not on the class path", e);
        }
    }

    private static InputException missing(String what, Throwable cause) {
        return new InputException(
                "--spark: "
                        + what
                        + ": start this command with spark-submit, as docs/cluster.md says ("
                        + cause
                        + ")");
    }

    private static SparkConf settings(String master, Optional<String> shared) {
        SparkConf conf = new SparkConf().setIfMissing("spark.app.name", "Bonsai search");
        if (!master.isEmpty()) {
            conf.setMaster(master);
        }
        String chosen = conf.get("spark.master", "");
        if (chosen.isEmpty()) {
            throw new InputException(
                    "--spark: expected a master such as spark://host:7077 or local-cluster[2,1,2048],"
                            + " or a start by spark-submit, which names one");
        }
        if (chosen.startsWith("local[") && !chosen.equals("local[1]")) {
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "--spark: with %s trials would run in one process and take each other's"
                                    + " random numbers: take local-cluster[2,1,2048] for two"
                                    + " processes of a core each",
                            chosen));
        }
        if (shared.isEmpty() && !chosen.startsWith("local")) {
            throw new InputException(
                    "--spark: executors of "
                            + chosen
                            + " may be on other machines: say with --shared which folder all of them"
                            + " see, such as hdfs:///search");
        }
        int cores = conf.getInt(CORES, 1);
        int each = conf.getInt(CORES_OF_A_TASK, 1);
        if (!chosen.startsWith("local[") && cores / each > 1) {
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "--spark: with %s=%d and %s=%d an executor would run %d trials at once,"
                                    + " which take each other's random numbers: have both be equal",
                            CORES,
                            cores,
                            CORES_OF_A_TASK,
                            each,
                            cores / each));
        }
        // a trial has a process of its own, and as many threads wherever it runs
        return conf.setIfMissing(CORES, "1")
                .setIfMissing(THREADS, "1")
                .setIfMissing(WAITING, "passive");
    }

    /** Has a search run its trials here, each from the dense network of a pipeline. */
    void run(
            StrategySearch.Builder search,
            Network network,
            ImageData images,
            long seed,
            Pipeline pipeline)
            throws IOException {
        byte[] dense = Files.readAllBytes(pipeline.denseFile());
        SparkTrial trial =
                new SparkTrial(
                        network, context.broadcast(images), context.broadcast(dense), seed, folder);
        search.setExperiment(trial).optRunner(runner);
    }

    @Override
    public boolean has(String name) throws IOException {
        return folder.has(name);
    }

    @Override
    public void take(String name, Path file) throws IOException {
        folder.get(name, file);
    }

    @Override
    public void delete(String name) throws IOException {
        folder.delete(name);
    }

    @Override
    public void close() {
        context.close();
    }

    /** Says how many trials run where. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "Spark: %d at once on %s, with files in %s",
                runner.slots(),
                context.master(),
                folder);
    }
}
