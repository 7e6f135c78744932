package dev.bonsai.spark;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * Knows which tasks are running. Spark takes a job as ended once it is cancelled, while its tasks
 * go on until they notice.
 */
final class RunningTasks extends SparkListener {

    private static final String GROUP = "spark.jobGroup.id";

    private final Map<Integer, String> groups = new HashMap<>();
    private final Map<String, Set<Long>> tasks = new HashMap<>();

    /** Begins to watch the tasks of a group of jobs. */
    synchronized void watch(String group) {
        tasks.put(group, new HashSet<>());
    }

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted event) {
        Properties properties = event.properties(); // null for a job that was given none
        String group = properties == null ? "" : properties.getProperty(GROUP, "");
        if (tasks.containsKey(group)) {
            groups.put(event.stageInfo().stageId(), group);
        }
    }

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart event) {
        of(event.stageId()).add(event.taskInfo().taskId());
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
        of(event.stageId()).remove(event.taskInfo().taskId());
        notifyAll();
    }

    /** Returns the tasks of a stage; a set that nobody reads if it is no stage of ours. */
    private Set<Long> of(int stage) {
        return tasks.getOrDefault(groups.getOrDefault(stage, ""), new HashSet<>());
    }

    /** Waits until no task of a group runs; returns false if that takes longer than it may. */
    synchronized boolean awaitEnd(String group, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!tasks.get(group).isEmpty()) {
            long millis = Duration.ofNanos(end - System.nanoTime()).toMillis();
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }

    /** Ends what {@link #watch} began. */
    synchronized void forget(String group) {
        tasks.remove(group);
        groups.values().removeIf(group::equals);
    }
}
