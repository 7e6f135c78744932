package dev.bonsai.examples;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.examples.data.SmallData;
import dev.bonsai.recipe.CompressionRecipe;
import dev.bonsai.recipe.RecipeFormat;
import dev.bonsai.recipe.RecipeSetup;
import dev.bonsai.recipe.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What a run writes down is enough to repeat it, and nothing else may be said beside it. */
public class RecipeOptionTest {

    private static final String FILE = "model.bonsai";
    private static final String RECIPE = "recipe.yaml";

    private Path folder;
    private Path data;
    private int runs;

    /** What a run left. */
    private record Left(CommandRun run, Path out) {

        byte[] file() throws IOException {
            return Files.readAllBytes(out.resolve(FILE));
        }

        String recipe() throws IOException {
            return Files.readString(out.resolve(RECIPE));
        }
    }

    @BeforeClass
    public void makeData() throws Exception {
        folder = Files.createTempDirectory("bonsai");
        data = SmallData.write(folder.resolve("data"), 1);
    }

    private Left run(String... options) {
        Path out = folder.resolve("run" + ++runs);
        List<String> args = new ArrayList<>(List.of(options));
        if (!args.contains("--data")) {
            args.addAll(List.of("--data", data.toString()));
        }
        args.addAll(List.of("--out", out.toString()));
        return new Left(CommandRun.of(args.toArray(new String[0])), out);
    }

    private Left done(String... options) {
        Left left = run(options);
        assertEquals(left.run().status(), 0, left.run().err());
        return left;
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("written" + ++runs + ".yaml"), yaml);
    }

    @DataProvider
    public Object[][] commands() {
        String usual = "--network lenet300 --dense-epochs 1 --epochs 2 --max-drop 1 ";
        return new Object[][] {
            {usual + "--seed 5"},
            {"--network lenet300 --preset smallest --dense-epochs 1 --epochs 2 --max-drop 1"},
        };
    }

    @Test(dataProvider = "commands")
    public void theRecipeOfARunGivesTheSameFileToTheLastBit(String command) throws Exception {
        Left first = done(command.split(" "));
        Left again = done("--recipe", first.out().resolve(RECIPE).toString());
        assertEquals(again.file(), first.file());
        assertEquals(again.recipe(), first.recipe());
    }

    private String small(String... more) throws Exception {
        List<String> args = new ArrayList<>(List.of("--network", "lenet300", "--max-drop", "1"));
        args.addAll(List.of("--dense-epochs", "1", "--epochs", "1"));
        args.addAll(List.of(more));
        return done(args.toArray(new String[0])).recipe();
    }

    @Test
    public void eachValueOfTheRecipeCounts() throws Exception {
        Left first = done("--recipe", write(small()).toString());
        for (String[] change :
                new String[][] {
                    {"batchSize: 128", "batchSize: 64"},
                    {"dense:\n    epochs: 1", "dense:\n    epochs: 2"},
                    {
                        "optimizer: adam\n      learningRate",
                        "optimizer: sgd(0.9, 0.0)\n      learningRate"
                    },
                    {"cosine(0.002, 1.0E-5)", "constant(0.002)"},
                    {
                        "1.0E-5)\n      loss: crossEntropy",
                        "1.0E-5)\n      loss: distillation(4, 0.9)"
                    },
                }) {
            String other = first.recipe().replace(change[0], change[1]);
            assertNotEquals(other, first.recipe(), change[0]);
            Left changed = done("--recipe", write(other).toString());
            assertFalse(Arrays.equals(changed.file(), first.file()), change[0]);
        }
    }

    @Test
    public void whatTheRecipeLeavesOutIsSaidByTheOptions() throws Exception {
        CompressionRecipe whole = parse(small("--seed", "3"));
        CompressionRecipe stages = CompressionRecipe.of(whole.stages());
        String file = write(stages.toYaml()).toString();
        Left first =
                done(
                        "--recipe",
                        file,
                        "--network",
                        "lenet300",
                        "--dense-epochs",
                        "1",
                        "--seed",
                        "3");
        CompressionRecipe written = parse(first.recipe());
        assertEquals(written.stages(), whole.stages());
        assertEquals(written.seed().getAsLong(), 3);
        assertEquals(written.setup().orElseThrow().network(), Optional.of("lenet300"));
        Left again = done("--recipe", first.out().resolve(RECIPE).toString());
        assertEquals(again.file(), first.file());
        assertFalse(again.run().out().contains("does not say"), again.run().out());
    }

    private static CompressionRecipe parse(String yaml) {
        return RecipeFormat.standard().parse(yaml, RECIPE);
    }

    @Test
    public void aDenseNetworkOfAnotherRunIsSaidWhereARecipeCan() throws Exception {
        Left dense = done("--network", "lenet300", "--dense-epochs", "1", "--epochs", "1");
        String[] usual = {
            "--network",
            "lenet300",
            "--epochs",
            "1",
            "--dense",
            dense.out().toString(),
            "--max-drop",
            "1"
        };
        Left taken = done(usual);
        assertEquals(dense(taken).orElseThrow().epochs(), 1);
        List<String> seeded = new ArrayList<>(List.of(usual));
        seeded.addAll(List.of("--seed", "2")); // the dense network is that of seed 1
        assertEquals(dense(done(seeded.toArray(new String[0]))), Optional.empty());
    }

    private static Optional<TrainingPlan> dense(Left left) throws IOException {
        return parse(left.recipe()).setup().flatMap(RecipeSetup::dense);
    }

    @Test
    public void otherImagesAreSaid() throws Exception {
        String file = write(small()).toString();
        Path other = SmallData.write(folder.resolve("other").resolve("data"), 7);
        Left left = done("--recipe", file, "--data", other.toString());
        assertTrue(left.run().out().contains("not the images of the recipe"), left.run().out());
    }

    @DataProvider
    public Object[][] beside() {
        return new Object[][] {
            {"--preset", "small"},
            {"--preset", "standard"},
            {"--epochs", "3"},
            {"--sparsity", "0.5"},
            {"--bits", "4"},
            {"--lambda", "0.1"},
            {"--max-drop", "0.1"},
            {"--confidence", "0.9"},
            {"--seed", "1"},
            {"--network", "tiny"},
            {"--dense-epochs", "1"},
        };
    }

    @Test(dataProvider = "beside")
    public void anOptionThatTheRecipeHasAnAnswerToIsRefused(String option, String value)
            throws Exception {
        String yaml =
                """
                seed: 1
                setup: {network: tiny, dense: {epochs: 1}}
                stages:
                - techniques: [{technique: quantization, bits: 4}]
                  training: {epochs: 1}
                """;
        CommandRun run = run("--recipe", write(yaml).toString(), option, value).run();
        assertEquals(run.status(), 2);
        assertEquals(run.err().lines().count(), 1, run.err());
        assertTrue(run.err().startsWith("--recipe and " + option + " both say"), run.err());
    }

    @DataProvider
    public Object[][] wrong() {
        String stage = "stages: [{techniques: [{technique: quantization, bits: 4}]";
        return new Object[][] {
            {"stage: 1", ".yaml:1:1: There is no setting 'stage'"},
            {"stage: 1", "Did you mean 'stages'?"},
            {stage + "}]", "stage 1 does not: add training: {epochs: 20}"},
            {stage + ", training: {epochs: 1}}]\nsetup: {network: vgg}", "--recipe: There is no n"},
            {
                stage
                        + ", training: {epochs: 1}}]\nsetup: {dense: {epochs: 1, loss:"
                        + " 'distillation(4, 0.5)'}}",
                "The dense network has no teacher"
            },
            {
                stage + ", training: {epochs: 1}, gate: {monitored: Accuracy}}]",
                "--recipe: A gate evaluates its own data or monitors the trainer"
            },
        };
    }

    @Test(dataProvider = "wrong")
    public void aWrongRecipeIsRefusedBeforeAnyTraining(String yaml, String part) throws Exception {
        CommandRun run = run("--recipe", write(yaml).toString()).run();
        assertEquals(run.status(), 2, run.err());
        assertTrue(run.err().contains(part), run.err());
        assertFalse(run.out().contains("epoch "), run.out());
    }

    @Test
    public void aSelectorThatMatchesNothingIsOneLine() throws Exception {
        String yaml =
                """
                setup: {network: tiny, dense: {epochs: 1}}
                stages:
                - techniques:
                  - {technique: quantization, bits: 4, selector: [exclude(conv9)]}
                  training: {epochs: 1}
                """;
        CommandRun run = run("--recipe", write(yaml).toString()).run();
        assertEquals(run.status(), 2, run.err());
        assertTrue(run.err().contains("The selector's rule 'exclude(conv9)'"), run.err());
    }

    @Test
    public void aFileThatIsNotThereIsOneLine() {
        CommandRun run = run("--recipe", "no/such.yaml").run();
        assertEquals(run.status(), 2);
        assertEquals(run.err().lines().count(), 1, run.err());
        assertTrue(run.err().contains("recipe.yaml of an earlier run"), run.err());
        assertTrue(run.err().contains("no/such.yaml"), run.err());
    }
}
