package dev.bonsai.examples;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.data.SmallCifar;
import dev.bonsai.examples.data.SmallData;
import dev.bonsai.examples.network.Network;
import dev.bonsai.file.BonsaiFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The residual network on a few pictures: everything runs, though little is learned. */
public class CifarCompressionTest {

    private Path folder;
    private Path pictures;
    private Path digits;
    private Path out;
    private CommandRun run;

    @BeforeClass
    public void runOnce() throws Exception {
        folder = Files.createTempDirectory("bonsai");
        pictures = SmallCifar.write(folder.resolve("pictures"), 9, 3, 1);
        digits = SmallData.write(folder.resolve("digits"), 1);
        out = folder.resolve("out");
        run = run(out, "--dense-epochs", "2", "--epochs", "3", "--max-drop", "1");
        assertEquals(run.status(), 0, run.err());
    }

    private CommandRun run(Path to, String... more) {
        return run(List.of(), to, more);
    }

    private CommandRun run(List<String> command, Path to, String... more) {
        List<String> args = new ArrayList<>(command);
        args.addAll(List.of("--data", pictures.toString(), "--out", to.toString()));
        args.addAll(List.of(more));
        return CommandRun.of(Example.CIFAR, args.toArray(new String[0]));
    }

    private static JsonObject report(Path out) throws Exception {
        return JsonParser.parseString(Files.readString(out.resolve("report.json")))
                .getAsJsonObject();
    }

    @Test
    public void theReportSaysWhatWasCompressed() throws Exception {
        JsonObject report = report(out);
        JsonObject facts = report.getAsJsonObject("facts");
        assertEquals(facts.get("network").getAsString(), "resnet8");
        assertEquals(facts.get("dataset").getAsString(), "CIFAR-10 (JPEG)");
        assertEquals(
                report.getAsJsonObject("compressed").get("bytes").getAsLong(),
                Files.size(out.resolve("model.bonsai")));
        assertTrue(report.get("sparsity").getAsDouble() > 0, report.toString());
        for (String part : List.of("CIFAR-10 (JPEG): 83 training", "plain Java", "ONNX Runtime")) {
            assertTrue(run.out().contains(part), run.out());
        }
    }

    @Test
    public void thePlainParameterFilePredictsWhatTheBonsaiFileDoes() throws Exception {
        ImageData data = ImageData.fromFolder(pictures);
        try (Model plain = Model.newInstance("resnet8")) {
            plain.setBlock(Network.RESNET8.newBlock());
            plain.load(out, "compressed");
            double accuracy = new Training(data, 1).evaluate(plain.getBlock(), data.test());
            assertEquals(
                    accuracy,
                    report(out).getAsJsonObject("compressed").get("accuracy").getAsDouble(),
                    1e-7); // DJL divides floats
        }
        assertTrue(BonsaiFile.read(out.resolve("model.bonsai")).graph().isPresent(), "traced");
    }

    @Test
    public void theDenseNetworkIsTakenUpAndOneSeedGivesTheSame() throws Exception {
        Path again = folder.resolve("again");
        CommandRun second = run(again, "--dense", out.toString(), "--epochs", "1");
        assertEquals(second.status(), 0, second.err());
        assertFalse(second.out().contains("Dense training"), second.out());
        Path anew = folder.resolve("anew");
        CommandRun third = run(anew, "--dense-epochs", "2", "--epochs", "1", "--max-drop", "1");
        assertEquals(third.status(), 0, third.err());
        for (Path other : List.of(again, anew)) {
            assertEquals(
                    Files.readString(other.resolve(DenseFile.ORIGIN)),
                    Files.readString(out.resolve(DenseFile.ORIGIN)));
        }
        String origin = Files.readString(out.resolve(DenseFile.ORIGIN));
        assertTrue(origin.contains(DenseTraining.MOMENTUM.toString()), origin);
    }

    @Test
    public void theSmallPresetRuns() throws Exception {
        Path small = folder.resolve("small");
        CommandRun preset =
                run(
                        small,
                        "--preset",
                        "small",
                        "--dense",
                        out.toString(),
                        "--epochs",
                        "3",
                        "--max-drop",
                        "1");
        assertEquals(preset.status(), 0, preset.err());
        assertTrue(report(small).get("sparsity").getAsDouble() > 0, preset.out());
    }

    @DataProvider
    public Object[][] subcommands() {
        return new Object[][] {
            {List.of("search", "--trials", "1"), "best.bonsai"},
            {
                List.of("strategies", "--only", "int8", "--epochs", "1"),
                Path.of("seed-1", "int8.bonsai").toString()
            },
        };
    }

    @Test(dataProvider = "subcommands")
    public void searchAndStrategiesWorkOnItToo(List<String> command, String file) {
        Path to = folder.resolve(command.get(0));
        CommandRun sub = run(command, to, "--dense-epochs", "1");
        assertEquals(sub.status(), 0, sub.err());
        assertTrue(Files.exists(to.resolve(file)), sub.out());
    }

    @DataProvider
    public Object[][] misfits() {
        List<Object[]> cases = new ArrayList<>();
        for (List<String> command :
                List.of(List.<String>of(), List.of("search"), List.of("strategies"))) {
            for (Example example : Example.values()) {
                boolean cifar = example == Example.CIFAR;
                cases.add(new Object[] {example, command, cifar ? digits : pictures, null});
                cases.add(
                        new Object[] {
                            example, command, cifar ? pictures : digits, cifar ? "tiny" : "resnet8"
                        });
            }
        }
        return cases.toArray(new Object[0][]);
    }

    @Test(dataProvider = "misfits")
    public void imagesThatDoNotFitTheNetworkAreRefused(
            Example example, List<String> command, Path images, String network) {
        List<String> args = new ArrayList<>(command);
        args.addAll(List.of("--data", images.toString()));
        args.addAll(List.of("--out", folder.resolve("misfit").toString()));
        if (network != null) {
            args.addAll(List.of("--network", network));
        }
        CommandRun wrong = CommandRun.of(example, args.toArray(new String[0]));
        assertEquals(wrong.status(), 2, wrong.out());
        assertEquals(wrong.err().lines().count(), 1, wrong.err());
        boolean colour = images.equals(pictures);
        String some =
                "images of 28x28 pixels in 1 channel, but those of CIFAR-10 (JPEG) have 32x32"
                        + " pixels in 3 channels";
        String others =
                "images of 32x32 pixels in 3 channels, but those of digits have 28x28"
                        + " pixels in 1 channel";
        assertTrue(wrong.err().contains(colour ? some : others), wrong.err());
        String remedy = colour ? "for these: resnet8" : "for these: lenet5, lenet300, tiny";
        assertTrue(wrong.err().contains(remedy), wrong.err());
        assertFalse(wrong.out().contains("epoch"), "nothing was trained: " + wrong.out());
    }

    @Test
    public void helpNamesTheExampleAndItsDefaults() {
        for (String[] args : new String[][] {{"--help"}, {"search", "-h"}, {"strategies", "-h"}}) {
            String help = CommandRun.of(Example.CIFAR, args).out().replaceAll("\\s+", " ");
            for (String part :
                    List.of("CifarCompression", "(default: resnet8)", "(default: cifar-10)")) {
                assertTrue(help.contains(part), help);
            }
            String digitsHelp = CommandRun.of(Example.MNIST, args).out().replaceAll("\\s+", " ");
            for (String part :
                    List.of("MnistCompression", "(default: lenet5)", "(default: auto)")) {
                assertTrue(digitsHelp.contains(part), digitsHelp);
            }
        }
    }
}
