package dev.bonsai.spark;

import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/** How many tasks the settings of a context have room for at once. */
final class Slots {

    private static final Pattern LOCAL_CLUSTER =
            Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,.*]");

    private Slots() {}

    /**
     * Returns the number of tasks.
     *
     * @param reported how many cores have reported, for settings that don't say how many there are
     */
    static int of(SparkConf conf, IntSupplier reported) {
        int cores = cores(conf).orElseGet(reported::getAsInt);
        return Math.max(1, cores / conf.getInt("spark.task.cpus", 1));
    }

    /** Returns the number of all cores, where the settings say it. */
    private static Optional<Integer> cores(SparkConf conf) {
        Matcher local = LOCAL_CLUSTER.matcher(conf.get("spark.master", ""));
        if (local.matches()) {
            int workers = Integer.parseInt(local.group(1));
            return Optional.of(workers * Integer.parseInt(local.group(2)));
        }
        int each = conf.getInt("spark.executor.cores", 1);
        if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
            int most = conf.getInt("spark.dynamicAllocation.maxExecutors", 0);
            if (most < 1) {
                throw new IllegalArgumentException(
                        "Executors come and go as there is work, so that there is no number of"
                                + " trials that run at once: set spark.dynamicAllocation"
                                + ".maxExecutors, or say how many with SparkRunner.of(context,"
                                + " slots)");
            }
            return Optional.of(most * each);
        }
        if (conf.contains("spark.executor.instances")) {
            return Optional.of(conf.getInt("spark.executor.instances", 1) * each);
        }
        return conf.contains("spark.cores.max")
                ? Optional.of(conf.getInt("spark.cores.max", 1))
                : Optional.empty();
    }
}
