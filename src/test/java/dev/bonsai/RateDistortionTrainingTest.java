package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import dev.bonsai.core.Refresh;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.file.FileForm;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import dev.bonsai.quantization.Mapping;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.quantization.Scales;
import dev.bonsai.regularization.Regularization;
import dev.bonsai.rounding.ErrorWeighting;
import dev.bonsai.rounding.RateDistortionRounding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Rounding by bits in a real training, and after one. */
public class RateDistortionTrainingTest extends ToyTestBase {

    private static RateDistortionRounding.Builder rounding(float lambda) {
        return RateDistortionRounding.builder().setLambda(lambda).optSteps();
    }

    private static Block net() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(64).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(64).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    /** What came of a compression. */
    private record Result(long bytes, List<Trial> trials, double accuracy) {}

    private Result compress(Block block, int epochs, Gate gate, Technique... techniques)
            throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechniques(List.of(techniques))
                        .optGate(gate)
                        .optWarmup(1)
                        .build();
        Path file = Files.createTempFile("rounded", ".bonsai");
        try (Model model = Toy.model(block)) {
            Map<String, float[]> baked = toy.train(model, epochs, listener);
            listener.getCompressedModel().save(file, FileForm.CODED);
            try (Model plain = Toy.model(net())) {
                CompressedModel.load(file).applyTo(plain.getBlock(), plain.getNDManager());
                assertSameBits(Toy.parameters(plain.getBlock()), baked);
            }
            assertEquals(listener.getReport().notes(), List.of());
            return new Result(
                    Files.size(file),
                    listener.getReport().trials(),
                    toy.accuracy(model.getBlock()));
        } finally {
            Files.delete(file);
        }
    }

    private static Quantization bits(Scales scales) {
        return Quantization.builder().setBits(4).optScales(scales).build();
    }

    @DataProvider
    Object[][] options() {
        return Cross.of(
                Scales.values(),
                new Refresh[] {Refresh.NONE, Refresh.EACH_EPOCH, new Refresh(3, 1)},
                ErrorWeighting.values());
    }

    @Test(dataProvider = "options")
    public void theFileIsShorterAndIsWhatTheBlockIs(
            Scales scales, Refresh refresh, ErrorWeighting weighting) throws Exception {
        Result before = compress(net(), 6, open(), pruning(0.5f, 2), bits(scales));
        Result after =
                compress(
                        net(),
                        6,
                        open(),
                        pruning(0.5f, 2),
                        bits(scales),
                        rounding(0.2f).optRefresh(refresh).optErrorWeighting(weighting).build());
        assertTrue(after.bytes < before.bytes, after.bytes + " of " + before.bytes);
        assertTrue(after.accuracy > 0.9, "accuracy " + after.accuracy); // chance is 0.25
    }

    /** What is not accepted while the model trains is gone for at the end, without training. */
    @Test
    public void aTrainedModelIsRoundedWithoutTraining() throws Exception {
        long before = 0;
        for (float lambda : new float[] {0, 0.1f, 0.3f}) {
            Result result =
                    compress(net(), 1, open(), pruning(0.5f, 1), bits(Scales.FREE), all(lambda));
            assertTrue(before == 0 || result.bytes < before, lambda + ": " + result.bytes);
            before = result.bytes;
        }
    }

    private static RateDistortionRounding all(float lambda) {
        return rounding(lambda).build();
    }

    @Test
    public void theGateStopsALambdaThatCostsTooMuch() throws Exception {
        Gate strict = toy.gate().optMaxDrop(0.02f).build();
        Result result = compressNoted(net(), 8, strict, bits(Scales.FREE), rounding(1000).build());
        Trial last = result.trials.get(result.trials.size() - 1);
        assertTrue(result.trials.stream().anyMatch(t -> t.technique().equals("rounding")));
        assertTrue(last.verdict() == Verdict.DONE || last.verdict() == Verdict.REFUSED);
        assertTrue(result.accuracy > 0.9, "accuracy " + result.accuracy);
    }

    private Result compressNoted(Block block, int epochs, Gate gate, Technique... techniques)
            throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechniques(List.of(techniques))
                        .optGate(gate)
                        .optWarmup(3)
                        .build();
        try (Model model = Toy.model(block)) {
            toy.train(model, epochs, listener);
            return new Result(0, listener.getReport().trials(), toy.accuracy(model.getBlock()));
        }
    }

    @Test
    public void prunedWeightsStayPruned() throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechniques(
                                List.of(
                                        pruning(0.5f, 1),
                                        bits(Scales.LEARNED),
                                        rounding(0.1f).build()))
                        .optGate(open())
                        .build();
        try (Model model = Toy.model(net())) {
            toy.train(model, 8, listener);
            for (NamedWeight weight : listener.getCompressedModel().getWeights()) {
                if (weight.role() == NamedWeight.Role.WEIGHT) {
                    assertTrue(weight.value() instanceof GridWeight, weight.path());
                }
            }
            assertTrue(listener.getReport().sparsity() >= 0.5, "" + listener.getReport());
        }
    }

    @DataProvider
    Object[][] chains() {
        return new Object[][] {
            {new Technique[] {bits(Scales.FREE), pruning(0.5f, 1), all(0.1f)}},
            {new Technique[] {bits(Scales.LEARNED), Regularization.l2(1e-3f).build(), all(0.1f)}},
            {new Technique[] {bits(Scales.LEARNED), all(0.1f), pruning(0.5f, 1)}}
        };
    }

    /** What lies between a grid and the rounding leaves the weights on the grid. */
    @Test(dataProvider = "chains")
    public void itNeedNotStandRightBehindTheGrid(Technique... techniques) throws Exception {
        Result result = compress(net(), 10, open(), techniques);
        assertTrue(
                result.trials.stream()
                        .filter(trial -> trial.technique().equals("rounding"))
                        .anyMatch(trial -> trial.verdict() == Verdict.ACCEPTED));
        assertTrue(result.accuracy > 0.9, "accuracy " + result.accuracy);
    }

    @Test
    public void aTiedWeightIsRoundedOnceForBothPlaces() throws Exception {
        Linear twice = Linear.builder().setUnits(Toy.FEATURES).build();
        Block tied =
                new SequentialBlock()
                        .add(twice)
                        .add(Activation::relu)
                        .add(twice)
                        .add(Activation::relu)
                        .add(Linear.builder().setUnits(Toy.CLASSES).build());
        Result result = compressNoted(tied, 8, open(), bits(Scales.LEARNED), all(0.1f));
        assertTrue(
                result.trials.stream()
                        .filter(trial -> trial.technique().equals("rounding"))
                        .anyMatch(trial -> trial.verdict() == Verdict.ACCEPTED));
    }

    @DataProvider
    Object[][] without() {
        return new Object[][] {
            {new Technique[] {all(0.1f)}},
            {new Technique[] {pruning(0.5f, 1), all(0.1f)}},
            {
                new Technique[] {
                    Quantization.builder().setBits(4).optMapping(Mapping.AFFINE).build(), all(0.1f)
                }
            },
            {
                new Technique[] {
                    Quantization.builder()
                            .setBits(4)
                            .optSelector(WeightSelector.builder().include("01Linear").build())
                            .build(),
                    all(0.1f)
                }
            }
        };
    }

    @Test(dataProvider = "without")
    public void withoutASymmetricGridBeforeItItIsRefusedAtOnce(Technique... techniques) {
        IllegalArgumentException e =
                expectThrows(
                        IllegalArgumentException.class,
                        () -> compress(net(), 1, open(), techniques));
        assertTrue(e.getMessage().contains("List a Quantization before it"), e.getMessage());
    }
}
