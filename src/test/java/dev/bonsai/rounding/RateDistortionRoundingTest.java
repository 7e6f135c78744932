package dev.bonsai.rounding;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.Effect;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.Levels;
import dev.bonsai.core.ProposalTestBase;
import dev.bonsai.core.Refresh;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightScales;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.quantization.Granularity;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.quantization.Rounding;
import dev.bonsai.quantization.Scales;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class RateDistortionRoundingTest extends ProposalTestBase {

    private static RateDistortionRounding.Builder rounding(float lambda) {
        return RateDistortionRounding.builder().setLambda(lambda);
    }

    /** Adds a weight and puts it behind a grid, which is returned. */
    private WeightTransform add(Technique quantization, Shape shape, float... values) {
        TargetWeight weight = proposal.add("weight" + proposal.weights().size(), shape, values);
        WeightTransform grid =
                quantization.propose(quantization.getLevels().target(), proposal).get(weight);
        proposal.setBehind(weight, grid);
        return grid;
    }

    @DataProvider
    Object[][] grids() {
        List<Object[]> rows = new ArrayList<>();
        for (int bits : new int[] {2, 4, 8, 12, 20}) {
            for (Granularity granularity :
                    List.of(
                            Granularity.perTensor(),
                            Granularity.perChannel(),
                            Granularity.perGroup(7))) {
                for (Scales scales : Scales.values()) {
                    if (bits < 20 || scales == Scales.FREE) {
                        rows.add(
                                new Object[] {
                                    Quantization.builder()
                                            .setBits(bits)
                                            .optGranularity(granularity)
                                            .optScales(scales)
                                            .build()
                                });
                    }
                }
            }
        }
        rows.add(
                new Object[] {
                    Quantization.builder().setBits(4).optRounding(Rounding.stochastic(1)).build()
                });
        rows.add(
                new Object[] {
                    Quantization.builder().setBits(4).optScaleFormat(FloatFormat.BFLOAT16).build()
                });
        return rows.toArray(Object[][]::new);
    }

    /** A gradient that the grid itself clips is not there behind it either. */
    @Test(dataProvider = "grids")
    void theContractHoldsBehindEveryGrid(Quantization quantization) {
        for (Shape shape :
                List.of(new Shape(6, 20), new Shape(4, 3, 3, 3), new Shape(30), new Shape())) {
            openProposal();
            float[] values = Grids.latent(3, (int) shape.size(), 0.8);
            WeightTransform grid = add(quantization, shape, values);
            RateDistortionRounding technique = rounding(0.2f).build();
            TargetWeight weight = proposal.weights().get(0);
            try (NDManager state = NDManager.newBaseManager()) {
                WeightTransform limits = technique.propose(0.2, proposal).get(weight);
                WeightTransformContract contract =
                        WeightTransformContract.of(limits, state, shape, values).behind(grid);
                if (quantization.getSettings().scales() == Scales.LEARNED) {
                    contract.gradient(upstream -> inside(upstream, grid, shape, values));
                }
                if (quantization.getSettings().rounding().equals(Rounding.stochastic(1))) {
                    contract.noisyInTraining();
                } else {
                    contract.restoredBy(technique);
                }
                contract.check();
            }
        }
    }

    /** Learned scales let no gradient pass where the grid clips. */
    private float[] inside(float[] upstream, WeightTransform grid, Shape shape, float... values) {
        WeightScales scales =
                grid.scales(
                                manager.create(values, shape),
                                WeightTransformContract.pass(Mode.INFERENCE))
                        .orElseThrow();
        int highest = (1 << (grid.bits(32) - 1)) - 1;
        for (int i = 0; i < values.length; ++i) {
            float scale = scales.scales()[scales.layout().groupOf(i)];
            upstream[i] *= Math.abs(values[i] / scale) <= highest ? 1 : 0;
        }
        return upstream;
    }

    @Test
    void nothingIsDoneAtTheStart() {
        add(Quantization.builder().setBits(4).build(), new Shape(4, 5), Grids.latent(1, 20, 1));
        assertEquals(rounding(0.1f).build().propose(0, proposal), Map.of());
    }

    /** The gate may have found that no width is good enough. */
    @Test
    void aWeightThatIsNotQuantizedIsLeftAlone() {
        proposal.add("floats", new Shape(4, 5), Grids.latent(1, 20, 1));
        add(Quantization.builder().setBits(4).build(), new Shape(4, 5), Grids.latent(1, 20, 1));
        assertEquals(
                rounding(0.1f).build().propose(0.1, proposal).keySet(),
                Set.of(proposal.weights().get(1)));
    }

    @Test
    void scalesMayMoveAndElementsThatWereNotMovedMayGrow() {
        float[] values = Grids.latent(2, 400, 0.5);
        WeightTransform grid =
                add(Quantization.builder().setBits(4).build(), new Shape(20, 20), values);
        WeightTransform limits =
                rounding(0.3f).build().propose(0.3, proposal).values().iterator().next();
        float[] doubled = values.clone();
        for (int i = 0; i < values.length; ++i) {
            doubled[i] *= 2;
        }
        EncodedWeight before = limited(limits, grid, values);
        EncodedWeight after = limited(limits, grid, doubled);
        float[] once = before.decode();
        float[] twice = after.decode();
        int moved = 0;
        float[] given = limitedBy(grid, values).decode();
        for (int i = 0; i < values.length; ++i) {
            assertEquals(twice[i], 2 * once[i], 0f); // twice the scale, the same codes
            moved += once[i] == given[i] ? 0 : 1;
        }
        assertTrue(moved > 0);
        int free = 0;
        while (once[free] == 0 || once[free] != given[free]) {
            ++free;
        }
        values[free] = 3 * Math.signum(values[free]);
        assertTrue(Math.abs(limited(limits, grid, values).decode()[free]) > 2.5);
    }

    private EncodedWeight limitedBy(WeightTransform grid, float... values) {
        return grid.encode(new DenseWeight(new int[] {20, 20}, values.clone()), manager);
    }

    private EncodedWeight limited(WeightTransform limits, WeightTransform grid, float... values) {
        return limits.encode(limitedBy(grid, values), manager);
    }

    @Test
    void theScalesOfTheGridAreThoseBefore() {
        float[] values = Grids.latent(2, 400, 0.5);
        WeightTransform grid =
                add(Quantization.builder().setBits(4).build(), new Shape(20, 20), values);
        WeightTransform limits =
                rounding(0.3f).build().propose(0.3, proposal).values().iterator().next();
        Optional<WeightScales> scales =
                grid.scales(
                        manager.create(values, new Shape(20, 20)),
                        WeightTransformContract.pass(Mode.INFERENCE));
        assertSame(
                limits.scales(
                        proposal.value(proposal.weights().get(0)),
                        WeightTransformContract.withScales(
                                WeightTransformContract.pass(Mode.INFERENCE), () -> scales)),
                scales);
    }

    @Test
    void withoutAGridThereIsAnErrorThatNamesTheRemedy() {
        add(Quantization.builder().setBits(4).build(), new Shape(4, 5), Grids.latent(1, 20, 1));
        WeightTransform limits =
                rounding(0.3f).build().propose(0.3, proposal).values().iterator().next();
        IllegalStateException e =
                expectThrows(
                        IllegalStateException.class,
                        () ->
                                limits.apply(
                                        manager.zeros(new Shape(4, 5)),
                                        WeightTransformContract.pass(Mode.INFERENCE)));
        assertTrue(e.getMessage().contains("Quantization"), e.getMessage());
    }

    @Test
    void inputsAreAskedForOnlyWhereTheyCount() {
        assertEquals(rounding(0.1f).build().getSignals(), Set.of());
        RateDistortionRounding weighted =
                rounding(0.1f).optErrorWeighting(ErrorWeighting.INPUTS).build();
        assertEquals(weighted.getSignals(), Set.of(Signal.INPUT_SQUARE));
        float[] values = Grids.latent(4, 800, 0.5);
        add(Quantization.builder().setBits(4).build(), new Shape(20, 40), values);
        TargetWeight weight = proposal.weights().get(0);
        float[] inputs = new float[800];
        Arrays.fill(inputs, 7);
        proposal.setSignal(weight, Signal.INPUT_SQUARE, inputs);
        // the mean is what counts as 1
        assertEquals(state(weighted, weight), state(rounding(0.1f).build(), weight));
        for (int i = 0; i < inputs.length; ++i) {
            inputs[i] = i % 40;
        }
        proposal.setSignal(weight, Signal.INPUT_SQUARE, inputs);
        assertFalse(state(weighted, weight).equals(state(rounding(0.1f).build(), weight)));
        proposal.setSignal(weight, Signal.INPUT_SQUARE, new float[800]); // dead units
        assertEquals(state(weighted, weight), state(rounding(0.1f).build(), weight));
    }

    private Object state(Technique technique, TargetWeight weight) {
        return technique.propose(0.1, proposal).get(weight).getState();
    }

    @Test
    void goesFromNothingOverTheStepsToLambda() {
        Levels levels = rounding(0.4f).build().getLevels();
        assertEquals(levels.start(), 0.0);
        assertEquals(levels.next(0).getAsDouble(), 0.1f, 1e-9);
        assertEquals(levels.next(0.2f).getAsDouble(), 0.3f, 1e-6);
        assertEquals(levels.format(0.1), "lambda 0.1000");
        assertTrue(levels.between(0, 0.1).isPresent());
        assertEquals(rounding(0).build().getLevels().target(), 0.0);
        assertEquals(rounding(0.4f).optSteps().build().getLevels().next(0).getAsDouble(), 0.4f);
    }

    @Test
    void whatIsSetIsSet() {
        RateDistortionRounding technique =
                rounding(0.4f).optSteps(0.1f).optRefresh(Refresh.EACH_EPOCH).build();
        assertEquals(technique.getRefresh(), Refresh.EACH_EPOCH);
        assertEquals(rounding(0.4f).build().getRefresh(), Refresh.NONE);
        assertEquals(technique.getSettings().steps(), List.of(0.1f));
        assertEquals(technique.getEffect(), Effect.CODES);
        assertEquals(technique.getSettings().build().getSettings(), technique.getSettings());
    }

    @DataProvider
    Object[][] wrong() {
        return new Object[][] {
            {(Runnable) () -> rounding(-1), "but got -1.0"},
            {(Runnable) () -> rounding(Float.NaN), "but got NaN"},
            {(Runnable) () -> rounding(Float.POSITIVE_INFINITY), "but got Infinity"},
            {(Runnable) () -> rounding(1).optSteps(2).build(), "but got [2.0]"},
            {(Runnable) () -> rounding(1).optSteps(0.5f, 0.5f).build(), "but got [0.5, 0.5]"},
            {(Runnable) () -> rounding(1).optSteps(0).build(), "but got [0.0]"},
            {(Runnable) () -> RateDistortionRounding.builder().build(), "call setLambda"},
        };
    }

    @Test(dataProvider = "wrong")
    void whatIsWrongIsNamed(Runnable call, String part) {
        String message = expectThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
