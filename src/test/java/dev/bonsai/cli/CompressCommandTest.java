package dev.bonsai.cli;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.WeightError;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.npy.NpyFile;
import dev.bonsai.onnx.ExportCheck;
import dev.bonsai.onnx.OnnxExporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What becomes of an ONNX file without training. */
public class CompressCommandTest {

    private Path folder;
    private Path onnx;
    private Path rows;

    @BeforeClass
    public void writeModel() throws Exception {
        folder = Files.createTempDirectory("bonsai");
        onnx = SmallModels.writeOnnx(folder.resolve("layers.onnx"), SmallModels.layers());
        rows = folder.resolve("rows.npy");
        NpyFile.write(rows, SmallModels.random(9, 20, 64));
    }

    @DataProvider
    Object[][] options() {
        List<Object[]> cases = new ArrayList<>();
        for (int bits : new int[] {3, 8}) {
            for (int group : new int[] {0, 16}) {
                for (float sparsity : new float[] {0, 0.5f}) {
                    for (boolean calibrated : new boolean[] {false, true}) {
                        cases.add(new Object[] {bits, group, sparsity, calibrated});
                    }
                }
            }
        }
        return cases.toArray(new Object[0][]);
    }

    private BonsaiModel compressed(int bits, int group, float sparsity, boolean calibrated)
            throws Exception {
        Path out = Files.createTempDirectory(folder, "out");
        List<Object> args = new ArrayList<>(List.of("compress", onnx, "--out", out));
        args.addAll(List.of("--bits", bits, "--sparsity", sparsity));
        if (group > 0) {
            args.addAll(List.of("--group", group));
        }
        if (calibrated) {
            args.addAll(List.of("--calibrate", rows));
        }
        CliRun run = CliRun.of(args.toArray());
        String said = run.done();
        assertTrue(said.contains(calibrated ? "20 samples of " + rows : "random inputs"), said);
        assertTrue(run.lastLine().startsWith("Next: "), said);
        return BonsaiFile.read(out.resolve("model.bonsai"));
    }

    @Test(dataProvider = "options")
    public void theFileHasWhatWasAskedFor(int bits, int group, float sparsity, boolean calibrated)
            throws Exception {
        BonsaiModel model = compressed(bits, group, sparsity, calibrated);
        for (NamedWeight weight : model.weights()) {
            if (weight.role() == NamedWeight.Role.WEIGHT) {
                GridWeight grid = (GridWeight) weight.value();
                assertEquals(grid.bits(), bits, weight.path());
                int[] shape = grid.shape();
                int length = group == 0 ? shape[1] : group;
                assertEquals(grid.layout().groups(), shape[0] * ((shape[1] + length - 1) / length));
            }
        }
        long weights = 48 * 64 + 10 * 48;
        long zeros =
                model.weights().stream()
                        .filter(weight -> weight.value() instanceof GridWeight)
                        .mapToLong(weight -> weight.value().zeros())
                        .sum();
        assertTrue(zeros >= sparsity * weights, zeros + " zeros");
    }

    @Test
    public void moreBitsAndSmallerGroupsAreCloser() throws Exception {
        double coarse = decibels(compressed(3, 0, 0, true));
        assertTrue(decibels(compressed(3, 8, 0, true)) > coarse);
        assertTrue(decibels(compressed(8, 0, 0, true)) > coarse + 20); // 6 dB per bit
    }

    private static double decibels(BonsaiModel model) {
        return WeightError.of(
                        SmallModels.layers().weights().get("first"), model.weight("first").value())
                .sqnrDb();
    }

    @Test
    public void theSameSeedGivesTheSameFile() throws Exception {
        BonsaiModel once = compressed(4, 0, 0.3f, false);
        assertEquals(compressed(4, 0, 0.3f, false).values(), once.values());
    }

    @Test
    public void integersAreAnOnnxFileMore() throws Exception {
        Path out = folder.resolve("integers");
        String said =
                CliRun.of("compress", onnx, "--out", out, "--int8", "--calibrate", rows).done();
        assertTrue(Files.isRegularFile(out.resolve("model-int8.onnx")), said);
        assertTrue(said.contains("dynamic int8"), said);
    }

    @Test
    public void integersOfAnEarlierRunDoNotStayBesideAnotherModel() {
        Path out = folder.resolve("again");
        CliRun.of("compress", onnx, "--out", out, "--int8", "--calibrate", rows).done();
        CliRun.of("compress", onnx, "--out", out, "--bits", 4).done();
        assertTrue(Files.exists(out.resolve("model.bonsai")));
        assertFalse(Files.exists(out.resolve("model-int8.onnx")));
    }

    /** Nothing is trained: one sample must not move the statistics, nor do without a deviation. */
    @Test
    public void batchNormalisationKeepsItsStatistics() throws Exception {
        GraphModel model = SmallModels.normalized();
        Path file = SmallModels.writeOnnx(folder.resolve("normalized.onnx"), model);
        for (int bits : new int[] {2, 4, 8}) {
            Path out = folder.resolve("normalized" + bits);
            CliRun.of("compress", file, "--out", out, "--bits", bits).done();
            BonsaiModel compressed = BonsaiFile.read(out.resolve("model.bonsai"));
            for (String statistic : List.of("mean", "variance")) {
                assertEquals(
                        compressed.weight(statistic).value().decode(),
                        model.weights().get(statistic).decode(),
                        statistic);
            }
        }
    }

    /** Classes are the same or not; that no score was compared makes nothing close. */
    @Test
    public void wholeNumbersAreComparedToo() throws Exception {
        Path classes = SmallModels.writeOnnx(folder.resolve("best.onnx"), SmallModels.best());
        CliRun far =
                CliRun.of(
                        "compress",
                        classes,
                        "--out",
                        folder.resolve("worst"),
                        "--bits",
                        2,
                        "--sparsity",
                        0.9,
                        "--calibrate",
                        rows);
        assertTrue(far.done().contains("% of the whole numbers are the same"), far.out());
        assertTrue(far.out().contains("model.bonsai: far from the original"), far.out());
        CliRun near =
                CliRun.of(
                        "compress",
                        classes,
                        "--out",
                        folder.resolve("best"),
                        "--bits",
                        16,
                        "--calibrate",
                        rows);
        assertTrue(near.done().contains("100.0 % of the whole numbers"), near.out());
        assertTrue(near.out().contains("model.bonsai: close to the original"), near.out());
    }

    @Test
    public void whatIsFarFromTheOriginalIsSaidWithWhatToTry() {
        CliRun far = CliRun.of("compress", onnx, "--out", folder.resolve("far"), "--bits", 2);
        assertTrue(far.done().contains("model.bonsai: far from the original"), far.out());
        assertTrue(far.lastLine().contains("--group 32, or more --bits"), far.lastLine());
        CliRun near = CliRun.of("compress", onnx, "--out", folder.resolve("near"));
        assertTrue(near.done().contains("model.bonsai: close to the original"), near.out());
        assertTrue(near.lastLine().contains("bonsai predict"), near.lastLine());
    }

    @Test
    public void fewSamplesAreTakenOfMany() {
        String said =
                CliRun.of(
                                "compress",
                                onnx,
                                "--out",
                                folder.resolve("few"),
                                "--calibrate",
                                rows,
                                "--samples",
                                3)
                        .done();
        assertTrue(said.contains("3 of 20 samples"), said);
    }

    /** Random inputs have some size, which is none for this model. */
    @Test
    public void whereRandomInputsDoNotFitRealOnesAreAskedFor() throws Exception {
        Dim free = Dim.free("width");
        GraphModel wide =
                new GraphModel(
                        new Graph(
                                List.of(
                                        new Input(
                                                "x",
                                                ElementType.FLOAT32,
                                                Shape.of(Dim.free("batch"), free))),
                                List.of(new Weight("w", ElementType.FLOAT32, Shape.of(5, 2))),
                                Map.of("shape", Constants.integers(-1, 5)),
                                List.of(
                                        Node.of(new Reshape(false), "r", "x", "shape"),
                                        Node.of(Plain.MATMUL, "y", "r", "w")),
                                List.of("y")),
                        Map.of("w", SmallModels.random(1, 5, 2)));
        Path file = folder.resolve("wide.onnx");
        OnnxExporter.write(file, wide, ExportCheck.builder().optSizes("width", 5, 10).build());
        CliRun random = CliRun.of("compress", file, "--out", folder.resolve("wide"));
        assertEquals(random.status(), 2, random.out());
        assertTrue(random.err().contains("--calibrate"), random.err());
        Path real = folder.resolve("wide.npy");
        NpyFile.write(real, SmallModels.random(2, 3, 10));
        CliRun.of("compress", file, "--out", folder.resolve("wide"), "--calibrate", real).done();
    }

    @Test
    public void aModelWithoutWeightsIsOneLine() throws Exception {
        Path none = SmallModels.writeOnnx(folder.resolve("none.onnx"), SmallModels.sum());
        CliRun run = CliRun.of("compress", none, "--out", folder.resolve("none"));
        assertEquals(run.status(), 2, run.err());
        assertEquals(run.err().lines().count(), 1, run.err());
        assertFalse(Files.exists(folder.resolve("none").resolve("model.bonsai")));
    }
}
