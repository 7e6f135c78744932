package dev.bonsai.examples;

import static dev.bonsai.gate.Verdict.ACCEPTED;
import static java.lang.Double.NaN;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.bonsai.examples.data.DataSource;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.network.Network;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.gate.Trial;
import dev.bonsai.page.ReportPage;
import dev.bonsai.page.RunReport;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.report.ModelSize;
import dev.bonsai.report.TrainingTime;
import dev.bonsai.text.Numbers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class MnistCompressionTest {

    private static final Path MNIST = Path.of("..", "shared", "datasets", "mnist");

    private Path out;
    private CommandRun run;

    @BeforeClass
    public void runOnce() throws Exception {
        out = Files.createTempDirectory("bonsai");
        String epochs = "3";
        run =
                CommandRun.of(
                        "--dataset",
                        "digits",
                        "--network",
                        "tiny",
                        "--dense-epochs",
                        epochs,
                        "--epochs",
                        "4",
                        "--sparsity",
                        "0.7",
                        "--bits",
                        "4",
                        "--max-drop",
                        "0.05",
                        "--seed",
                        "3",
                        "--out",
                        out.toString());
        assertEquals(run.status(), 0, run.err());
    }

    private JsonObject report() throws Exception {
        return JsonParser.parseString(Files.readString(out.resolve("report.json")))
                .getAsJsonObject();
    }

    @Test
    public void theSizesInTheReportAreThoseOfTheFiles() throws Exception {
        JsonObject report = report();
        long bytes = report.getAsJsonObject("compressed").get("bytes").getAsLong();
        assertEquals(Files.size(out.resolve("model.bonsai")), bytes);
        assertEquals(
                Files.size(out.resolve("dense-0000.params")),
                report.getAsJsonObject("dense").get("bytes").getAsLong());
        long ledger =
                report.getAsJsonObject("ledger").entrySet().stream()
                        .mapToLong(e -> e.getValue().getAsLong())
                        .sum();
        assertEquals(ledger, bytes);
        assertTrue(report.get("ratio").getAsDouble() > 8, report.toString());
    }

    @Test
    public void theReportSaysWhatWasAskedAndDone() throws Exception {
        JsonObject report = report();
        JsonObject facts = report.getAsJsonObject("facts");
        assertEquals(facts.get("dataset").getAsString(), "digits");
        assertEquals(facts.get("network").getAsString(), "tiny");
        assertEquals(facts.get("seed").getAsInt(), 3);
        JsonObject environment = report.getAsJsonObject("environment");
        assertEquals(environment.get("architecture").getAsString(), System.getProperty("os.arch"));
        assertTrue(environment.get("engine").getAsString().startsWith("PyTorch"));
        assertFalse(report.getAsJsonArray("trials").isEmpty());
        assertEquals(report.getAsJsonArray("weights").size(), 2);
        assertTrue(report.get("sparsity").getAsDouble() >= 0.7, report.toString());
    }

    /** What is printed comes by another way: the one line was made when the verdict fell. */
    @Test
    public void theReportHasTheStandardErrorOfEachDropAsItIsPrinted() throws Exception {
        List<String> lines = run.out().lines().filter(l -> l.startsWith("  gate: ")).toList();
        JsonArray trials = report().getAsJsonArray("trials");
        assertEquals(lines.size(), trials.size());
        int known = 0;
        for (int i = 0; i < lines.size(); ++i) {
            JsonElement error = trials.get(i).getAsJsonObject().get("standardError");
            assertTrue(error != null, trials.get(i).toString());
            if (!error.isJsonNull() && error.getAsDouble() > 0) {
                ++known;
                double drop = trials.get(i).getAsJsonObject().get("drop").getAsDouble();
                String printed = " drop " + Numbers.dropWithError(drop, error.getAsDouble());
                assertTrue(lines.get(i).contains(printed + " "), lines.get(i));
            }
        }
        assertTrue(known > 2, "steps change some answers: " + trials);
    }

    @Test
    public void aStandardErrorThatIsNotKnownIsNull() throws Exception {
        CompressionReport report =
                new CompressionReport(
                        "Accuracy",
                        0.9,
                        0.85,
                        0.9,
                        ModelSize.UNKNOWN,
                        Optional.empty(),
                        TrainingTime.UNKNOWN,
                        List.of(),
                        List.of(
                                new Trial(1, "p", "a", "b", 0.89, 0.9, 0.01, 0.004, ACCEPTED),
                                new Trial(2, "p", "a", "b", 0.89, 0.9, 0.01, NaN, ACCEPTED)),
                        List.of(),
                        List.of());
        Path folder = Files.createTempDirectory("bonsai");
        ReportPage.write(RunReport.builder("made up", report).build(), folder);
        Path json = folder.resolve(ReportPage.NUMBERS);
        JsonArray trials =
                JsonParser.parseString(Files.readString(json))
                        .getAsJsonObject()
                        .getAsJsonArray("trials");
        assertEquals(
                trials.get(0).getAsJsonObject().get("standardError").getAsDouble(), 0.004, 0.0);
        assertTrue(trials.get(1).getAsJsonObject().get("standardError").isJsonNull());
    }

    @Test
    public void compressionCostsLittleAccuracy() throws Exception {
        JsonObject report = report();
        double dense = report.getAsJsonObject("dense").get("accuracy").getAsDouble();
        double compressed = report.getAsJsonObject("compressed").get("accuracy").getAsDouble();
        assertTrue(dense > 0.7, "guessing is 0.1, three epochs of digits give some 0.8: " + dense);
        // the gate allowed 0.05 on 500 validation images; as much again for the sampling of both
        assertTrue(dense - compressed < 0.1, dense + " -> " + compressed);
    }

    @Test
    public void thePlainParameterFilePredictsWhatTheBonsaiFileDoes() throws Exception {
        ImageData data = DataSource.DIGITS.load();
        try (Model plain = Model.newInstance("tiny")) {
            plain.setBlock(Network.TINY.newBlock());
            plain.load(out, "compressed");
            double accuracy = new Training(data, 1).evaluate(plain.getBlock(), data.test());
            double reported = report().getAsJsonObject("compressed").get("accuracy").getAsDouble();
            assertEquals(accuracy, reported, 1e-7); // DJL divides floats
        }
        assertEquals(BonsaiFile.read(out.resolve("model.bonsai")).weights().size(), 4, "2 layers");
    }

    @Test
    public void aDenseNetworkOfAnEarlierRunIsTakenUp() throws Exception {
        Path again = Files.createTempDirectory("bonsai");
        CommandRun second =
                CommandRun.of(
                        "--dataset",
                        "digits",
                        "--network",
                        "tiny",
                        "--dense",
                        out.toString(),
                        "--epochs",
                        "1",
                        "--out",
                        again.toString());
        assertEquals(second.status(), 0, second.err());
        JsonObject report =
                JsonParser.parseString(Files.readString(again.resolve("report.json")))
                        .getAsJsonObject();
        assertEquals(
                report.getAsJsonObject("dense").get("accuracy"),
                report().getAsJsonObject("dense").get("accuracy"));
    }

    @Test
    public void thePrintedTableHasBothNetworks() {
        assertTrue(run.out().contains("digits:"), run.out());
        assertTrue(run.out().contains("dense"), run.out());
        assertTrue(run.out().contains("compressed"), run.out());
        assertTrue(run.out().contains("ACCEPTED"), run.out());
    }

    @DataProvider
    public Object[][] wrongValues() {
        return new Object[][] {
            {"--network", "vgg", "lenet5"},
            {"--dataset", "cifar", "fashion-mnist"},
            {"--sparsity", "95", "sparsity"},
            {"--sparsity", "1", "sparsity"},
            {"--sparsity", "x", "sparsity"},
            {"--bits", "1", "from 2 to 16"},
            {"--bits", "4.5", "from 2 to 16"},
            {"--epochs", "-1", "from 1"},
            {"--max-drop", "NaN", "drop"},
            {"--lambda", "-1", "0 <= lambda"},
            {"--lambda", "NaN", "0 <= lambda"},
            {"--confidence", "0.49", "0.5 <= confidence < 1"},
            {"--confidence", "1", "0.5 <= confidence < 1"},
            {"--confidence", "95", "0.5 <= confidence < 1"},
            {"--confidence", "-0.95", "0.5 <= confidence < 1"},
            {"--confidence", "NaN", "0.5 <= confidence < 1"},
            {"--confidence", "sure", "0.5 <= confidence < 1"},
            {"--seed", "one", "from 0"},
            {"--data", "no/such/folder", "no/such/folder"},
            {"--preset", "huge", "standard, small"},
            {"--colour", "red", "--colour"},
        };
    }

    @Test(dataProvider = "wrongValues")
    public void aWrongValueIsOneLineAndStatusTwo(String option, String value, String part) {
        CommandRun wrong = CommandRun.of(option, value);
        assertEquals(wrong.status(), 2);
        assertEquals(wrong.err().lines().count(), 1, wrong.err());
        assertTrue(wrong.err().contains(part), wrong.err());
    }

    @Test
    public void helpIsShown() {
        CommandRun help = CommandRun.of("--help");
        assertEquals(help.status(), 0);
        for (String option : new String[] {"--dataset", "--network", "--max-drop", "--out"}) {
            assertTrue(help.out().contains(option), help.out());
        }
    }

    @Test
    public void realMnistIsReadWhereItIs() {
        if (!Files.isDirectory(MNIST)) {
            System.out.println("MNIST is not at " + MNIST + ": the bundled digits serve instead");
        }
        ImageData data =
                Files.isDirectory(MNIST) ? ImageData.fromFolder(MNIST) : DataSource.DIGITS.load();
        assertTrue(
                data.describe().contains(Files.isDirectory(MNIST) ? "55,000" : "5,500"),
                data.describe());
    }
}
