package dev.bonsai.gate;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import dev.bonsai.core.Levels;
import java.util.List;
import java.util.stream.IntStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** How the machine falls back, waits for a floor, and ends. */
public class GateMachineCloseTest {

    private static GateMachine machine(Gate.Builder gate, FakeStage stage, int techniques) {
        Levels levels = Levels.of(0, new double[] {1}, 1 / 64.0, Double::toString);
        List<JudgedTechnique> runners =
                IntStream.range(0, techniques)
                        .mapToObj(i -> new JudgedTechnique("t" + i, levels, 0))
                        .toList();
        return Machines.of(List.of(gate.build()), runners, stage);
    }

    private static void train(GateMachine machine, FakeStage stage, int from, int to) {
        for (int epoch = from; epoch <= to; ++epoch) {
            stage.train();
            machine.onEpoch(epoch);
        }
    }

    private static List<String> rows(GateMachine machine) {
        return machine.trials().stream()
                .map(t -> t.epoch() + " " + t.technique() + " " + t.got() + " " + t.verdict())
                .toList();
    }

    private static String last(List<String> list) {
        return list.get(list.size() - 1);
    }

    @DataProvider
    Object[][] strayed() {
        return new Object[][] {{0.5}, {Double.NaN}};
    }

    @Test(dataProvider = "strayed")
    void acceptedStateThatStraysOutOfToleranceIsRolledBackAfterTheRecovery(double strayed) {
        FakeStage stage = FakeStage.of(s -> s.age() <= 2 ? 0.9 : strayed);
        GateMachine machine = machine(Gates.accuracy().optRecoveryEpochs(3), stage, 1);
        train(machine, stage, 1, 2);
        FakeStage.State good = stage.lastKept();
        train(machine, stage, 3, 4);
        assertEquals(stage.state().age(), 4, "training may bring it back");
        assertEquals(stage.lastKept(), good);
        train(machine, stage, 5, 5);
        assertEquals(stage.state(), good);
        assertEquals(
                rows(machine).subList(3, 6),
                List.of("3 model - RECOVERING", "4 model - RECOVERING", "5 model - ROLLED_BACK"));
        train(machine, stage, 6, 6);
        assertEquals(last(rows(machine)), "6 model - RECOVERING", "with all the epochs again");
    }

    @Test
    void afterTheLastStepTheBestStateIsKept() {
        double[] accuracy = {0.9, 0.9, 0.91, 0.895, 0.92, 0.905};
        FakeStage stage = FakeStage.of(s -> accuracy[s.age()]);
        GateMachine machine = machine(Gates.accuracy(), stage, 1);
        train(machine, stage, 1, 5);
        assertEquals(stage.lastKept().age(), 4, "the best one");
        assertEquals(stage.state().age(), 5, "within tolerance, so it trains on");
        machine.close(5);
        assertEquals(stage.state().age(), 4);
        assertEquals(machine.kept(), new double[] {0.92});
    }

    @DataProvider
    Object[][] recoveries() {
        return new Object[][] {{0}, {2}};
    }

    @Test(dataProvider = "recoveries")
    void floorAboveTheBaselineIsReachedByTrainingBeforeTheFirstStep(int recovery) {
        FakeStage stage = FakeStage.of(s -> 0.5 + 0.125 * Math.min(s.age(), 3));
        Gate.Builder gate = Gates.accuracy().optFloor(0.85f).optRecoveryEpochs(recovery);
        GateMachine machine = machine(gate, stage, 1);
        train(machine, stage, 1, 2);
        assertEquals(stage.calls(), List.of("keep", "keep"));
        train(machine, stage, 3, 3);
        assertEquals(stage.calls(), List.of("keep", "keep", "keep", "adopt 0 1.0"));
    }

    @Test
    void noStepIsTriedFromBelowTheFloorAfterARollBackEither() {
        double[] accuracy = {0.5, 0.5, 0.4, 0.3, 0.2};
        FakeStage stage = FakeStage.of(s -> accuracy[s.age()]);
        Gate.Builder gate = Gates.accuracy().optFloor(0.8f);
        GateMachine machine = machine(gate, stage, 1);
        train(machine, stage, 1, 3);
        assertEquals(stage.calls(), List.of("keep", "rollBack"));
        assertEquals(last(rows(machine)), "3 model - ROLLED_BACK");
    }

    @Test
    void modelThatImprovedTowardsTheFloorStaysAsItIsAtTheEnd() {
        FakeStage stage = FakeStage.of(s -> 0.5 + 0.1 * s.age());
        Gate.Builder gate = Gates.accuracy().optFloor(0.95f).optRecoveryEpochs(0);
        GateMachine machine = machine(gate, stage, 1);
        train(machine, stage, 1, 2);
        stage.train();
        machine.close(3);
        assertEquals(stage.lastKept().age(), 3);
        assertEquals(last(rows(machine)), "3 t0 0.0 DONE");
    }

    @Test
    void stepThatNoTrainingStepWentOverToIsUndoneAtTheEnd() {
        // Out of tolerance at once beyond 0.25; an epoch would heal it, but there is none.
        FakeStage stage = FakeStage.of(s -> s.level() <= 0.25 || s.since() > 0 ? 0.9 : 0.8);
        GateMachine machine = machine(Gates.accuracy(), stage, 1);
        train(machine, stage, 1, 1);
        assertEquals(last(stage.calls()), "propose 0 1.0");
        machine.close(1);
        assertEquals(
                rows(machine),
                List.of(
                        "1 model - BASELINE",
                        "1 t0 1.0 RECOVERING",
                        "1 t0 0.0 ROLLED_BACK",
                        "1 t0 0.25 ACCEPTED",
                        "1 t0 0.25 DONE"));
        assertEquals(machine.trials().get(2).metric(), 0.8, "what it was when it was tried out");
        assertEquals(machine.accepted(0), 0.25);
        assertEquals(stage.lastKept().level(), 0.25);
    }

    @DataProvider
    Object[][] trials() {
        return new Object[][] {{1, Verdict.ACCEPTED, 1.0}, {9, Verdict.ROLLED_BACK, 0.0}};
    }

    @Test(dataProvider = "trials")
    void stepOnTrialIsJudgedAtTheEnd(int needed, Verdict verdict, double level) {
        FakeStage stage = FakeStage.of(s -> s.level() == 0 || s.since() >= needed ? 0.9 : 0.8);
        GateMachine machine = machine(Gates.accuracy(), stage, 1);
        train(machine, stage, 1, 1);
        stage.train();
        machine.close(2);
        assertEquals(machine.trials().get(2).verdict(), verdict);
        assertEquals(machine.accepted(0), level);
        assertEquals(stage.state().level(), level);
        assertFalse(stage.isTrainedOn());
    }

    @Test
    void everyUnfinishedTechniqueIsTakenAsFarAsItGoesAtTheEnd() {
        // Each technique costs 0.1 a level, and the tolerance is 0.13 for all together.
        FakeStage stage =
                new FakeStage(
                        4,
                        s ->
                                new double[] {
                                    0.9 - 0.1 * s.levels().stream().mapToDouble(x -> x).sum()
                                });
        GateMachine machine = machine(Gates.accuracy().optMaxDrop(0.13f), stage, 4);
        machine.close(0);
        // 0.3 lies between 19/64 and 20/64.
        assertEquals(stage.state().levels(), List.of(1.0, 19 / 64.0, 0.0, 0.0));
        assertEquals(
                rows(machine),
                List.of(
                        "0 model - BASELINE",
                        "0 t0 1.0 ACCEPTED",
                        "0 t0 1.0 DONE",
                        "0 t1 0.296875 ACCEPTED",
                        "0 t1 0.296875 DONE",
                        "0 t2 0.0 REFUSED",
                        "0 t2 0.0 DONE",
                        "0 t3 0.0 REFUSED",
                        "0 t3 0.0 DONE"));
    }

    @Test
    void closingTwiceChangesNothing() {
        FakeStage stage = FakeStage.of(s -> 0.9 - 0.02 * s.level());
        GateMachine machine = machine(Gates.accuracy(), stage, 1);
        train(machine, stage, 1, 1);
        machine.close(1);
        List<Trial> trials = machine.trials();
        List<String> calls = List.copyOf(stage.calls());
        machine.close(1);
        assertEquals(machine.trials(), trials);
        assertEquals(stage.calls(), calls);
    }

    @DataProvider
    Object[][] epochs() {
        return new Object[][] {{false}, {true}};
    }

    @Test(dataProvider = "epochs")
    void stepIsUndoneAtTheEndWhereNothingCanBeMeasured(boolean trained) {
        FakeStage stage = FakeStage.of(s -> 0.9).notAtWill();
        GateMachine machine = machine(Gates.accuracy(), stage, 1);
        train(machine, stage, 1, 1);
        if (trained) {
            stage.train();
        }
        machine.close(2);
        assertEquals(last(stage.calls()), "rollBack");
        assertEquals(stage.state(), stage.lastKept());
        assertEquals(machine.accepted(0), 0.0);
        assertEquals(last(rows(machine)), "2 t0 0.0 ROLLED_BACK");
        assertTrue(Double.isNaN(machine.trials().get(2).metric()));
    }

    @Test
    void batchesAfterTheLastEpochAreUndoneWhereNothingCanBeMeasured() {
        FakeStage stage = FakeStage.of(s -> 0.9).notAtWill();
        GateMachine machine = machine(Gates.accuracy(), stage, 0);
        train(machine, stage, 1, 2);
        stage.train();
        machine.close(2);
        assertEquals(stage.state().age(), 2);
        assertFalse(stage.isTrainedOn());
    }

    @Test
    void abandonedTrainingIsBackAtTheLastAcceptedState() {
        FakeStage stage = FakeStage.of(s -> s.level() == 0 ? 0.9 : 0.8);
        GateMachine machine = machine(Gates.accuracy(), stage, 1);
        assertFalse(machine.hasBegun());
        train(machine, stage, 1, 1);
        assertTrue(machine.hasBegun());
        stage.train();
        machine.abandon();
        assertEquals(stage.state(), stage.lastKept());
        assertEquals(stage.state().level(), 0.0);
    }
}
