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
import dev.bonsai.core.Refresh;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.TechniqueSettings;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.lowbit.Binarization;
import dev.bonsai.lowbit.BinaryScale;
import dev.bonsai.lowbit.Ternarization;
import dev.bonsai.lowbit.TernaryScale;
import dev.bonsai.pruning.Allocation;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Regrowth;
import dev.bonsai.pruning.Saving;
import dev.bonsai.pruning.Scope;
import dev.bonsai.pruning.SparsityPattern;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.pruning.Thinning;
import dev.bonsai.quantization.ActivationQuantization;
import dev.bonsai.quantization.ErrorCorrection;
import dev.bonsai.quantization.ErrorMeasure;
import dev.bonsai.quantization.Granularity;
import dev.bonsai.quantization.Mapping;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.quantization.RangeEstimator;
import dev.bonsai.quantization.ReducedFloats;
import dev.bonsai.quantization.Rounding;
import dev.bonsai.quantization.Scales;
import dev.bonsai.regularization.Regularization;
import dev.bonsai.rounding.ErrorWeighting;
import dev.bonsai.rounding.RateDistortionRounding;
import dev.bonsai.sharing.CentroidTraining;
import dev.bonsai.sharing.Initialization;
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

    private static final WeightSelector SELECTOR =
            WeightSelector.builder()
                    .exclude("^01(a|b)")
                    .excludeBlock("Conv2d")
                    .excludeBlockAt("02Sequential")
                    .excludeFirstAndLast()
                    .includeBlockAt("03Sequential")
                    .includeBlock("Linear")
                    .include("weight$")
                    .build();

    private static Pruning.Builder sparse() {
        return Pruning.builder().setTargetSparsity(0.9f);
    }

    private static Quantization.Builder bits() {
        return Quantization.builder().setBits(4);
    }

    @DataProvider
    Object[][] techniques() {
        List<Technique> techniques = new ArrayList<>();
        List<Criterion> criteria =
                List.of(
                        Criterion.magnitude(),
                        Criterion.random(-7),
                        Criterion.gradientMagnitude(),
                        Criterion.taylor(),
                        Criterion.movement(),
                        Criterion.contribution());
        for (Criterion criterion : criteria) {
            techniques.add(sparse().optCriterion(criterion).build());
            techniques.add(sparse().optCriterion(criterion.deadEndsFirst()).build());
        }
        for (SparsitySchedule schedule :
                List.of(
                        SparsitySchedule.constant(),
                        SparsitySchedule.linear(3),
                        SparsitySchedule.cubic(4),
                        SparsitySchedule.exponential(5),
                        SparsitySchedule.polynomial(6, 2.5))) {
            techniques.add(sparse().optSchedule(schedule).build());
        }
        for (SparsityPattern pattern :
                List.of(SparsityPattern.channel(), SparsityPattern.block(4, 2))) {
            techniques.add(sparse().optPattern(pattern).build());
        }
        for (Regrowth regrowth :
                List.of(
                        Regrowth.random(0.2f, 100, 3),
                        Regrowth.gradient(0.3f, 50),
                        Regrowth.splicing(20))) {
            techniques.add(sparse().optRegrowth(regrowth).build());
        }
        techniques.add(sparse().optScope(Scope.LOCAL).optAllocation(Allocation.ERK).build());
        techniques.add(sparse().optRamp(100, 4).optSelector(SELECTOR).build());
        techniques.add(sparse().optRewind(2).build());
        techniques.add(Pruning.builder().setThreshold(0.01f).build());
        techniques.add(Pruning.builder().optPattern(SparsityPattern.nm(2, 4)).build());
        techniques.add(
                Pruning.builder().optPattern(SparsityPattern.nmAlongInputChannels(2, 4)).build());
        for (Saving saving : List.of(Saving.parameters(0.75f), Saving.multiplyAdds(0.5f))) {
            techniques.add(Thinning.builder().setSaving(saving).build());
        }
        techniques.add(
                Thinning.builder()
                        .setSaving(Saving.parameters(0.25f))
                        .optCriterion(Criterion.magnitude())
                        .optScope(Scope.LOCAL)
                        .optSchedule(SparsitySchedule.cubic(3))
                        .optMultipleOf(8)
                        .build());
        addGrids(techniques);
        addOthers(techniques);
        return techniques.stream().map(t -> new Object[] {t}).toArray(Object[][]::new);
    }

    private static void addGrids(List<Technique> techniques) {
        for (RangeEstimator estimator :
                List.of(
                        RangeEstimator.minMax(),
                        RangeEstimator.mse(),
                        RangeEstimator.movingAverage(0.9f),
                        RangeEstimator.percentile(99.9f),
                        RangeEstimator.meanAndDeviation(3),
                        RangeEstimator.rootMeanSquare(7))) {
            techniques.add(bits().optRangeEstimator(estimator).build());
        }
        for (Granularity granularity :
                List.of(
                        Granularity.perTensor(),
                        Granularity.perChannel(),
                        Granularity.perGroup(32))) {
            techniques.add(bits().optGranularity(granularity).optSelector(SELECTOR).build());
        }
        techniques.add(bits().optScales(Scales.LEARNED).addBits("bias", 8).build());
        techniques.add(bits().optScales(Scales.POWER_OF_TWO).optSteps(8, 6).build());
        techniques.add(bits().optScaleFormat(FloatFormat.BFLOAT16).build());
        techniques.add(bits().optByteGoal(25_000).build());
        techniques.add(bits().optByteGoal(1).optErrorMeasure(ErrorMeasure.RELATIVE).build());
        techniques.add(bits().optMapping(Mapping.AFFINE).build());
        techniques.add(bits().optErrorCorrection(ErrorCorrection.MEAN).build());
        techniques.add(bits().optRounding(Rounding.stochastic(5)).build());
        techniques.add(ReducedFloats.builder().setFormat(FloatFormat.BFLOAT16).build());
        techniques.add(
                ActivationQuantization.builder()
                        .setBits(4)
                        .optSteps(8, 6)
                        .optRangeEstimator(RangeEstimator.percentile(99.9f))
                        .optSelector(SELECTOR)
                        .build());
        techniques.add(
                ActivationQuantization.builder().setBits(8).optScales(Scales.LEARNED).build());
    }

    private static void addOthers(List<Technique> techniques) {
        for (Initialization initialization :
                List.of(
                        Initialization.linear(),
                        Initialization.density(),
                        Initialization.random(4),
                        Initialization.kMeansPlusPlus(-4))) {
            techniques.add(
                    WeightSharing.builder()
                            .setCentroids(16)
                            .optSteps(64, 32)
                            .optTraining(CentroidTraining.STRAIGHT_THROUGH)
                            .optRefresh(new Refresh(100, 1))
                            .optInitialization(initialization)
                            .build());
        }
        techniques.add(RateDistortionRounding.builder().setLambda(0.1f).build());
        techniques.add(
                RateDistortionRounding.builder()
                        .setLambda(0.4f)
                        .optSteps(0.1f, 0.3f)
                        .optErrorWeighting(ErrorWeighting.INPUTS)
                        .optRefresh(Refresh.EACH_EPOCH)
                        .optSelector(SELECTOR)
                        .build());
        techniques.add(Binarization.builder().build());
        techniques.add(
                Binarization.builder()
                        .optScale(BinaryScale.UNIT)
                        .optStochastic(42)
                        .optSteps(0.25f, 0.5f)
                        .optSelector(SELECTOR)
                        .build());
        techniques.add(Ternarization.builder().optScale(TernaryScale.TRAINED).build());
        techniques.add(Ternarization.builder().optThresholdFactor(0.3f).optSteps(0.5f).build());
        techniques.add(Regularization.l1(1e-5f).build());
        techniques.add(Regularization.l2(1e-4f).optSteps(1e-5f).build());
        techniques.add(Regularization.bits(1e-6f).build());
        techniques.add(VariationalDropout.builder().setSamples(60_000).build());
        techniques.add(
                VariationalDropout.builder()
                        .setSamples(5)
                        .optKlWeight(2)
                        .optSteps(9)
                        .optWarmupSteps(3)
                        .optThreshold(2.5f)
                        .optInitialLogVariance(-6)
                        .optVarianceRate(4)
                        .optSeed(8)
                        .build());
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
        for (Object[] row : techniques()) {
            written.add(TECHNIQUES.toJson((Technique) row[0]).get("technique").getAsString());
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
            {"{technique: pruning, targetSparsity: 0.9}", sparse().build()},
            {"{technique: quantization, bits: 4}", bits().build()},
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
            {"{technique: quantization}", "quantization: The setting 'bits' is missing"},
            {"{technique: quantization, bits: 1}", "quantization: A grid has from 2 to 32 bits"},
            {"{technique: quantization, bits: 2.5}", "2.5"},
            {"{technique: quantization, bits: [4]}", "'bits' is a int"},
            {"{technique: quantization, bits: '4'}", "'bits' is a int"},
            {"{technique: quantization, bits: 4, bit: 4}", "no setting 'bit'"},
            {"{technique: quantization, bits: 4, steps: 8}", "'steps' is a list"},
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
                        sparse().optCriterion(lambda),
                        sparse().optCriterion(lambda.deadEndsFirst()),
                        sparse().optSchedule(SparsitySchedule.of(3, (k, n, target) -> target)),
                        sparse().optSchedule(
                                        SparsitySchedule.fromTracker(Tracker.fixed(0.5f), 3)))) {
            assertMessage(() -> TECHNIQUES.toJson(own.build()), "of one's own", "use one of");
        }
        Technique predicate =
                sparse().optSelector(WeightSelector.builder().include(w -> true).build()).build();
        String message =
                expectThrows(IllegalStateException.class, () -> TECHNIQUES.toJson(predicate))
                        .getMessage();
        assertTrue(message.contains("predicate"), message);
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
