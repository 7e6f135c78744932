package dev.bonsai.gate;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.core.Levels;
import java.util.ArrayList;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What the machine does from epoch to epoch; its end is in {@link GateMachineCloseTest}. */
public class GateMachineTest {

    private static final double RESOLUTION = 1 / 64.0;

    private static Levels steps(double... steps) {
        return Levels.of(0, steps, RESOLUTION, Double::toString);
    }

    private static GateMachine machine(Gate.Builder gate, FakeStage stage, double... steps) {
        JudgedTechnique runner = new JudgedTechnique("t", steps(steps), 0);
        return Machines.of(List.of(gate.build()), List.of(runner), stage);
    }

    private static void train(GateMachine machine, FakeStage stage, int from, int to) {
        for (int epoch = from; epoch <= to; ++epoch) {
            stage.train();
            machine.onEpoch(epoch);
        }
    }

    private static List<String> rows(GateMachine machine) {
        return machine.trials().stream()
                .map(t -> t.epoch() + " " + t.asked() + " " + t.got() + " " + t.verdict())
                .toList();
    }

    private static List<Double> proposed(FakeStage stage) {
        return stage.calls().stream()
                .filter(call -> call.startsWith("propose"))
                .map(call -> Double.valueOf(call.split(" ", -1)[2]))
                .toList();
    }

    @DataProvider
    Object[][] judgements() {
        Gate.Builder percent = Gates.accuracy().optMaxDrop(0.01f);
        Gate.Builder loss = Gates.loss().optMaxDrop(0.01f);
        Gate.Builder tenth = Gates.accuracy().optMaxRelativeDrop(0.1f);
        Gate.Builder lossTenth = Gates.loss().optMaxRelativeDrop(0.1f);
        Gate.Builder floor = Gates.accuracy().optFloor(0.85f);
        Gate.Builder ceiling = Gates.loss().optFloor(0.6f);
        Gate.Builder both = Gates.accuracy().optMaxRelativeDrop(0.1f).optFloor(0.85f);
        Gate.Builder error =
                Gates.accuracy().optDirection(Direction.LOWER_IS_BETTER).optMaxDrop(0.01f);
        return new Object[][] {
            {"better", percent, 0.9f, 0.95f, true},
            {"equal", percent, 0.9f, 0.9f, true},
            {"at the tolerance", percent, 0.9f, 0.89f, true},
            {"just beyond", percent, 0.9f, 0.8899f, false},
            {"default, at the tolerance", Gates.accuracy(), 0.9f, 0.89f, true},
            {"default, just beyond", Gates.accuracy(), 0.9f, 0.8899f, false},
            {"a lower loss", loss, 0.5f, 0.4f, true},
            {"loss at the tolerance", loss, 0.5f, 0.51f, true},
            {"loss just beyond", loss, 0.5f, 0.5101f, false},
            {"a given direction, better", error, 0.1f, 0.05f, true},
            {"a given direction, worse", error, 0.1f, 0.2f, false},
            {"relative, at the bound", tenth, 0.9f, 0.81f, true},
            {"relative, just beyond", tenth, 0.9f, 0.8099f, false},
            {"relative loss, at the bound", lossTenth, 0.5f, 0.55f, true},
            {"relative loss, just beyond", lossTenth, 0.5f, 0.5501f, false},
            {"at the floor", floor, 0.9f, 0.85f, true},
            {"just below the floor", floor, 0.9f, 0.8499f, false},
            {"loss at the ceiling", ceiling, 0.5f, 0.6f, true},
            {"loss just above the ceiling", ceiling, 0.5f, 0.6001f, false},
            {"relative passes, floor does not", both, 0.9f, 0.82f, false},
            {"floor passes, relative does not", both, 0.99f, 0.86f, false},
            {"both pass", both, 0.9f, 0.86f, true},
            {"NaN", percent, 0.9f, Float.NaN, false},
            {"NaN above a floor", floor, 0.9f, Float.NaN, false},
            {"infinite loss", loss, 0.5f, Float.POSITIVE_INFINITY, false},
        };
    }

    @Test(dataProvider = "judgements")
    void stepIsAcceptedWithinTolerance(
            String what, Gate.Builder gate, float baseline, float metric, boolean accepted) {
        FakeStage stage = FakeStage.of(s -> s.level() == 0 ? baseline : metric);
        JudgedTechnique runner = new JudgedTechnique("t", Levels.single("on"), 0);
        Gate strict = gate.optRecoveryEpochs(0).build();
        GateMachine machine = Machines.of(List.of(strict), List.of(runner), stage);
        machine.onEpoch(1);
        assertEquals(machine.accepted(0), accepted ? 1.0 : 0.0, what);
        assertEquals(stage.lastKept().level(), accepted ? 1.0 : 0.0, what);
        Verdict verdict = machine.trials().get(1).verdict();
        assertEquals(verdict, accepted ? Verdict.ACCEPTED : Verdict.REFUSED, what);
    }

    @DataProvider
    Object[][] useless() {
        return new Object[][] {{Double.NaN}, {Double.POSITIVE_INFINITY}};
    }

    @Test(dataProvider = "useless")
    void baselineThatIsNotFiniteIsAnErrorWithARemedy(double baseline) {
        GateMachine machine = machine(Gates.loss(), FakeStage.of(s -> baseline), 1);
        String message =
                expectThrows(IllegalStateException.class, () -> machine.onEpoch(1)).getMessage();
        assertTrue(message.contains("SoftmaxCrossEntropyLoss is " + baseline), message);
        assertTrue(message.contains("Check that"), message);
        assertEquals(machine.hasBegun(), false);
    }

    @Test
    void stateMustPassEveryGate() {
        // The first gate passes everywhere, the second up to the level 0.5.
        FakeStage stage = new FakeStage(1, s -> new double[] {0.9, s.level() <= 0.5 ? 0.3 : 0.4});
        List<Gate> gates =
                List.of(
                        Gates.accuracy().optRecoveryEpochs(0).build(),
                        Gates.loss().optRecoveryEpochs(3).build());
        JudgedTechnique runner = new JudgedTechnique("t", steps(0.5, 0.75), 1);
        GateMachine machine = Machines.of(gates, List.of(runner), stage);
        train(machine, stage, 1, 20);
        assertEquals(machine.accepted(0), 0.5);
        assertEquals(proposed(stage), List.of(), "the strictest recovery counts, which is none");
        assertEquals(machine.kept(), new double[] {0.9, 0.3});
        Trial step = machine.trials().get(1);
        assertEquals(step.metric(), 0.3, "the metric of the runner's gate");
    }

    @DataProvider
    Object[][] recoveries() {
        List<Object[]> rows = new ArrayList<>();
        for (int allowed = 1; allowed <= 3; ++allowed) {
            for (int needed = 1; needed <= 4; ++needed) {
                rows.add(new Object[] {allowed, needed});
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "recoveries")
    void recoveryWithinTheEpochsAllowedIsAcceptedAndLaterIsUndone(int allowed, int needed) {
        FakeStage stage = FakeStage.of(s -> s.level() == 0 || s.since() >= needed ? 0.9 : 0.8);
        Gate.Builder gate = Gates.accuracy().optRecoveryEpochs(allowed);
        GateMachine machine = machine(gate, stage, 1);
        machine.begin(0);
        machine.onEpoch(0);
        assertEquals(stage.calls(), List.of("keep", "keep", "propose 0 1.0"));
        assertEquals(stage.state().level(), 0.0, "not one moment before the next training step");
        train(machine, stage, 1, Math.min(allowed, needed));
        assertEquals(machine.accepted(0), needed <= allowed ? 1.0 : 0.0);
        List<String> expected = new ArrayList<>(List.of("0 - - BASELINE", "0 1.0 1.0 RECOVERING"));
        for (int epoch = 1; epoch < Math.min(allowed, needed); ++epoch) {
            expected.add(epoch + " 1.0 1.0 RECOVERING");
        }
        expected.add(
                needed <= allowed
                        ? needed + " 1.0 1.0 ACCEPTED"
                        : allowed + " 1.0 0.0 ROLLED_BACK");
        assertEquals(rows(machine).subList(0, expected.size()), expected);
    }

    @Test
    void stepThatDoesNotRecoverIsHalvedDownToTheResolution() {
        // Good up to 0.3, for ever bad beyond, but never so bad that recovery is not tried.
        FakeStage stage = FakeStage.of(s -> s.level() <= 0.3 ? 0.9 : 0.8);
        Levels eighths = Levels.of(0, new double[] {1}, 0.125, Double::toString);
        JudgedTechnique runner = new JudgedTechnique("t", eighths, 0);
        Gate gate = Gates.accuracy().optRecoveryEpochs(1).build();
        GateMachine machine = Machines.of(List.of(gate), List.of(runner), stage);
        train(machine, stage, 1, 20);
        // 0.25 is accepted at once, then the next step is asked for again. 0.4375, halfway between
        // 0.25 and 0.625, is 3.5 eighths, which rounds to the even 4.
        assertEquals(proposed(stage), List.of(1.0, 0.5, 1.0, 0.625, 0.5, 0.375));
        assertEquals(machine.accepted(0), 0.25);
        Trial last = machine.trials().get(machine.trials().size() - 1);
        assertEquals(last.verdict(), Verdict.DONE);
        assertEquals(last.asked() + " " + last.got(), "1.0 0.25");
    }

    @Test
    void recoveredStepIsFollowedByTheOneThatFailedBefore() {
        // One epoch heals a level up to 0.5, and no number of them one beyond.
        FakeStage stage =
                FakeStage.of(
                        s -> s.level() == 0 || (s.level() <= 0.5 && s.since() > 0) ? 0.9 : 0.8);
        Levels quarters = Levels.of(0, new double[] {1}, 0.25, Double::toString);
        JudgedTechnique runner = new JudgedTechnique("t", quarters, 0);
        Gate gate = Gates.accuracy().optRecoveryEpochs(1).build();
        GateMachine machine = Machines.of(List.of(gate), List.of(runner), stage);
        train(machine, stage, 1, 10);
        assertEquals(proposed(stage), List.of(1.0, 0.5, 1.0, 0.75));
        assertEquals(machine.accepted(0), 0.5);
    }

    @Test
    void stepBeyondTheShockIsCutToTheLargestWithinIt() {
        // At once a drop of 0.8 a level, which one epoch heals.
        FakeStage stage = FakeStage.of(s -> s.since() >= 1 ? 0.9 : 0.9 - 0.8 * s.level());
        Gate.Builder gate = Gates.accuracy().optShock(0.2f);
        GateMachine machine = machine(gate, stage, 1);
        machine.onEpoch(1);
        // A drop of exactly the shock is within it; six halvings of 1 reach 1/64.
        assertEquals(proposed(stage), List.of(0.25));
        assertEquals(rows(machine).get(1), "1 1.0 0.25 RECOVERING");
        train(machine, stage, 2, 2);
        assertEquals(machine.accepted(0), 0.25);
    }

    @Test
    void shockBelowTheToleranceDoesNotMakeStepsSmaller() {
        FakeStage stage = FakeStage.of(s -> 1 + s.level());
        Gate.Builder gate = Gates.loss().optMaxDrop(0.5f).optShock(0.2f);
        GateMachine machine = machine(gate, stage, 1);
        machine.onEpoch(1);
        assertEquals(stage.calls(), List.of("keep", "adopt 0 0.5"));
    }

    @Test
    void withoutRecoveryTheLargestStepWithinToleranceIsTaken() {
        FakeStage stage = FakeStage.of(s -> 0.9 - 0.1 * s.level());
        Gate.Builder gate = Gates.accuracy().optMaxDrop(0.03f).optRecoveryEpochs(0);
        GateMachine machine = machine(gate, stage, 1);
        machine.onEpoch(1);
        // 0.3 lies between 19/64 and 20/64, and six halvings of 1 reach 1/64.
        assertEquals(stage.calls(), List.of("keep", "adopt 0 " + 19 / 64.0));
        assertEquals(rows(machine).get(1), "1 1.0 " + 19 / 64.0 + " ACCEPTED");
        train(machine, stage, 2, 2);
        assertEquals(
                rows(machine).subList(2, 4),
                List.of("2 1.0 0.296875 REFUSED", "2 1.0 0.296875 DONE"));
    }

    @Test
    void oneStepIsTakenAtTheEndOfEachEpoch() {
        FakeStage stage = FakeStage.of(s -> 0.9);
        GateMachine machine = machine(Gates.accuracy(), stage, 0.25, 0.5, 0.75);
        for (int epoch = 1; epoch <= 5; ++epoch) {
            train(machine, stage, epoch, epoch);
            assertEquals(machine.accepted(0), Math.min(0.25 * epoch, 0.75));
        }
    }

    @Test
    void techniquesTakeTurnsInTheirOrder() {
        FakeStage stage = new FakeStage(3, s -> new double[] {0.9});
        List<JudgedTechnique> runners =
                List.of(
                        new JudgedTechnique("a", steps(0.5, 1), 0),
                        new JudgedTechnique("nothing to do", steps(), 0),
                        new JudgedTechnique("b", steps(1), 0));
        GateMachine machine = Machines.of(List.of(Gates.accuracy().build()), runners, stage);
        train(machine, stage, 1, 4);
        List<String> turns =
                machine.trials().stream()
                        .map(t -> t.epoch() + " " + t.technique() + " " + t.verdict())
                        .toList();
        assertEquals(
                turns,
                List.of(
                        "1 model BASELINE",
                        "1 a ACCEPTED",
                        "2 a ACCEPTED",
                        "3 a DONE",
                        "3 nothing to do DONE",
                        "3 b ACCEPTED",
                        "4 b DONE"));
        assertEquals(stage.lastKept().levels(), List.of(1.0, 0.0, 1.0));
    }

    @Test
    void everyTrialIsARowWithWhatItCost() {
        FakeStage stage =
                FakeStage.of(s -> s.level() == 0 ? 0.75 : s.since() >= 2 ? 0.8125 : 0.625);
        GateMachine machine = machine(Gates.accuracy(), stage, 1);
        train(machine, stage, 1, 4);
        assertEquals(
                machine.trials(),
                List.of(
                        new Trial(
                                1, "model", "-", "-", 0.75, 0.75, 0, Double.NaN, Verdict.BASELINE),
                        new Trial(
                                1,
                                "t",
                                "1.0",
                                "1.0",
                                0.625,
                                0.75,
                                0.125,
                                Double.NaN,
                                Verdict.RECOVERING),
                        new Trial(
                                2,
                                "t",
                                "1.0",
                                "1.0",
                                0.625,
                                0.75,
                                0.125,
                                Double.NaN,
                                Verdict.RECOVERING),
                        new Trial(
                                3,
                                "t",
                                "1.0",
                                "1.0",
                                0.8125,
                                0.75,
                                -0.0625,
                                Double.NaN,
                                Verdict.ACCEPTED),
                        new Trial(
                                3,
                                "t",
                                "1.0",
                                "1.0",
                                0.8125,
                                0.8125,
                                0,
                                Double.NaN,
                                Verdict.DONE)));
        assertEquals(machine.baseline(), new double[] {0.75});
        assertEquals(machine.kept(), new double[] {0.8125});
    }

    @Test
    void stepTakesAnEpochWhereTheMetricIsKnownAtEpochEndsOnly() {
        FakeStage stage = FakeStage.of(s -> s.level() <= 0.5 ? 0.9 : 0.5).notAtWill();
        GateMachine machine = machine(Gates.accuracy().optRecoveryEpochs(0), stage, 0.5, 1);
        train(machine, stage, 1, 3);
        assertEquals(
                rows(machine),
                List.of(
                        "1 - - BASELINE",
                        "1 0.5 0.5 RECOVERING",
                        "2 0.5 0.5 ACCEPTED",
                        "2 1.0 1.0 RECOVERING",
                        "3 1.0 0.5 ROLLED_BACK",
                        "3 0.75 0.75 RECOVERING"));
        assertTrue(Double.isNaN(machine.trials().get(1).metric()), "nothing was measured");
        assertEquals(stage.state().level(), 0.5);
    }
}
