package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import dev.bonsai.core.HoldZeros;
import dev.bonsai.core.Technique;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** A training that goes on from a file keeps the level and the reference. */
public class ContinuationTest extends ToyTestBase {

    private Path folder;

    @BeforeMethod
    public void makeFolder() throws Exception {
        folder = Files.createTempDirectory("bonsai");
    }

    @AfterMethod
    public void removeFolder() throws Exception {
        for (String name : List.of("first.bonsai", "plain.bonsai", "again.bonsai")) {
            Files.deleteIfExists(folder.resolve(name));
        }
        Files.delete(folder);
    }

    private CompressionListener.Builder with(Technique... techniques) {
        return CompressionListener.builder()
                .addTechniques(List.of(techniques))
                .optGate(toy.gate().optMaxDrop(0.2f).build())
                .optWarmup(0);
    }

    /** Prunes to 75 %, and returns what a file tells of it. */
    private CompressedModel first(CompressionListener listener) throws Exception {
        Path file = folder.resolve("first.bonsai");
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 6, listener);
        }
        listener.getCompressedModel().saveForTraining(file);
        return CompressedModel.load(file);
    }

    @Test
    public void theLevelIsTriedFirstAndTheReferenceStands() throws Exception {
        CompressionListener before = with(pruning(0.75f, 3)).build();
        CompressedModel earlier = first(before);
        double reached = before.getReport().epochs().get(5).sparsity();
        assertTrue(reached > 0.7, "the first run prunes: " + reached);
        try (Model model = Toy.model(Toy.mlp())) {
            earlier.applyTo(model.getBlock(), model.getNDManager());
            CompressionListener listener =
                    with(pruning(0.9f, 8), quantization(4))
                            .optContinue(earlier)
                            .optHoldZeros(HoldZeros.NEVER)
                            .build();
            Map<String, float[]> baked = toy.train(model, 8, listener);
            List<Trial> trials = listener.getReport().trials();
            assertEquals(trials.get(1).asked(), "sparsity 0.7500", trials.toString());
            assertEquals(trials.get(1).verdict(), Verdict.ACCEPTED);
            assertEquals(
                    trials.get(1).metric(), trials.get(0).metric(), 0, "nothing is changed by it");
            assertTrue(baked.size() > 0);
            assertTrue(
                    listener.getReport().epochs().stream()
                            .allMatch(epoch -> epoch.sparsity() >= reached - 1e-6),
                    listener.getReport().epochs().toString());
            List<Trial> known = before.getReport().trials();
            assertTrue(
                    trials.get(0).reference() >= known.get(known.size() - 1).reference(),
                    "the reference stands");
        }
    }

    @Test
    public void aFileThatDoesNotTellIsRefused() throws Exception {
        Path file = folder.resolve("plain.bonsai");
        CompressionListener listener = halving();
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 2, listener);
        }
        listener.getCompressedModel().save(file);
        CompressedModel plain = CompressedModel.load(file);
        CompressionListener.Builder builder = with(pruning(0.5f, 1));
        String message =
                expectThrows(IllegalStateException.class, () -> builder.optContinue(plain))
                        .getMessage();
        assertTrue(message.contains("saveForTraining"), message);
        expectThrows(
                IllegalStateException.class,
                () -> plain.saveForTraining(folder.resolve("again.bonsai")));
    }

    @Test
    public void aModelWithOtherWeightsIsRefused() throws Exception {
        CompressedModel earlier = first(with(pruning(0.75f, 1)).build());
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener = with(pruning(0.9f, 1)).optContinue(earlier).build();
            String message =
                    expectThrows(IllegalStateException.class, () -> toy.train(model, 1, listener))
                            .getMessage();
            assertTrue(message.contains("applyTo"), message);
        }
    }
}
