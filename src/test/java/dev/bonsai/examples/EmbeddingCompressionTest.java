package dev.bonsai.examples;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.bonsai.examples.sentence.PairFile;
import dev.bonsai.examples.sentence.SentenceVectors;
import dev.bonsai.examples.sentence.SimilarityTask;
import dev.bonsai.examples.sentence.Tokens;
import dev.bonsai.recipe.CompressionRecipe;
import dev.bonsai.runtime.PlainModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The example on sentences: a short run, the file that it leaves, and what it refuses. */
public class EmbeddingCompressionTest {

    private static final String PAIRS =
            """
            A gardener prunes a small tree.,A man cuts the branches of a little tree.,4.5
            The tree bears red apples.,There are red apples on the tree.,4.8
            A dog runs over the meadow.,A dog is running through the grass.,4.2
            A dog runs over the meadow.,A cat sleeps on the sofa.,0.8
            "The train, late again, leaves.",The delayed train departs.,4.0
            The train leaves the station.,A ship leaves the harbour.,1.9
            Two children play chess.,Two boys are playing a board game.,3.4
            Two children play chess.,The price of oil fell on Monday.,0.0
            Oil prices fell on Monday.,The price of oil went down on Monday.,4.7
            The bank raised its rates.,The river left its bank.,0.6
            """;

    private Path folder;
    private Path data;

    @BeforeClass
    public void writePairs() throws IOException {
        folder = Files.createTempDirectory("embedding");
        data = Files.createDirectory(folder.resolve("data"));
        for (String set : List.of("train", "dev", "test")) {
            Files.writeString(data.resolve("stsb-" + set + ".csv"), PAIRS);
        }
    }

    /** Runs something as from a command line. */
    private static CommandRun run(Callable<Integer> command) throws Exception {
        PrintStream oldOut = System.out;
        PrintStream oldErr = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream failed = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
                PrintStream err = new PrintStream(failed, true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            System.setErr(err);
            int status = command.call();
            return new CommandRun(
                    status,
                    printed.toString(StandardCharsets.UTF_8),
                    failed.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(oldOut);
            System.setErr(oldErr);
        }
    }

    private CommandRun compress(Path out, String... more) throws Exception {
        List<String> args = new ArrayList<>(List.of(more));
        if (args.stream().noneMatch(arg -> arg.startsWith("--data"))) {
            args.addAll(List.of("--data", data.toString()));
        }
        if (args.stream().noneMatch(arg -> arg.startsWith("--out"))) {
            args.addAll(List.of("--out", out.toString()));
        }
        return run(() -> EmbeddingCompression.runExample(args.toArray(new String[0])));
    }

    @DataProvider
    Object[][] epochs() {
        return new Object[][] {{0}, {3}};
    }

    @Test(dataProvider = "epochs")
    public void aShortRunLeavesAFileThatIsJudgedAndAReport(int epochs) throws Exception {
        Path out = folder.resolve("out" + epochs);
        Path text = Files.writeString(folder.resolve("text"), "Pears ripen late.\n\nSo do nuts.\n");
        CommandRun run = compress(out, "--epochs=" + epochs, "--max-drop=0.3", "--text=" + text);
        assertEquals(run.status(), 0, run.err());
        assertTrue(run.out().contains(epochs == 0 ? "No training" : "20 sentences"), run.out());
        Path file = out.resolve("model.bonsai");
        JsonObject report =
                JsonParser.parseString(Files.readString(out.resolve("report.json")))
                        .getAsJsonObject();
        JsonObject dense = report.getAsJsonObject("dense");
        JsonObject compressed = report.getAsJsonObject("compressed");
        assertEquals(dense.get("bytes").getAsLong(), 90_984_153);
        assertEquals(compressed.get("bytes").getAsLong(), Files.size(file));
        assertTrue(Files.size(file) < 20_000_000, "bytes: " + Files.size(file));
        assertTrue(
                report.getAsJsonObject("facts").get("processorSeconds").getAsLong() > 0,
                "it took a while");
        CompressionRecipe recipe = CompressionRecipe.read(out.resolve("recipe.yaml"));
        assertEquals(recipe.stages().get(0).techniques().size(), 3);
        assertEquals(recipe.stages().get(0).gate().maxDrop().getAsDouble(), 0.3);
        double spearman = compressed.get("spearman").getAsDouble();
        assertTrue(dense.get("spearman").getAsDouble() > 80, dense.toString());
        assertEquals(spearman, ofFile(file), 1e-3); // plain Java sums in another order
        assertTrue(spearman > 60, "Spearman: " + spearman);
    }

    /** What plain Java makes of the pairs. */
    private double ofFile(Path file) throws IOException {
        EmbeddingSource source = EmbeddingSource.of(null, null);
        try (Tokens tokens = source.tokens()) {
            SimilarityTask task =
                    SimilarityTask.of(PairFile.read(data.resolve("stsb-test.csv")), tokens);
            return 100 * task.spearman(SentenceVectors.of(PlainModel.load(file), task.sentences()));
        }
    }

    @Test(dependsOnMethods = "aShortRunLeavesAFileThatIsJudgedAndAReport")
    public void aServiceComparesSentencesByTheFile() throws Exception {
        Path tokenizer =
                Files.write(
                        folder.resolve("tokenizer.json"),
                        EmbeddingSource.of(null, null).tokenizer());
        String file = folder.resolve("out0").resolve("model.bonsai").toString();
        double[] cosines = new double[2];
        String[] others = {"The tree carries many apples.", "Shares fell in London."};
        for (int i = 0; i < 2; ++i) {
            String[] args = {file, tokenizer.toString(), "Apples hang on the tree.", others[i]};
            CommandRun run =
                    run(
                            () -> {
                                EmbedSentence.main(args);
                                return 0;
                            });
            cosines[i] = Double.parseDouble(run.out().strip());
        }
        assertTrue(cosines[0] > 0.6 && cosines[1] < 0.4, cosines[0] + " and " + cosines[1]);
    }

    @DataProvider
    Object[][] refused() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        Path text = Files.writeString(folder.resolve("no.onnx"), "no model");
        return new Object[][] {
            {Map.of("--data", "nowhere"), "stsb-train.csv is missing"},
            {Map.of("--epochs", "-1"), "from 0 to"},
            {Map.of("--word-step", "0"), "0.01 <= step"},
            {Map.of("--layer-step", "wide"), "0.01 <= step"},
            {Map.of("--max-drop", "2"), "0 <= drop"},
            {Map.of("--text", "nowhere"), "--text: nowhere can't be read"},
            {Map.of("--text", empty.toString()), "has no text"},
            {Map.of("--model", "nowhere.onnx"), "--model: nowhere.onnx can't be read"},
            {Map.of("--model", text.toString()), "--model: no.onnx"},
            {Map.of("--tokenizer", "nowhere"), "--tokenizer: nowhere can't be read"},
            {Map.of("--tokenizer", text.toString()), "--tokenizer: "},
            {Map.of("--out", empty.toString()), "--out: expected a folder"},
            {Map.of("--nothing", "1"), "--nothing"},
        };
    }

    @Test(dataProvider = "refused")
    public void whatCantBeDoneIsRefusedInOneLine(Map<String, String> options, String part)
            throws Exception {
        List<String> args = new ArrayList<>();
        options.forEach((name, value) -> args.add(name + "=" + value));
        Path out = folder.resolve("refused");
        CommandRun run = compress(out, args.toArray(new String[0]));
        assertRefused(run, part);
        assertFalse(Files.exists(out.resolve("model.bonsai")), "nothing was written");
    }

    private static void assertRefused(CommandRun run, String part) {
        assertEquals(run.status(), 2, run.out() + run.err());
        assertEquals(run.err().lines().count(), 1, run.err());
        assertTrue(run.err().contains(part), run.err());
    }

    @Test
    public void rowsWithOtherColumnsAreRefusedInOneLine() throws Exception {
        Path broken = Files.createDirectory(folder.resolve("broken"));
        for (String set : List.of("train", "dev", "test")) {
            String rows = set.equals("dev") ? PAIRS + "Only a sentence.,4\n" : PAIRS;
            Files.writeString(broken.resolve("stsb-" + set + ".csv"), rows);
        }
        CommandRun run =
                run(
                        () ->
                                EmbeddingCompression.runExample(
                                        "--data", broken.toString(), "--out", folder + "/refused"));
        assertRefused(run, "Row 11 of ");
        assertRefused(run, "has 2 fields: expected rows of two sentences and a score");
    }
}
