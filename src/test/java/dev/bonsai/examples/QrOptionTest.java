package dev.bonsai.examples;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import com.google.gson.JsonParser;
import dev.bonsai.examples.data.DataSource;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.network.Network;
import dev.bonsai.qr.QrCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/** A whole network is read back from a picture, and answers as before. */
public class QrOptionTest {

    /** A guess is right in a tenth; this short training gets 0.70. */
    private static final double LEAST = 0.6;

    private static final Network NETWORK = Network.TINY;

    private Path out;
    private CommandRun run;

    @BeforeClass
    public void runOnce() throws IOException {
        out = Files.createTempDirectory("bonsai");
        run = run("--dense-epochs", "2", "--sparsity", "0.85", "--bits", "3");
    }

    private CommandRun run(String... options) {
        List<String> args = new ArrayList<>(List.of("--dataset", "digits", "--qr"));
        args.addAll(List.of("--network", NETWORK.id(), "--epochs", "1", "--max-drop", "0.2"));
        args.addAll(List.of("--seed", "3", "--out", out.toString()));
        args.addAll(List.of(options));
        CommandRun done = CommandRun.of(args.toArray(new String[0]));
        assertEquals(done.status(), 0, done.err());
        return done;
    }

    private double accuracyInTheReport() throws IOException {
        return JsonParser.parseString(Files.readString(out.resolve("report.json")))
                .getAsJsonObject()
                .getAsJsonObject("compressed")
                .get("accuracy")
                .getAsDouble();
    }

    @Test
    public void theNetworkInThePictureAnswersAsThatOfTheFile() throws Exception {
        Path picture = out.resolve("model.png");
        assertTrue(run.out().contains("QR code: " + picture), run.out());
        byte[] read = QrCode.read(picture);
        assertEquals(read, Files.readAllBytes(out.resolve("model.bonsai")));
        Path file = Files.write(out.resolve("read.bonsai"), read);
        ImageData data = DataSource.DIGITS.load();
        double accuracy =
                new Pipeline(NETWORK, data, 3, out).readBack(file, data.test()).accuracy();
        assertEquals(accuracy, accuracyInTheReport(), 0); // the same bytes in the same block
        assertTrue(accuracy >= LEAST, "accuracy " + accuracy);
    }

    @Test(dependsOnMethods = "theNetworkInThePictureAnswersAsThatOfTheFile")
    public void ofATooLargeFileAllElseIsWrittenAndTheOldPictureIsRemoved() throws IOException {
        Path dense = Files.createDirectory(out.resolve("earlier"));
        for (String name : new String[] {"dense-0000.params", "dense.json"}) {
            Files.copy(out.resolve(name), dense.resolve(name));
        }
        CommandRun large = run("--dense", dense.toString(), "--sparsity", "0.1", "--bits", "8");
        long size = Files.size(out.resolve("model.bonsai"));
        assertTrue(size > QrCode.MAX_BYTES, size + " bytes");
        String why =
                String.format(
                        Locale.ROOT,
                        "No QR code: %s has %,d bytes",
                        out.resolve("model.bonsai"),
                        size);
        assertTrue(large.out().contains(why), large.out());
        assertTrue(large.out().contains("Written: " + out), large.out());
        assertFalse(Files.exists(out.resolve("model.png")));
    }
}
