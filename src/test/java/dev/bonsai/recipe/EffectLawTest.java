package dev.bonsai.recipe;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.Effect;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.lowbit.Binarization;
import dev.bonsai.lowbit.BinaryScale;
import dev.bonsai.lowbit.Ternarization;
import dev.bonsai.lowbit.TernaryScale;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Regrowth;
import dev.bonsai.pruning.Saving;
import dev.bonsai.pruning.Scope;
import dev.bonsai.pruning.SparsityPattern;
import dev.bonsai.pruning.Thinning;
import dev.bonsai.quantization.ErrorCorrection;
import dev.bonsai.quantization.Granularity;
import dev.bonsai.quantization.Mapping;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.quantization.ReducedFloats;
import dev.bonsai.quantization.Scales;
import dev.bonsai.regularization.Regularization;
import dev.bonsai.rounding.RateDistortionRounding;
import dev.bonsai.sharing.WeightSharing;
import dev.bonsai.variational.VariationalDropout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A technique does to the values of a weight what its {@link Effect} says, and nothing else. */
public class EffectLawTest extends ManagerTestBase {

    private static final int CHANNELS = 20;
    private static final int LENGTH = 100;
    private static final int GROUP = 32;

    /** What stands before a technique that moves codes. */
    private static final Technique GRID = Quantization.builder().setBits(4).build();

    private static List<Technique> techniques() {
        List<Technique> techniques = new ArrayList<>();
        for (SparsityPattern pattern :
                List.of(
                        SparsityPattern.unstructured(),
                        SparsityPattern.channel(),
                        SparsityPattern.block(4, 4),
                        SparsityPattern.nm(2, 4),
                        SparsityPattern.nmAlongInputChannels(2, 4))) {
            boolean target = !pattern.toString().startsWith("nm");
            for (Regrowth regrowth : List.of(Regrowth.none(), Regrowth.splicing(10))) {
                Pruning.Builder pruning = Pruning.builder().optPattern(pattern);
                if (target) {
                    pruning.setTargetSparsity(0.5f).optScope(Scope.LOCAL);
                }
                techniques.add(pruning.optRegrowth(regrowth).build());
            }
        }
        techniques.add(Pruning.builder().setThreshold(0.02f).build());
        for (Scope scope : Scope.values()) {
            techniques.add(
                    Thinning.builder()
                            .setSaving(Saving.parameters(0.5f))
                            .optCriterion(Criterion.magnitude())
                            .optScope(scope)
                            .build());
        }
        techniques.add(VariationalDropout.builder().setSamples(100).build());
        for (Granularity granularity :
                List.of(
                        Granularity.perTensor(),
                        Granularity.perChannel(),
                        Granularity.perGroup(GROUP))) {
            for (Scales scales : Scales.values()) {
                techniques.add(
                        Quantization.builder()
                                .setBits(4)
                                .optGranularity(granularity)
                                .optScales(scales)
                                .build());
            }
        }
        techniques.add(Quantization.builder().setBits(4).optMapping(Mapping.AFFINE).build());
        techniques.add(
                Quantization.builder().setBits(4).optErrorCorrection(ErrorCorrection.MEAN).build());
        techniques.add(WeightSharing.builder().setCentroids(16).build());
        for (FloatFormat format : List.of(FloatFormat.FLOAT16, FloatFormat.BFLOAT16)) {
            techniques.add(ReducedFloats.builder().setFormat(format).build());
        }
        for (BinaryScale scale : BinaryScale.values()) {
            techniques.add(Binarization.builder().optScale(scale).build());
        }
        for (TernaryScale scale : TernaryScale.values()) {
            techniques.add(Ternarization.builder().optScale(scale).build());
        }
        techniques.add(RateDistortionRounding.builder().setLambda(0.3f).build());
        techniques.add(Regularization.l1(1e-3f).build());
        techniques.add(Regularization.l2(1e-3f).build());
        techniques.add(Regularization.bits(1e-3f).build());
        return techniques;
    }

    @DataProvider
    Object[][] each() {
        return techniques().stream()
                .map(technique -> new Object[] {technique, text(technique)})
                .toArray(Object[][]::new);
    }

    private static String text(Technique technique) {
        return Techniques.standard().toJson(technique).toString();
    }

    @Test
    void everyTechniqueIsHere() {
        Set<String> names = new LinkedHashSet<>();
        techniques()
                .forEach(
                        t ->
                                names.add(
                                        Techniques.standard()
                                                .toJson(t)
                                                .get("technique")
                                                .getAsString()));
        names.add("activationQuantization"); // leaves the weights as they are
        assertEquals(new HashSet<>(names), Techniques.standard().getNames());
    }

    @Test(dataProvider = "each")
    void theEffectIsTheDeclaredOneAndNoOther(Technique technique, String text) {
        Shape shape = new Shape(CHANNELS, LENGTH);
        float[] before = values(new Random(3), CHANNELS * LENGTH);
        float[] after = effective(technique, shape, before);
        if (technique.getEffect() == Effect.CODES) {
            before = effective(GRID, shape, before);
        }
        for (Effect effect : Effect.values()) {
            assertEquals(
                    isEffect(effect, before, after),
                    effect == technique.getEffect(),
                    effect + text);
        }
    }

    private static boolean isEffect(Effect effect, float[] before, float[] after) {
        int zeroed = 0;
        int changed = 0;
        boolean signsKept = true;
        for (int i = 0; i < before.length; ++i) {
            zeroed += after[i] == 0 && before[i] != 0 ? 1 : 0;
            changed += after[i] != 0 && after[i] != before[i] ? 1 : 0;
            signsKept &= after[i] == 0 || Math.signum(after[i]) == Math.signum(before[i]);
        }
        boolean sizesKept = mostValuesOfASignInAChannel(after) > 1;
        return switch (effect) {
            case PENALTY -> zeroed == 0 && changed == 0;
            case ACTIVATIONS -> false; // no weight shows it
            case ZEROS -> zeroed > 0 && changed == 0 && !hasWholeColumnsOnly(after);
            case UNITS -> zeroed > 0 && changed == 0 && hasWholeColumnsOnly(after);
            case VALUES ->
                    changed > 0
                            && sizesKept
                            && distinct(after) < distinct(before)
                            && !isOnGrid(after);
            case GRID -> changed > 0 && sizesKept && isOnGrid(after) && !isOnGrid(before);
            case CODES -> changed > 0 && isOnGrid(after) && isOnGrid(before);
            case SIGNS -> changed > 0 && signsKept && !sizesKept;
        };
    }

    /** Tells whether nothing is zero but what uses a unit that is zero as a whole. */
    private static boolean hasWholeColumnsOnly(float[] values) {
        for (int i = 0; i < values.length; ++i) {
            for (int j = i % LENGTH; values[i] == 0 && j < values.length; j += LENGTH) {
                if (values[j] != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Tells whether the elements of each group are whole multiples of a scale, up to 7. */
    private static boolean isOnGrid(float[] values) {
        for (int channel = 0; channel < values.length; channel += LENGTH) {
            for (int from = channel; from < channel + LENGTH; from += GROUP) {
                int end = Math.min(from + GROUP, channel + LENGTH);
                if (!isOnGrid(Arrays.copyOfRange(values, from, end), 7)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isOnGrid(float[] group, int most) {
        float greatest = 0;
        for (float value : group) {
            greatest = Math.max(greatest, Math.abs(value));
        }
        for (int multiple = 1; multiple <= most; ++multiple) {
            float scale = greatest / multiple;
            boolean isMultiple = true;
            for (float value : group) {
                isMultiple &= Math.abs(value / scale - Math.rint(value / scale)) < 1e-3;
            }
            if (isMultiple) {
                return true;
            }
        }
        return false;
    }

    private static int distinct(float[] values) {
        Set<Float> distinct = new HashSet<>();
        for (float value : values) {
            distinct.add(value);
        }
        return distinct.size();
    }

    private static int mostValuesOfASignInAChannel(float[] values) {
        int most = 0;
        for (int sign : new int[] {-1, 1}) {
            for (int channel = 0; channel < CHANNELS; ++channel) {
                Set<Float> distinct = new HashSet<>();
                for (int i = channel * LENGTH; i < (channel + 1) * LENGTH; ++i) {
                    if (Math.signum(values[i]) == sign) {
                        distinct.add(values[i]);
                    }
                }
                most = Math.max(most, distinct.size());
            }
        }
        return most;
    }

    @DataProvider
    Object[][] shapes() {
        List<Object[]> rows = new ArrayList<>();
        for (Technique technique : techniques()) {
            for (Shape shape :
                    List.of(
                            new Shape(),
                            new Shape(1),
                            new Shape(7),
                            new Shape(1, 1),
                            new Shape(6, 5),
                            new Shape(4, 3, 3, 3))) {
                rows.add(new Object[] {technique, shape, text(technique)});
            }
        }
        return rows.toArray(Object[][]::new);
    }

    /** A weight of any rank is worked on as the contract says, or refused by its name. */
    @Test(dataProvider = "shapes")
    void aWeightOfAnyRankIsWorkedOnOrNamed(Technique technique, Shape shape, String text) {
        float[] values = values(new Random(5), Math.toIntExact(shape.size()));
        try {
            float[] after = effective(technique, shape, values);
            assertEquals(after.length, values.length, text);
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage().contains("the-weight"), text + shape + ": " + e);
        }
    }

    @Test(dataProvider = "each")
    void nothingIsDoneAtTheStart(Technique technique, String text) {
        try (NDManager state = NDManager.newBaseManager()) {
            FakeProposal proposal = new FakeProposal(state);
            proposal.add("the-weight", new Shape(4, 5), values(new Random(6), 20));
            assertEquals(
                    technique.propose(technique.getLevels().start(), proposal), Map.of(), text);
        }
    }

    @Test
    void theLawTellsTheEffectsApart() {
        float[] before = values(new Random(4), CHANNELS * LENGTH);
        float[] flipped = before.clone();
        for (int i = 0; i < flipped.length; ++i) {
            flipped[i] = -flipped[i];
        }
        for (Effect effect : Effect.values()) {
            assertEquals(isEffect(effect, before, flipped), false, effect.toString());
        }
    }

    /**
     * Mostly of the size of a trained layer's, some so small that noise of any size drowns them.
     */
    private static float[] values(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; ++i) {
            float gaussian = 0.1f * (float) random.nextGaussian();
            values[i] = random.nextInt(10) == 0 ? gaussian / 1000 : gaussian;
        }
        return values;
    }

    private float[] effective(Technique technique, Shape shape, float... values) {
        try (NDManager state = NDManager.newBaseManager();
                NDManager scratch = NDManager.newBaseManager()) {
            FakeProposal proposal = new FakeProposal(state);
            TargetWeight weight = proposal.add("the-weight", shape, values);
            ForwardPass pass = WeightTransformContract.pass(Mode.INFERENCE);
            NDArray given = scratch.create(values, shape);
            if (technique.getEffect() == Effect.CODES) {
                WeightTransform grid = GRID.propose(4, proposal).get(weight);
                proposal.setBehind(weight, grid);
                pass = WeightTransformContract.behind(grid, given, pass);
                given = grid.apply(given, pass);
            }
            Map<TargetWeight, WeightTransform> transforms =
                    technique.propose(technique.getLevels().target(), proposal);
            WeightTransform transform = transforms.get(weight);
            return transform == null
                    ? given.toFloatArray()
                    : transform.apply(given, pass).toFloatArray();
        }
    }
}
