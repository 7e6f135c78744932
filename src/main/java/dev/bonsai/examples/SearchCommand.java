package dev.bonsai.examples;

import ai.djl.translate.TranslateException;
import dev.bonsai.command.InputException;
import dev.bonsai.command.Options;
import dev.bonsai.command.OutputFolder;
import dev.bonsai.command.Printer;
import dev.bonsai.command.SeedOption;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.file.AtomicFile;
import dev.bonsai.file.BonsaiFormatException;
import dev.bonsai.page.FrontPoint;
import dev.bonsai.page.SearchPage;
import dev.bonsai.recipe.TrainingPlan;
import dev.bonsai.search.Goal;
import dev.bonsai.search.Outcome;
import dev.bonsai.search.SearchResult;
import dev.bonsai.search.SearchTrial;
import dev.bonsai.search.Strategy;
import dev.bonsai.search.StrategySearch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks for the strategy that makes a network of a given size best, on validation images. */
@CommandLine.Command(
        name = "search",
        description =
                "Tries strategies until the time is up, and ends with the best model and the front"
                        + " of bytes against accuracy. Run again, it goes on where it was stopped.")
final class SearchCommand implements Callable<Integer> {

    @Mixin private DataOptions data;

    @Option(
            names = "--goal-bytes",
            paramLabel = "N",
            defaultValue = "10000",
            converter = Options.ToCount.class,
            description = "The most bytes the file may have (default: ${DEFAULT-VALUE}).")
    private Integer goalBytes;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "25",
            converter = Parsers.ToMinutes.class,
            description =
                    "How long trials may take in all, those of earlier runs included; those"
                            + " under way are not cut short (default: ${DEFAULT-VALUE}).")
    private Integer minutes;

    @Option(
            names = "--trials",
            paramLabel = "N",
            defaultValue = "1000",
            converter = Options.ToCount.class,
            description = "The most trials (default: ${DEFAULT-VALUE}).")
    private Integer trials;

    @Option(
            names = "--method",
            paramLabel = "NAME",
            defaultValue = "halving",
            converter = Parsers.ToMethod.class,
            description =
                    "halving tries each strategy with 5 epochs and the better ones with 10 and 20;"
                            + " asynchronous does, too, and no worker of a cluster waits for"
                            + " another; random gives each 20 (default: ${DEFAULT-VALUE}).")
    private MethodChoice method;

    @Mixin private SeedOption seed;

    @Option(
            names = "--spark",
            paramLabel = "MASTER",
            arity = "0..1",
            fallbackValue = "",
            description =
                    "Run the trials on a Spark cluster, such as spark://host:7077 or"
                            + " local-cluster[2,1,2048]; without MASTER on that of spark-submit. See"
                            + " docs/cluster.md.")
    private String spark;

    @Option(
            names = "--shared",
            paramLabel = "URI",
            description =
                    "With --spark, a folder that all machines see, such as hdfs:///search: the"
                            + " trials' files go through it; needed where executors are on other machines (default:"
                            + " trials in --out).")
    private String shared;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where journal and results go (default: target/bonsai/search-NETWORK).")
    private Path out;

    @Spec private CommandSpec spec;

    /** The page about the search. */
    private static final String PAGE = "search.html";

    private Printer printer;
    private Path folder;
    private Pipeline pipeline;
    private StrategySpace space;
    private ImageData images;

    /** Where the trials put their files. */
    private TrialFiles files;

    private CompressionTrial here;

    @Override
    public Integer call() throws Exception {
        printer = Printer.of(spec);
        Path wanted =
                out == null ? Path.of("target", "bonsai", "search-" + data.network().id()) : out;
        folder =
                OutputFolder.prepare(
                        wanted,
                        "best.bonsai",
                        "search.json",
                        PAGE,
                        DenseFile.ORIGIN,
                        "journal.jsonl");
        if (spark != null) {
            SparkTrials.check(spark, Optional.ofNullable(shared));
        } else if (shared != null) {
            throw new InputException(
                    "--shared: expected with --spark alone, as the files of trials that run here"
                            + " stay here; leave it out");
        }
        images = data.data();
        printer.say(images.describe());
        TrainingPlan dense = data.dense(images);
        pipeline = new Pipeline(data.network(), images, seed.seed(), folder);
        space = StrategySpace.of(data.network());
        here = new CompressionTrial(pipeline, space, images, printer);
        files = TrialFiles.in(folder);
        StrategySearch.Builder search = search(dense).setExperiment(this::runHere);
        pipeline.hasDense(dense); // refused before any training
        search.build().checkJournal();
        pipeline.ensureDense(dense, printer);
        SearchResult result = spark == null ? search.build().run() : runOnSpark(search);
        AtomicFile.replace(
                folder.resolve("search.json"), result.toJson().getBytes(StandardCharsets.UTF_8));
        printer.say("\n" + result);
        writePage(result);
        if (result.best().isPresent()) {
            keepBest(result.best().get());
            double accuracy = pipeline.readBack(best(), images.test()).accuracy();
            printer.say(
                    String.format(
                            Locale.ROOT,
                            "%n%s: %,d bytes, test error %.2f%%",
                            best(),
                            Files.size(best()),
                            100 * (1 - accuracy)));
            printer.next("bonsai inspect " + best());
        } else {
            printer.next("mend what made the trials fail, and search with another --out");
        }
        return 0;
    }

    private void writePage(SearchResult result) throws IOException {
        List<FrontPoint> points = new ArrayList<>();
        for (SearchTrial trial : result.trials()) {
            if (trial.outcome().isPresent()) {
                points.add(
                        new FrontPoint(
                                trial.strategy() + ", " + trial.effort() + " epochs",
                                trial.outcome().get().bytes(),
                                trial.outcome().get().metric(),
                                result.front().contains(trial),
                                result.best().filter(trial::equals).isPresent()));
            }
        }
        Path page = folder.resolve(PAGE);
        SearchPage.write(
                "Search for " + data.network() + " on " + images.name() + ": " + result.goal(),
                "accuracy",
                points,
                page);
        printer.say("Page: " + page);
    }

    private SearchResult runOnSpark(StrategySearch.Builder search)
            throws IOException, InterruptedException {
        Path trialsOfThis = folder.resolve("trials").toAbsolutePath();
        // Hadoop takes a path as it is, and would quote what is quoted already
        String uri = shared == null ? "file://" + trialsOfThis.toUri().getPath() : shared;
        try (SparkTrials trials = SparkTrials.on(spark, uri)) {
            files = trials;
            printer.say(trials);
            trials.run(search, data.network(), images, seed.seed(), pipeline);
            return search.build().run();
        }
    }

    private StrategySearch.Builder search(TrainingPlan dense) {
        StrategySearch.Builder search =
                StrategySearch.builder()
                        .setSpace(space.all())
                        .setGoal(Goal.maxBytes(goalBytes))
                        .setJournal(folder.resolve("journal.jsonl"))
                        .addStart(space.all().first())
                        .optMethod(method.method())
                        .optSeed(seed.seed())
                        .optMaxTrials(trials)
                        .optMaxTime(Duration.ofMinutes(minutes))
                        .optListener(this::onTrial);
        pipeline.origin(dense)
                .facts()
                .forEach((name, value) -> search.addCondition(name, value.toString()));
        return search;
    }

    /** Has the best file be that of the best trial, which is run again where it was lost. */
    private void keepBest(SearchTrial trial) throws Exception {
        if (!isBest(trial.outcome().orElseThrow())) {
            printer.say(best() + " is not the file of the best trial: that is run again");
            Outcome now = runHere(trial.strategy(), trial.effort());
            TrialFiles.in(folder).take(fileName(trial), best());
            Outcome then = trial.outcome().orElseThrow();
            if (!now.equals(then)) {
                printer.say(
                        String.format(
                                Locale.ROOT,
                                "%s came out otherwise: %s, where the journal has %s. The trial had"
                                        + " another processor, or another OMP_NUM_THREADS",
                                best(),
                                now,
                                then));
            }
        }
    }

    private boolean isBest(Outcome outcome) throws IOException, TranslateException {
        if (!Files.isRegularFile(best()) || Files.size(best()) != outcome.bytes()) {
            return false;
        }
        try {
            return pipeline.readBack(best(), images.validation()).accuracy() == outcome.metric();
        } catch (BonsaiFormatException e) {
            return false;
        }
    }

    private Outcome runHere(Strategy strategy, int epochs) throws Exception {
        Path file = folder.resolve(CompressionTrial.fileName(strategy, epochs));
        return here.run(strategy, epochs, file);
    }

    private static String fileName(SearchTrial trial) {
        return CompressionTrial.fileName(trial.strategy(), trial.effort());
    }

    private Path best() {
        return folder.resolve("best.bonsai");
    }

    private void onTrial(SearchTrial trial) {
        printer.say(
                String.format(
                        Locale.ROOT,
                        "trial %d  %s  %d epochs  %s%s",
                        trial.number(),
                        trial.strategy(),
                        trial.effort(),
                        trial.outcome().map(Object::toString).orElseGet(trial.failure()::get),
                        trial.best() ? "  best so far" : ""));
        String file = fileName(trial);
        try {
            if (trial.best() && files.has(file)) {
                files.take(file, best());
            }
            files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The trial's file could not be kept", e);
        }
    }
}
