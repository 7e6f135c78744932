package dev.bonsai.gate;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.core.Levels;
import java.util.ArrayList;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class WarmupTest {

    /** Trains until the machine begins, or for as many epochs as there are metrics. */
    private static int train(GateMachine machine, FakeStage stage, int epochs) {
        for (int epoch = 1; epoch <= epochs; ++epoch) {
            stage.train();
            if (machine.isWarmedUp(epoch)) {
                machine.onEpoch(epoch);
                return epoch;
            }
        }
        return -1;
    }

    private static GateMachine machine(Gate gate, Warmup warmup, FakeStage stage) {
        return new GateMachine(
                List.of(gate),
                List.of(new JudgedTechnique("t", Levels.single("on"), 0)),
                warmup,
                EarlierRun.NONE,
                stage,
                trial -> {});
    }

    private static FakeStage scripted(double... byAge) {
        return FakeStage.of(s -> byAge[Math.min(s.age(), byAge.length) - 1]);
    }

    @DataProvider
    Object[][] plateaus() {
        double[] rising = {0.5, 0.6, 0.7, 0.8, 0.9, 0.95};
        double[] peaked = {0.5, 0.8, 0.7, 0.75, 0.7, 0.7};
        double[] flat = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5};
        double[] lost = {0.5, 0.6, Double.NaN, Double.NaN, 0.7, 0.7};
        List<Object[]> rows = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            // metrics, patience, maximum, the epoch in which compression begins, and its best epoch
            rows.add(new Object[] {direction, rising, 2, 6, 6, 6});
            rows.add(new Object[] {direction, rising, 2, 4, 4, 4});
            rows.add(new Object[] {direction, peaked, 1, 6, 3, 2});
            rows.add(new Object[] {direction, peaked, 3, 6, 5, 2});
            rows.add(new Object[] {direction, peaked, 3, 4, 4, 2});
            rows.add(new Object[] {direction, flat, 1, 6, 2, 1});
            rows.add(new Object[] {direction, lost, 2, 6, 4, 2});
            rows.add(new Object[] {direction, lost, 3, 6, 6, 5});
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "plateaus")
    void endsWhenTheMetricStopsImprovingAndGoesOnFromTheBestState(
            Direction direction, double[] metrics, int patience, int most, int begin, int best) {
        boolean higher = direction == Direction.HIGHER_IS_BETTER;
        FakeStage stage =
                FakeStage.of(s -> higher ? metrics[s.age() - 1] : 1 - metrics[s.age() - 1]);
        Gate gate = (higher ? Gates.accuracy() : Gates.loss()).build();
        GateMachine machine = machine(gate, Warmup.untilPlateau(patience, most), stage);
        assertEquals(train(machine, stage, metrics.length), begin);
        Trial baseline = machine.trials().get(0);
        assertEquals(baseline.verdict(), Verdict.BASELINE);
        assertEquals(baseline.epoch(), begin);
        double expected = higher ? metrics[best - 1] : 1 - metrics[best - 1];
        assertEquals(baseline.metric(), expected);
        assertEquals(machine.reference().values(), new double[] {expected});
        assertEquals(stage.lastKept().age(), best, "the state that the first step starts from");
        assertEquals(machine.notes().size(), begin == best ? 1 : 0, machine.notes().toString());
    }

    @Test
    void warmupThatWasCutShortIsSaid() {
        FakeStage stage = scripted(0.5, 0.6, 0.7, 0.8);
        GateMachine machine = machine(Gates.accuracy().build(), Warmup.untilPlateau(3, 4), stage);
        train(machine, stage, 4);
        assertTrue(
                machine.notes().get(0).startsWith("the warm-up ended after 4 epochs while"),
                machine.notes().toString());
    }

    @Test
    void fixedNumberOfEpochsMeasuresNothingBeforeItsEnd() {
        FakeStage stage = scripted(Double.NaN, Double.NaN, 0.7, 0.7);
        GateMachine machine = machine(Gates.accuracy().build(), Warmup.epochs(3), stage);
        assertEquals(train(machine, stage, 4), 3);
        assertEquals(machine.baseline(), new double[] {0.7});
        assertEquals(stage.calls().get(0), "keep");
    }

    @Test
    void longestOfSeveralWaitsForEach() {
        FakeStage stage = scripted(0.9, 0.8, 0.8, 0.8, 0.8, 0.8);
        Warmup both = Warmup.longest(List.of(Warmup.untilPlateau(1, 9), Warmup.epochs(4)));
        assertEquals(both.leastEpochs(), 4);
        GateMachine machine = machine(Gates.accuracy().build(), both, stage);
        assertEquals(train(machine, stage, 6), 4);
        assertEquals(stage.kept().get(0).age(), 1, "the best");
        assertEquals(Warmup.longest(List.of()).leastEpochs(), 0);
    }

    @Test
    void severalGatesAreWaitedForTogether() {
        // The first metric is best after 2 epochs, the second after 4.
        double[] second = {0.5, 0.6, 0.7, 0.8, 0.8, 0.8, 0.8};
        FakeStage stage =
                new FakeStage(
                        1, s -> new double[] {s.age() == 2 ? 0.9 : 0.895, second[s.age() - 1]});
        GateMachine machine =
                new GateMachine(
                        List.of(Gates.accuracy().build(), Gates.accuracy().build()),
                        List.of(new JudgedTechnique("t", Levels.single("on"), 0)),
                        Warmup.untilPlateau(2, 9),
                        EarlierRun.NONE,
                        stage,
                        trial -> {});
        assertEquals(train(machine, stage, 7), 6);
        assertEquals(machine.baseline(), new double[] {0.895, 0.8});
    }

    @DataProvider
    Object[][] endings() {
        return new Object[][] {{true, true}, {true, false}, {false, true}, {false, false}};
    }

    @Test(dataProvider = "endings")
    void trainingThatEndsInTheWarmupIsTakenAsFarAsItGoes(boolean atWill, boolean further) {
        FakeStage stage = scripted(0.5, 0.7, 0.6, 0.8);
        if (!atWill) {
            stage.notAtWill();
        }
        GateMachine machine = machine(Gates.accuracy().build(), Warmup.untilPlateau(5, 9), stage);
        assertEquals(train(machine, stage, 3), -1);
        assertEquals(machine.kept(), new double[] {0.7});
        if (further) {
            stage.train();
        }
        assertTrue(machine.canClose());
        machine.close(3);
        // After the last epoch end the model improved, which is seen where it can be measured.
        double best = atWill && further ? 0.8 : 0.7;
        assertEquals(machine.baseline(), new double[] {best});
        assertEquals(stage.lastKept().age(), best == 0.8 ? 4 : 2);
        assertEquals(machine.accepted(0), atWill ? 1.0 : 0.0);
        assertFalse(stage.isTrainedOn());
    }

    @Test
    void metricThatIsNeverFiniteIsAnErrorWhenTheWarmupEnds() {
        FakeStage stage = FakeStage.of(s -> Double.NaN);
        GateMachine machine = machine(Gates.accuracy().build(), Warmup.untilPlateau(1, 3), stage);
        String message =
                expectThrows(IllegalStateException.class, () -> train(machine, stage, 5))
                        .getMessage();
        assertTrue(message.contains("baseline Accuracy is NaN"), message);
    }

    @DataProvider
    Object[][] invalid() {
        return new Object[][] {
            {(Runnable) () -> Warmup.epochs(-1), "0 or more epochs, but got -1"},
            {(Runnable) () -> Warmup.untilPlateau(0, 9), "but got 0 and 9"},
            {(Runnable) () -> Warmup.untilPlateau(1, 0), "but got 1 and 0"},
        };
    }

    @Test(dataProvider = "invalid")
    void invalidNumberIsAnErrorThatSaysWhatIsAllowed(Runnable setting, String part) {
        String message = expectThrows(IllegalArgumentException.class, setting::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
