package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Technique;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.lowbit.Binarization;
import dev.bonsai.lowbit.Ternarization;
import dev.bonsai.lowbit.TernaryScale;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Regrowth;
import dev.bonsai.pruning.SparsityPattern;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.quantization.ReducedFloats;
import dev.bonsai.quantization.Scales;
import dev.bonsai.regularization.Regularization;
import dev.bonsai.rounding.RateDistortionRounding;
import dev.bonsai.sharing.WeightSharing;
import dev.bonsai.variational.VariationalDropout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Every technique behind every other: it works down to the file, or is refused with a reason. */
public class CompositionTest extends ToyTestBase {

    private static Map<String, Technique> techniques() {
        Map<String, Technique> all = new LinkedHashMap<>();
        all.put("l1", Regularization.l1(1e-3f).optSteps(5e-4f).build());
        all.put("l2", Regularization.l2(1e-3f).optSteps(5e-4f).build());
        all.put("bits", Regularization.bits(1e-4f).optSteps(5e-5f).build());
        all.put("pruning", pruning(0.5f, 1));
        all.put("2:4", Pruning.builder().optPattern(SparsityPattern.nm(2, 4)).build());
        all.put(
                "rigl",
                Pruning.builder()
                        .setTargetSparsity(0.5f)
                        .optSchedule(SparsitySchedule.constant())
                        .optRegrowth(Regrowth.gradient(0.2f, 4))
                        .build());
        all.put(
                "variational",
                VariationalDropout.builder().setSamples(512).optSteps(2).optWarmupSteps(1).build());
        all.put("grid", quantization(4));
        all.put(
                "learned grid",
                Quantization.builder().setBits(4).optScales(Scales.LEARNED).build());
        all.put("sharing", WeightSharing.builder().setCentroids(8).build());
        all.put("half", ReducedFloats.builder().setFormat(FloatFormat.BFLOAT16).build());
        all.put("ternary", Ternarization.builder().optScale(TernaryScale.TRAINED).build());
        all.put("rounding", RateDistortionRounding.builder().setLambda(0.1f).optSteps().build());
        all.put("binary", Binarization.builder().build());
        return all;
    }

    @DataProvider
    public Object[][] pairs() {
        List<Object[]> pairs = new ArrayList<>();
        techniques()
                .forEach(
                        (first, one) ->
                                techniques()
                                        .forEach(
                                                (second, other) -> {
                                                    if (!first.equals(second)) {
                                                        pairs.add(
                                                                new Object[] {
                                                                    first + ", " + second,
                                                                    one,
                                                                    other
                                                                });
                                                    }
                                                }));
        return pairs.toArray(new Object[0][]);
    }

    /** Values can be decided on once, and after signs no weight is smaller than another. */
    private static boolean makesSense(Effect first, Effect second) {
        Set<Effect> mappings = EnumSet.of(Effect.VALUES, Effect.GRID, Effect.SIGNS);
        boolean twice = mappings.contains(first) && mappings.contains(second);
        boolean late = first == Effect.SIGNS && second == Effect.ZEROS;
        boolean gridless = second == Effect.CODES && first != Effect.GRID;
        return !twice && !late && !gridless && first != Effect.CODES;
    }

    @Test(dataProvider = "pairs")
    public void aPairWorksDownToTheFileOrIsRefused(String names, Technique first, Technique second)
            throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(first)
                        .addTechnique(second)
                        .optGate(open())
                        .build();
        try (Model model = Toy.model(Toy.mlp())) {
            if (!makesSense(first.getEffect(), second.getEffect())) {
                IllegalArgumentException e =
                        expectThrows(
                                IllegalArgumentException.class,
                                () -> toy.train(model, 1, listener));
                assertTrue(e.getMessage().contains("can't follow"), e.getMessage());
                return;
            }
            Map<String, float[]> baked = toy.train(model, 6, listener);
            Path file = Files.createTempFile("pair", ".bonsai");
            try (Model plain = Toy.model(Toy.mlp())) {
                listener.getCompressedModel().save(file);
                CompressedModel.load(file).applyTo(plain.getBlock(), plain.getNDManager());
                assertSameBits(Toy.parameters(plain.getBlock()), baked);
            } finally {
                Files.delete(file);
            }
            assertEquals(listener.getReport().notes(), List.of(), names);
            // guessing among four clouds is 0.25; binary weights everywhere still tell most apart
            assertTrue(toy.accuracy(model.getBlock()) > 0.5, names);
        }
    }
}
