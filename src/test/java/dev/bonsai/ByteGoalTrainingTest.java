package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import dev.bonsai.core.Technique;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.file.ByteLedger;
import dev.bonsai.quantization.ErrorMeasure;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.quantization.Scales;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Widths that are shared out under a goal of bytes, in a real training. */
public class ByteGoalTrainingTest extends ToyTestBase {

    @DataProvider
    public Object[][] options() {
        return Cross.of(
                new Integer[] {0, 1},
                new Scales[] {Scales.FREE, Scales.LEARNED},
                ErrorMeasure.values());
    }

    /** The codes change after they were counted, as training goes on, but not by much. */
    @Test(dataProvider = "options")
    public void theFileKeepsToTheGoal(int warmup, Scales scales, ErrorMeasure measure)
            throws Exception {
        long goal = 260;
        Technique widths =
                Quantization.builder()
                        .setBits(2)
                        .optByteGoal(goal)
                        .optScales(scales)
                        .optErrorMeasure(measure)
                        .build();
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(pruning(0.5f, 2))
                        .addTechnique(widths)
                        .optGate(open())
                        .optWarmup(warmup)
                        .build();
        Path file = Files.createTempFile("goal", ".bonsai");
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 5, listener);
            ByteLedger ledger = listener.getCompressedModel().save(file);
            List<Integer> bits = new ArrayList<>();
            long bytes = 0;
            for (NamedWeight weight : listener.getCompressedModel().getWeights()) {
                if (weight.value() instanceof GridWeight grid) {
                    bits.add(grid.bits());
                    bytes += bytes(ledger, weight.path());
                }
            }
            assertTrue(bytes <= goal * 1.1, bytes + " bytes, bits " + bits);
            assertTrue(bytes >= goal / 2, bytes + " bytes, bits " + bits);
            assertTrue(bits.stream().anyMatch(b -> b > 2), bits.toString());
            assertEquals(listener.getReport().notes(), List.of());
            assertTrue(toy.accuracy(model.getBlock()) > 0.9);
        } finally {
            Files.delete(file);
        }
    }

    private static long bytes(ByteLedger ledger, String path) {
        return ledger.weights().stream()
                .filter(weight -> weight.path().equals(path))
                .mapToLong(ByteLedger.WeightBytes::total)
                .sum();
    }
}
