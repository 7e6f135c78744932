package dev.bonsai.examples;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.bonsai.examples.data.SmallData;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.runtime.PlainModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/** A compression of two trainings: units go in the first, weights and bits in the second. */
public class StagesTest {

    private static final String USUAL =
            "--network lenet300 --preset smallest --dense-epochs 2 --epochs 3 --max-drop 1";

    private Path folder;
    private Path data;
    private Path checkpoints;
    private CommandRun whole;
    private byte[] file;

    @BeforeClass
    public void runOnce() throws Exception {
        folder = Files.createTempDirectory("bonsai");
        data = SmallData.write(folder.resolve("data"), 1);
        checkpoints = folder.resolve("checkpoints");
        whole = run("out");
        assertEquals(whole.status(), 0, whole.err());
        file = Files.readAllBytes(folder.resolve("out").resolve("model.bonsai"));
    }

    private CommandRun run(String out) {
        List<String> args = new ArrayList<>(List.of(USUAL.split(" ")));
        args.addAll(List.of("--data", data.toString()));
        args.addAll(List.of("--checkpoints", checkpoints.toString()));
        args.addAll(List.of("--out", folder.resolve(out).toString()));
        return CommandRun.of(args.toArray(new String[0]));
    }

    private JsonObject report(String out) throws IOException {
        String json = Files.readString(folder.resolve(out).resolve("report.json"));
        return JsonParser.parseString(json).getAsJsonObject();
    }

    /** Returns how many epochs of compression were trained. */
    private static long epochs(CommandRun run) {
        return run.out()
                .lines()
                .filter(line -> line.matches("epoch .* of (3|24)  loss .*"))
                .count();
    }

    @Test
    public void theFileIsThatOfAThinnerNetworkWithFewWeights() throws Exception {
        assertTrue(whole.out().contains("parameters saved 0.8500"), whole.out());
        assertTrue(whole.out().contains("sparsity 0.8000, 3 bits"), whole.out());
        JsonObject report = report("out");
        assertEquals(report.getAsJsonObject("compressed").get("bytes").getAsLong(), file.length);
        assertTrue(report.get("sparsity").getAsDouble() > 0.7, "sparsity");
        long elements =
                BonsaiFile.decode(file).weights().stream()
                        .mapToLong(weight -> weight.value().size())
                        .sum();
        assertTrue(elements < 0.3 * 266_610, elements + " elements are left");
        assertEquals(PlainModel.of(BonsaiFile.decode(file)).graph().inputs().size(), 1);
    }

    @Test
    public void eachTrainingIsMeasuredAndSaidBeforeItBegins() {
        List<String> said =
                whole.out()
                        .lines()
                        .filter(line -> line.matches("(Compression to|  gate: model ).*"))
                        .map(line -> line.substring(0, 13))
                        .toList();
        assertEquals(
                said, List.of("Compression t", "  gate: model", "Compression t", "  gate: model"));
    }

    @Test(dependsOnMethods = "theFileIsThatOfAThinnerNetworkWithFewWeights")
    public void startedAgainBehindItsEndItTrainsNothing() throws Exception {
        CommandRun again = run("again");
        assertEquals(again.status(), 0, again.err());
        assertEquals(epochs(again), 0, again.out());
        assertEquals(Files.readAllBytes(folder.resolve("again").resolve("model.bonsai")), file);
    }

    /** As after a kill in the second training: the first is not run once more. */
    @Test(dependsOnMethods = "startedAgainBehindItsEndItTrainsNothing")
    public void withoutTheSecondTrainingItBeginsThere() throws Exception {
        Path states = checkpoints.resolve("stage-2").resolve(RunFolder.STATES);
        try (var files = Files.list(states)) {
            for (Path state : files.toList()) {
                Files.delete(state);
            }
        }
        CommandRun again = run("second");
        assertEquals(again.status(), 0, again.err());
        assertEquals(epochs(again), 3, again.out());
        assertEquals(Files.readAllBytes(folder.resolve("second").resolve("model.bonsai")), file);
    }

    @Test(dependsOnMethods = "withoutTheSecondTrainingItBeginsThere")
    public void aDamagedResultOfTheFirstTrainingIsRefused() throws Exception {
        Files.write(checkpoints.resolve(RunFolder.FINISHED), new byte[100]);
        CommandRun run = run("damaged");
        assertEquals(run.status(), 2, run.out());
        assertTrue(run.err().contains("finished.bonsai is damaged"), run.err());
    }
}
