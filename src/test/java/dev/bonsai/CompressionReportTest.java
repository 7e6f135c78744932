package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import dev.bonsai.encoding.WeightError;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.report.EpochSummary;
import dev.bonsai.report.ModelSize;
import dev.bonsai.report.TrainingTime;
import dev.bonsai.report.WeightReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testng.annotations.Test;

/** What the report says is what is in the block. */
public class CompressionReportTest extends ToyTestBase {

    private static WeightReport weight(String path, int size, int zeros, int bits) {
        float[] values = {1, 2};
        return new WeightReport(
                path, "(" + size + ")", size, zeros, bits, 0, 0, WeightError.of(values, values));
    }

    private static CompressionReport report(List<WeightReport> weights, List<String> notes) {
        Trial trial =
                new Trial(
                        3,
                        "pruning",
                        "asked for",
                        "got it",
                        0.875,
                        0.9,
                        0.025,
                        Double.NaN,
                        Verdict.ACCEPTED);
        return new CompressionReport(
                "Accuracy",
                0.9,
                0.85,
                0.875,
                ModelSize.UNKNOWN,
                Optional.empty(),
                TrainingTime.UNKNOWN,
                List.of(new EpochSummary(1, 0.985, 0.5, 4)),
                List.of(trial),
                weights,
                notes);
    }

    @Test
    public void theSparsityWeighsElementsNotWeights() {
        CompressionReport report =
                report(List.of(weight("a", 100, 90, 4), weight("b", 300, 10, 8)), List.of());
        assertEquals(report.sparsity(), 0.25, 0);
        assertEquals(report.weights().get(0).sparsity(), 0.9, 0);
    }

    @Test
    public void nothingIsNotSparse() {
        assertEquals(report(List.of(), List.of()).sparsity(), 0, 0);
        assertEquals(weight("empty", 0, 0, 32).sparsity(), 0, 0);
    }

    @Test
    public void theTextNamesEveryWeightTrialAndNote() {
        String text =
                report(
                                List.of(weight("01Linear_weight", 100, 90, 4)),
                                List.of("the first", "the second"))
                        .toString();
        for (String part :
                List.of(
                        "Accuracy 0.9000 -> 0.8750",
                        "01Linear_weight",
                        "(100)",
                        "asked for",
                        "got it",
                        "ACCEPTED",
                        "+0.0250",
                        "note: the first",
                        "note: the second")) {
            assertTrue(text.contains(part), part + " in\n" + text);
        }
    }

    @Test
    public void theReportIsItsOwn() {
        List<String> notes = new ArrayList<>(List.of("one"));
        CompressionReport report = report(List.of(), notes);
        notes.add("two");
        assertEquals(report.notes(), List.of("one"));
        expectThrows(UnsupportedOperationException.class, () -> report.trials().clear());
    }

    @Test
    public void zerosAndSizesAreThoseOfTheBlock() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener = halvingTo4Bits();
            Map<String, float[]> baked = toy.train(model, 4, listener);
            CompressionReport report = listener.getReport();
            long zeros = 0;
            long size = 0;
            for (WeightReport weight : report.weights()) {
                float[] values = baked.get(weight.path());
                assertEquals(weight.zeros(), Toy.zeros(values), weight.path());
                assertEquals(weight.size(), values.length, weight.path());
                assertTrue(weight.error().sqnrDb() > 0, weight.toString());
                zeros += weight.zeros();
                size += weight.size();
            }
            assertEquals(report.sparsity(), (double) zeros / size, 0);
            assertEquals(
                    report.weights().stream().map(WeightReport::shape).toList(),
                    List.of("(32, 8)", "(4, 32)"));
            double best =
                    report.trials().stream()
                            .filter(t -> t.verdict() == Verdict.DONE)
                            .reduce((a, b) -> b)
                            .orElseThrow()
                            .metric();
            assertTrue(report.achieved() >= best, "the model was left no worse");
            assertEquals(report.metric(), "Accuracy");
        }
    }
}
