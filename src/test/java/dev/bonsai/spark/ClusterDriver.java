package dev.bonsai.spark;

import dev.bonsai.search.SearchResult;
import dev.bonsai.search.StrategySearch;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** The driver of a search: a process of its own, with executors that are processes as well. */
final class ClusterDriver {

    private ClusterDriver() {}

    /**
     * Runs searches one after the other.
     *
     * @param args the folder; how long a trial takes; whether there is poison; and for each search
     *     its name, of which the journal and the result are named, and "halving" or another word
     */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        stopWhenToldTo(folder.resolve("stop"));
        ToyExperiment experiment =
                new ToyExperiment(
                        folder.resolve("notes").toString(),
                        Integer.parseInt(args[1]),
                        Boolean.parseBoolean(args[2]));
        try (JavaSparkContext context = new JavaSparkContext(settings())) {
            for (int i = 3; i < args.length; i += 2) {
                StrategySearch.Builder search =
                        ToyExperiment.search(folder.resolve(args[i] + ".jsonl"))
                                .optMethod(
                                        args[i + 1].equals("halving")
                                                ? ToyExperiment.HALVING
                                                : ToyExperiment.ASYNCHRONOUS)
                                .setExperiment(experiment)
                                .optRunner(SparkRunner.of(context));
                SearchResult result = search.build().run();
                Files.writeString(folder.resolve(args[i] + ".json"), result.toJson());
            }
        }
    }

    static SparkConf settings() {
        return new SparkConf()
                .setMaster("local-cluster[2,1,512]")
                .setAppName("searches of a test")
                .set("spark.executor.memory", "512m")
                .set("spark.task.maxFailures", "2");
    }

    private static void stopWhenToldTo(Path file) {
        Thread searching = Thread.currentThread();
        Thread watch =
                new Thread(
                        () -> {
                            while (!Files.exists(file)) {
                                try {
                                    Thread.sleep(20);
                                } catch (InterruptedException e) {
                                    return;
                                }
                            }
                            searching.interrupt();
                        });
        watch.setDaemon(true);
        watch.start();
    }
}
