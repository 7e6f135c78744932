package dev.bonsai.report;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.WeightError;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.file.ByteLedger;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import dev.bonsai.report.SensitivityReport.Row;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.rapaio.jupyter.kernel.display.DisplayData;
import org.rapaio.jupyter.kernel.display.DisplayRenderer;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

public class ReportTest {

    private CompressionReport report;
    private ByteLedger ledger;

    @BeforeClass
    public void setUp() throws Exception {
        System.setProperty("java.awt.headless", "true");
        report =
                new CompressionReport(
                        "Accuracy",
                        0.99,
                        0.98,
                        0.985,
                        new ModelSize(100_000, 5_000),
                        Optional.empty(),
                        TrainingTime.UNKNOWN,
                        List.of(
                                new EpochSummary(0, 0.99, 0, 32),
                                new EpochSummary(1, 0.985, 0.5, 32),
                                new EpochSummary(2, 0.985, 0.5, 4)),
                        List.of(
                                new Trial(
                                        0,
                                        "model",
                                        "-",
                                        "-",
                                        0.99,
                                        0.99,
                                        0,
                                        Double.NaN,
                                        Verdict.BASELINE),
                                new Trial(
                                        1,
                                        "pruning",
                                        "sparsity 0.5",
                                        "sparsity 0.5",
                                        0.985,
                                        0.99,
                                        0.005,
                                        Double.NaN,
                                        Verdict.ACCEPTED),
                                new Trial(
                                        1,
                                        "quantization",
                                        "2 bits",
                                        "4 bits",
                                        Double.NaN,
                                        0.99,
                                        Double.NaN,
                                        Double.NaN,
                                        Verdict.ROLLED_BACK)),
                        List.of(
                                new WeightReport(
                                        "<fc>_weight",
                                        "(2, 2)",
                                        4,
                                        2,
                                        4,
                                        12,
                                        4,
                                        WeightError.of(new float[] {1, 2}, new float[] {1, 2}))),
                        List.of("stopped & said why"));
        NamedWeight weight =
                new NamedWeight(
                        "fc_weight",
                        NamedWeight.Role.WEIGHT,
                        new DenseWeight(new int[] {2, 2}, new float[] {1, 2, 3, 4}));
        Path file = Files.createTempDirectory("bonsai").resolve("model.bonsai");
        ledger = BonsaiFile.write(file, new BonsaiModel(List.of(weight), List.of()));
    }

    @Test
    public void theHtmlHasEveryTrialWeightAndNoteAndEscapesNames() {
        String html = ReportHtml.of(report);
        for (String part :
                new String[] {
                    "&lt;fc&gt;_weight", "sparsity 0.5", "2 bits", "stopped &amp; said"
                }) {
            assertTrue(html.contains(part), part + " in " + html);
        }
        assertFalse(html.contains("<fc>"), html);
    }

    @Test
    public void theHtmlOfALedgerHasItsTotal() {
        String html = ReportHtml.of(ledger);
        assertTrue(html.contains("fc_weight"), html);
        assertTrue(html.contains(Long.toString(ledger.total())), html);
    }

    @Test
    public void figuresAreDrawnAtTwiceTheirSize() {
        for (Figure figure :
                new Figure[] {ReportCharts.epochs(report), ReportCharts.sizes(64, ledger)}) {
            BufferedImage image = figure.toImage();
            assertEquals(image.getWidth(), 2 * figure.width());
            assertEquals(image.getHeight(), 2 * figure.height());
            assertTrue(colours(image) > 10, "something is drawn");
        }
    }

    @Test
    public void sensitivitiesAreDrawnAChartATechnique() {
        SensitivityReport sensitivity =
                new SensitivityReport(
                        "Accuracy",
                        0.9,
                        List.of(
                                new Row("q", "a", "8 bits", 8, 0.9, 0),
                                new Row("q", "a", "2 bits", 2, 0.5, 0.4),
                                new Row("q", "b", "8 bits", 8, Double.NaN, Double.NaN),
                                new Row("p", "a", "sparsity 0.5", 0.5, 0.8, 0.1)));
        Figure figure = ReportCharts.sensitivity(sensitivity);
        assertEquals(figure.charts().size(), 2);
        assertTrue(colours(figure.toImage()) > 10, "something is drawn");
    }

    private static long colours(BufferedImage image) {
        int[] pixels =
                image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        return Arrays.stream(pixels).distinct().count();
    }

    @Test
    public void aPngIsReadBackAsItWas() throws Exception {
        BufferedImage image = Figure.row(WeightCharts.histogram("w", 5, 1, 2, 2, 3)).toImage();
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(Png.encode(image)));
        assertEquals(read.getWidth(), image.getWidth());
        int middle = image.getWidth() / 2;
        assertEquals(read.getRGB(middle, 5), image.getRGB(middle, 5));
    }

    @Test
    public void aHeatMapShowsNoMoreDecimalsThanAsked() {
        BufferedImage plain = Figure.row(WeightCharts.heatMap("w", 2, 1, 0.5f, -1)).toImage();
        BufferedImage noisy =
                Figure.row(WeightCharts.heatMap("w", 2, 1, 0.5000001f, -1.0000001f)).toImage();
        int[] first = plain.getRGB(0, 0, plain.getWidth(), plain.getHeight(), null, 0, 1000);
        int[] second = noisy.getRGB(0, 0, noisy.getWidth(), noisy.getHeight(), null, 0, 1000);
        assertEquals(second, first);
    }

    @Test
    public void valuesThatFillNoRowsAreRefused() {
        expectThrows(
                IllegalArgumentException.class, () -> WeightCharts.heatMap("w", 2, 1, 1, 2, 3));
    }

    @Test
    public void anEmptyFigureIsRefused() {
        expectThrows(IllegalArgumentException.class, () -> new Figure(List.of(), 1));
    }

    @Test
    public void aNotebookShowsReportsLedgersAndFigures() {
        List<DisplayRenderer> renderers = new NotebookDisplay().getDisplayRenderers();
        Object[] values = {report, ledger, ReportCharts.epochs(report)};
        for (Object value : values) {
            DisplayRenderer renderer =
                    renderers.stream()
                            .filter(r -> r.rendererClass().isInstance(value))
                            .findFirst()
                            .orElseThrow();
            assertTrue(renderer.canRender("text/html"));
            DisplayData data = renderer.render("text/html", value);
            assertNotEquals(data.data().size(), 0, value.getClass().toString());
        }
    }
}
