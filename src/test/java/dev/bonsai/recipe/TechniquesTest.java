package dev.bonsai.recipe;

import static dev.bonsai.core.Messages.assertMessage;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.training.tracker.Tracker;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.bonsai.core.AbstractTechnique;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.TechniqueSettings;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.lowbit.Binarization;
import dev.bonsai.lowbit.Ternarization;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.quantization.ReducedFloats;
import dev.bonsai.regularization.Regularization;
import dev.bonsai.rounding.RateDistortionRounding;
import dev.bonsai.sharing.WeightSharing;
import dev.bonsai.variational.VariationalDropout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What is written down is built again with every setting as it was. */
public class TechniquesTest {

    private static final Techniques TECHNIQUES = Techniques.standard();

    @DataProvider
    Object[][] techniques() {
        return TechniqueSamples.all().stream()
                .map(technique -> new Object[] {technique})
                .toArray(Object[][]::new);
    }

    @Test(dataProvider = "techniques")
    void whatIsWrittenIsBuiltAgain(Technique technique) {
        String written = TECHNIQUES.toJson(technique).toString();
        Technique read = TECHNIQUES.fromJson(JsonParser.parseString(written).getAsJsonObject());
        assertEquals(read.getSettings(), technique.getSettings());
        assertEquals(TECHNIQUES.toJson(read).toString(), written);
        assertEquals(read.getName(), technique.getName());
        assertEquals(read.getSelector(), technique.getSelector());
        assertEquals(read.getRefresh(), technique.getRefresh());
        assertEquals(read.getRewindEpoch(), technique.getRewindEpoch());
        assertEquals(read.getLevels().target(), technique.getLevels().target());
        assertEquals(technique.getSettings().build().getSettings(), technique.getSettings());
    }

    @Test
    void everyNameIsCoveredAbove() {
        List<String> written = new ArrayList<>();
        for (Technique technique : TechniqueSamples.all()) {
            written.add(TECHNIQUES.toJson(technique).get("technique").getAsString());
        }
        assertEquals(new java.util.LinkedHashSet<>(written), TECHNIQUES.getNames());
    }

    @Test
    void everyStrategyOfTheCatalogueCanBeWrittenDown() {
        for (NamedStrategy strategy : StrategyCatalogue.of(1000)) {
            for (Technique technique : strategy.techniques()) {
                Technique read = TECHNIQUES.fromJson(TECHNIQUES.toJson(technique));
                assertEquals(read.getSettings(), technique.getSettings(), strategy.name());
            }
        }
    }

    @DataProvider
    Object[][] least() {
        return new Object[][] {
            {"{technique: pruning, targetSparsity: 0.9}", TechniqueSamples.sparse().build()},
            {"{technique: quantization, bits: 4}", TechniqueSamples.bits().build()},
            {
                "{technique: reducedFloats, format: FLOAT16}",
                ReducedFloats.builder().setFormat(FloatFormat.FLOAT16).build()
            },
            {
                "{technique: weightSharing, centroids: 8}",
                WeightSharing.builder().setCentroids(8).build()
            },
            {
                "{technique: rateDistortionRounding, lambda: 0.1}",
                RateDistortionRounding.builder().setLambda(0.1f).build()
            },
            {"{technique: binarization}", Binarization.builder().build()},
            {"{technique: ternarization}", Ternarization.builder().build()},
            {
                "{technique: regularization, norm: L1, strength: 1e-5}",
                Regularization.l1(1e-5f).build()
            },
            {
                "{technique: variationalDropout, samples: 7}",
                VariationalDropout.builder().setSamples(7).build()
            },
        };
    }

    @Test(dataProvider = "least")
    void whatIsLeftOutHasTheDefaultOfTheBuilder(String json, Technique built) {
        assertEquals(read(json).getSettings(), built.getSettings());
    }

    private static Technique read(String json) {
        return TECHNIQUES.fromJson(JsonParser.parseString(json).getAsJsonObject());
    }

    @DataProvider
    Object[][] wrong() {
        return new Object[][] {
            {"{}", "one of [pruning, thinning, quantization"},
            {"{technique: prunning}", "but got \"prunning\""},
            {"{technique: quantization}", "The setting 'bits' is missing"},
            {"{technique: quantization, bits: 1}", "bits: A grid has from 2 to 32 bits"},
            {"{technique: quantization, bits: 2.5}", "2.5"},
            {"{technique: quantization, bits: [4]}", "bits: Expected a whole number"},
            {"{technique: quantization, bits: '4'}", "bits: Expected a whole number"},
            {"{technique: quantization, bits: 4, bit: 4}", "no setting 'bit'"},
            {"{technique: quantization, bits: 4, steps: 8}", "steps: Expected a list"},
            {"{technique: quantization, bits: 4, scales: FREEE}", "[FREE, POWER_OF_TWO, LEARNED]"},
            {"{technique: quantization, bits: 4, granularity: perRow}", "perGroup(...)"},
            {"{technique: quantization, bits: 4, granularity: 'perGroup(0)'}", "at least 1"},
            {"{technique: quantization, bits: 4, granularity: 'perGroup(8'}", "perGroup(8"},
            {"{technique: quantization, bits: 4, ownBits: [{path: a, bits: 99}]}", "2 to 16"},
            {"{technique: pruning}", "either a target sparsity or a threshold"},
            {"{technique: pruning, targetSparsity: 1}", "fraction in [0, 1)"},
            {"{technique: pruning, targetSparsity: 0.9, rewindEpoch: -1}", "0 or more"},
            {"{technique: pruning, targetSparsity: 0.9, criterion: size}", "gradientMagnitude"},
            {
                "{technique: pruning, targetSparsity: 0.9, criterion: 'magnitude.abs'}",
                ".deadEndsFirst"
            },
            {"{technique: pruning, targetSparsity: 0.9, selector: ['exclude']}", "excludeBlock"},
            {"{technique: regularization, strength: 1}", "needs a norm"},
        };
    }

    @Test(dataProvider = "wrong")
    void aWrongSettingIsNamed(String json, String expected) {
        assertMessage(() -> read(json), expected);
    }

    @Test
    void whatIsOfOnesOwnCantBeWrittenDown() {
        Criterion lambda = (weight, value, signals) -> value.abs();
        for (Pruning.Builder own :
                List.of(
                        TechniqueSamples.sparse().optCriterion(lambda),
                        TechniqueSamples.sparse().optCriterion(lambda.deadEndsFirst()),
                        TechniqueSamples.sparse()
                                .optSchedule(SparsitySchedule.of(3, (k, n, target) -> target)),
                        TechniqueSamples.sparse()
                                .optSchedule(
                                        SparsitySchedule.fromTracker(Tracker.fixed(0.5f), 3)))) {
            assertMessage(() -> TECHNIQUES.toJson(own.build()), "of one's own", "use one of");
        }
        Technique predicate =
                TechniqueSamples.sparse()
                        .optSelector(WeightSelector.builder().include(w -> true).build())
                        .build();
        assertMessage(() -> TECHNIQUES.toJson(predicate), "selector: ", "predicate");
    }

    /** Settings of a technique that the library does not know. */
    public record ClippingSettings(WeightSelector selector, float limit)
            implements TechniqueSettings {
        public ClippingSettings {
            selector = selector == null ? WeightSelector.all() : selector;
        }

        @Override
        public Technique build() {
            return new Clipping(this);
        }
    }

    private static final class Clipping extends AbstractTechnique {

        private final ClippingSettings settings;

        Clipping(ClippingSettings settings) {
            super("clipping", Effect.VALUES, settings.selector(), Levels.single("clipped"));
            this.settings = settings;
        }

        @Override
        public ClippingSettings getSettings() {
            return settings;
        }

        @Override
        public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
            return Map.of();
        }
    }

    @Test
    void aTechniqueOfOnesOwnIsRegistered() {
        Technique own = new ClippingSettings(null, 0.5f).build();
        assertMessage(() -> TECHNIQUES.toJson(own), "Techniques.with");
        Techniques more = TECHNIQUES.with("clipping", ClippingSettings.class);
        JsonObject json = more.toJson(own);
        assertEquals(json.toString(), "{\"technique\":\"clipping\",\"selector\":[],\"limit\":0.5}");
        assertEquals(more.fromJson(json).getSettings(), own.getSettings());
        assertMessage(() -> more.with("clipping", ClippingSettings.class), "taken are");
    }

    @Test
    void aTechniqueWithoutSettingsSaysSo() {
        Technique bare =
                new AbstractTechnique(
                        "bare", Effect.VALUES, WeightSelector.all(), Levels.single("on")) {
                    @Override
                    public Map<TargetWeight, WeightTransform> propose(
                            double level, Proposal proposal) {
                        return Map.of();
                    }
                };
        String message =
                expectThrows(UnsupportedOperationException.class, () -> TECHNIQUES.toJson(bare))
                        .getMessage();
        assertTrue(message.contains("'bare'") && message.contains("TechniqueSettings"), message);
    }
}
