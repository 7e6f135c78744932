package dev.bonsai.cli;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.graph.Graph;
import dev.bonsai.npy.NpyFile;
import dev.bonsai.onnx.OnnxImporter;
import dev.bonsai.onnx.OnnxImporter.Form;
import dev.bonsai.qr.QrCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What is shown of a file, and the files that are made of it. */
public class FilesTest {

    private Path folder;
    private Path bonsai;

    @BeforeClass
    public void writeModel() throws Exception {
        folder = Files.createTempDirectory("bonsai");
        bonsai = SmallModels.write(folder.resolve("layers.bonsai"), SmallModels.layers());
    }

    @DataProvider
    Object[][] parts() {
        List<Object[]> cases = new ArrayList<>();
        for (boolean weights : new boolean[] {false, true}) {
            for (boolean graph : new boolean[] {false, true}) {
                for (boolean ledger : new boolean[] {false, true}) {
                    cases.add(new Object[] {weights, graph, ledger});
                }
            }
        }
        return cases.toArray(new Object[0][]);
    }

    @Test(dataProvider = "parts")
    public void thePartsThatAreAskedForAreShown(boolean weights, boolean graph, boolean ledger) {
        List<String> parts = new ArrayList<>();
        if (weights) {
            parts.add("weights");
        }
        if (graph) {
            parts.add("graph");
        }
        if (ledger) {
            parts.add("ledger");
        }
        boolean all = parts.isEmpty();
        CliRun run =
                all
                        ? CliRun.of("inspect", bonsai)
                        : CliRun.of("inspect", bonsai, "--show", String.join(",", parts));
        String said = run.done();
        assertEquals(said.contains("stored as"), weights || all, said);
        assertEquals(said.contains("= Gemm("), graph || all, said);
        assertEquals(said.contains("positions"), ledger || all, said);
        assertTrue(run.lastLine().startsWith("Next: bonsai predict"), said);
    }

    @Test
    public void aFileOfWeightsAloneIsShownAndNotRun() throws Exception {
        BonsaiModel model = BonsaiFile.read(bonsai);
        Path plain = folder.resolve("weights.bonsai");
        BonsaiFile.write(plain, model.withGraph(Optional.empty()));
        assertTrue(CliRun.of("inspect", plain).done().contains("No graph"));
        Path out = folder.resolve("weights");
        assertTrue(CliRun.of("unpack", plain, "--out", out).done().contains("no graph"));
        assertFalse(Files.exists(out.resolve("graph.txt")));
        Path row = folder.resolve("row.npy");
        NpyFile.write(row, SmallModels.random(1, 1, 64));
        CliRun run = CliRun.of("predict", plain, row);
        assertEquals(run.status(), 2);
        assertTrue(run.err().contains("weights only"), run.err());
    }

    @Test
    public void importAndExportGiveTheGraphBack() throws Exception {
        Path onnx = folder.resolve("model.onnx");
        assertTrue(CliRun.of("export", bonsai, "--to", onnx).done().contains("32-bit floats"));
        Graph graph = SmallModels.layers().graph().canonical();
        assertEquals(OnnxImporter.read(onnx, Form.LITERAL).graph().canonical(), graph);
        Path again = folder.resolve("again.bonsai");
        CliRun.of("import", onnx, "--to", again).done();
        BonsaiModel imported = BonsaiFile.read(again);
        assertEquals(imported.graph().orElseThrow().canonical(), graph);
        assertEquals(imported.values(), SmallModels.layers().weights());
        assertEquals(imported.weight("first").role(), NamedWeight.Role.WEIGHT);
        assertEquals(imported.weight("bias").role(), NamedWeight.Role.BIAS);
        assertTrue(CliRun.of("inspect", onnx).done().contains("Next: bonsai compress"));
    }

    @Test
    public void integersAreExportedWithRealOrRandomInputs() throws Exception {
        Path rows = folder.resolve("rows.npy");
        NpyFile.write(rows, SmallModels.random(4, 16, 64));
        Path onnx = folder.resolve("int8.onnx");
        String random = CliRun.of("export", bonsai, "--to", onnx, "--int8").done();
        assertTrue(random.contains("random inputs") && random.contains("int8"), random);
        String real =
                CliRun.of("export", bonsai, "--to", onnx, "--int8", "--calibrate", rows).done();
        assertTrue(real.contains("16 samples"), real);
    }

    @Test
    public void whatIsUnpackedIsTheModel() throws Exception {
        Path out = folder.resolve("unpacked");
        CliRun.of("unpack", bonsai, "--out", out).done();
        BonsaiModel model = BonsaiFile.read(bonsai);
        JsonObject list =
                JsonParser.parseString(Files.readString(out.resolve("model.json")))
                        .getAsJsonObject();
        JsonArray weights = list.getAsJsonArray("weights");
        assertEquals(weights.size(), model.weights().size());
        for (int i = 0; i < weights.size(); ++i) {
            JsonObject weight = weights.get(i).getAsJsonObject();
            NamedWeight expected = model.weight(weight.get("path").getAsString());
            Path npy = out.resolve(weight.get("file").getAsString());
            assertEquals(NpyFile.read(npy).decode(), expected.value().decode());
            assertEquals(NpyFile.read(npy).shape(), expected.value().shape());
        }
        assertEquals(
                Files.readString(out.resolve("graph.txt")), model.graph().orElseThrow() + "\n");
    }

    @Test
    public void theQrCodeHasTheWholeFile() throws Exception {
        Path small = SmallModels.write(folder.resolve("sum.bonsai"), SmallModels.sum());
        CliRun.of("qr", small).done();
        assertEquals(QrCode.read(folder.resolve("sum.png")), Files.readAllBytes(small));
        Path other = folder.resolve("other.png");
        CliRun.of("qr", small, "--to", other).done();
        assertEquals(QrCode.read(other), Files.readAllBytes(small));
        CliRun large = CliRun.of("qr", bonsai);
        assertEquals(large.status(), 2);
        assertEquals(large.err().lines().count(), 1, large.err());
    }
}
