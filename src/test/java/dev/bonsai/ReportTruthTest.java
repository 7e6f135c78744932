package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.nn.Block;
import dev.bonsai.file.ByteLedger;
import dev.bonsai.file.Section;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.report.ReportHtml;
import dev.bonsai.report.WeightReport;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What a report of a training says of sizes, names, frozen weights and time. */
public class ReportTruthTest extends ToyTestBase {

    @Test
    public void everySizeIsTheLengthOfAFile() throws Exception {
        Path file = Files.createTempDirectory("bonsai").resolve("toy.bonsai");
        try (Model model = Toy.model(Toy.mlp())) {
            Block block = model.getBlock();
            CompressionListener listener = halvingTo4Bits();
            toy.train(model, 3, listener);
            CompressionReport report = listener.getReport();
            ByteLedger ledger = listener.getCompressedModel().save(file);
            assertEquals(report.size().after(), Files.size(file));
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            block.saveParameters(new DataOutputStream(plain));
            assertEquals(report.size().before(), plain.size());
            for (WeightReport weight : report.weights()) {
                ByteLedger.WeightBytes bytes =
                        ledger.weights().stream()
                                .filter(w -> w.path().equals(weight.path()))
                                .findFirst()
                                .orElseThrow();
                assertEquals(weight.bytes(), bytes.total());
                long scales = bytes.bytes().get(Section.SCALES);
                assertEquals(weight.scaleBytes(), scales);
            }
            assertTrue(report.bits() > 4, "the scales are counted: " + report.bits());
        }
    }

    @Test
    public void theTimeInTheGateIsAPartOfTheWhole() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener = halvingTo4Bits();
            toy.train(model, 3, listener);
            CompressionReport report = listener.getReport();
            assertTrue(report.time().gate() > 0, report.toString());
            assertTrue(report.time().gate() <= report.time().total(), report.toString());
        }
    }

    @Test
    public void twoTechniquesOfOneNameAreToldApart() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(pruning(0.5f, 1))
                            .addTechnique(pruning(0.7f, 1))
                            .optGate(open())
                            .optWarmup(0)
                            .build();
            toy.train(model, 3, listener);
            List<String> names =
                    listener.getReport().trials().stream()
                            .map(t -> t.technique())
                            .distinct()
                            .toList();
            assertEquals(names, List.of("model", "pruning", "pruning (2)"));
        }
    }

    @Test
    public void compressedWeightsThatAreFrozenAreNamed() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 1);
            Block first = model.getBlock().getChildren().get(0).getValue();
            first.freezeParameters(true);
            CompressionListener listener = halving();
            toy.train(model, 3, listener);
            List<String> notes =
                    listener.getReport().notes().stream()
                            .filter(note -> note.contains("frozen"))
                            .toList();
            assertEquals(notes.size(), 1, listener.getReport().toString());
            List<WeightReport> weights = listener.getReport().weights();
            assertTrue(notes.get(0).contains(weights.get(0).path()), notes.get(0));
            assertFalse(notes.get(0).contains(weights.get(1).path()), notes.get(0));
        }
    }

    @DataProvider
    Object[][] locales() {
        return new Object[][] {
            {Locale.GERMANY}, {Locale.forLanguageTag("ar-EG-u-nu-arab")},
        };
    }

    private String trained() throws Exception {
        try (Toy own = new Toy();
                Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(pruning(0.98f, 4))
                            .addTechnique(quantization(4))
                            .optGate(own.gate().optMaxDrop(0.02f).build())
                            .optWarmup(0)
                            .build();
            own.train(model, 4, listener);
            CompressionReport report = listener.getReport();
            // how long it took differs from run to run
            return (report + ReportHtml.of(report)).replaceAll("[\\d.]+ s of", "");
        }
    }

    @Test(dataProvider = "locales")
    public void aTrainingHasTheSameReportUnderEveryLocale(Locale locale) throws Exception {
        Locale before = Locale.getDefault();
        String expected;
        String actual;
        try {
            Locale.setDefault(Locale.ROOT);
            expected = trained();
            Locale.setDefault(locale);
            actual = trained();
        } finally {
            Locale.setDefault(before);
        }
        assertEquals(actual, expected);
    }
}
