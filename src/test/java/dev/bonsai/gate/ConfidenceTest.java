package dev.bonsai.gate;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.core.Levels;
import dev.bonsai.statistics.Outcomes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A gate with a confidence: what it says, what it costs, and that its promise holds. */
public class ConfidenceTest {

    private static final int RUNS = 400;
    private static final int FEW_RUNS = 60;

    private static GateSimulation.Found found(
            int samples, int more, boolean confident, Undecided undecided, double drop) {
        OptionalDouble confidence = confident ? OptionalDouble.of(0.95) : OptionalDouble.empty();
        return GateSimulation.run(
                new GateSimulation.Setting(samples, more, confidence, undecided, drop),
                drop > 1 ? RUNS : FEW_RUNS);
    }

    @DataProvider
    Object[][] nulls() {
        return new Object[][] {{200, 0}, {1000, 0}, {3000, 0}, {1000, 1000}};
    }

    /** The promise: in at most 5 of 100 runs any state is accepted that is really worse. */
    @Test(dataProvider = "nulls")
    void hardlyAnyRunAcceptsAStateThatIsReallyWorse(int samples, int more) {
        double worse = found(samples, more, true, Undecided.ROLLED_BACK, 1.001).worse();
        assertTrue(worse <= 0.05, "really worse in " + worse);
        if (more == 0) {
            double plain = found(samples, 0, false, Undecided.ROLLED_BACK, 1.001).worse();
            assertTrue(plain > 0.5, "the plain threshold doesn't promise that: " + plain);
        }
    }

    @Test
    void goodStepsPassWhereTheDataCanShowThem() {
        assertTrue(found(20_000, 0, true, Undecided.ROLLED_BACK, 0).steps() > 9);
        double few = found(1000, 0, true, Undecided.ROLLED_BACK, 0).steps();
        double more = found(1000, 7000, true, Undecided.ROLLED_BACK, 0).steps();
        assertTrue(few < 2 && more > few + 2, few + " steps, " + more + " with more data");
    }

    @Test
    void undecidedStepsMayBeAcceptedAndClearlyBadOnesAreNot() {
        GateSimulation.Found good = found(2000, 0, true, Undecided.ACCEPTED, 0.25);
        assertTrue(good.steps() > 9.5, "steps " + good.steps());
        assertEquals(found(4000, 0, true, Undecided.ACCEPTED, 3).steps(), 0.0);
    }

    /** A model whose answers are given for each level. */
    private static final class Answers implements Stage {

        private final List<Measurement> byLevel;
        private final List<Measurement> more;
        private int level;
        private int kept;
        private int pending = -1;
        private boolean trainedOn;

        Answers(List<Measurement> byLevel, List<Measurement> more) {
            this.byLevel = byLevel;
            this.more = more;
        }

        void train() {
            level = pending < 0 ? level : pending;
            pending = -1;
            trainedOn = true;
        }

        @Override
        public Metrics measure() {
            return new Metrics(List.of(byLevel.get(level)));
        }

        @Override
        public Metrics measureMore(Metrics measured) {
            return tryOutMore(0, level, measured);
        }

        @Override
        public Optional<Metrics> tryOut(int technique, double tried) {
            return Optional.of(new Metrics(List.of(byLevel.get((int) tried))));
        }

        @Override
        public Metrics tryOutMore(int technique, double tried, Metrics measured) {
            return more.isEmpty()
                    ? measured
                    : new Metrics(List.of(measured.gate(0).and(more.get((int) tried))));
        }

        @Override
        public void propose(int technique, double next) {
            pending = (int) next;
        }

        @Override
        public void adopt(int technique, double next) {
            level = (int) next;
            keep();
        }

        @Override
        public void keep() {
            kept = level;
            trainedOn = false;
        }

        @Override
        public void rollBack() {
            level = kept;
            pending = -1;
            trainedOn = false;
        }

        @Override
        public boolean isTrainedOn() {
            return trainedOn;
        }

        @Override
        public boolean canMeasureNow() {
            return true;
        }
    }

    /** Right on all but some samples, the first ones. */
    private static Measurement answers(int samples, int wrong, long fingerprint) {
        float[] right = new float[samples];
        Arrays.fill(right, wrong, samples, 1);
        Outcomes outcomes = new Outcomes(right, new int[0], fingerprint);
        return new Measurement(outcomes.mean(), List.of(outcomes));
    }

    private static List<Trial> trials(Gate gate, Answers stage, int epochs) {
        List<Trial> told = new ArrayList<>();
        GateMachine machine =
                new GateMachine(
                        List.of(gate),
                        List.of(new JudgedTechnique("t", Levels.single("on"), 0)),
                        Warmup.epochs(0),
                        EarlierRun.NONE,
                        stage,
                        told::add);
        machine.begin(0);
        for (int epoch = 1; epoch <= epochs; ++epoch) {
            stage.train();
            machine.onEpoch(epoch);
        }
        assertEquals(told, machine.trials(), "each row was told when it was made");
        return told;
    }

    private static List<Verdict> verdicts(List<Trial> trials) {
        return trials.stream().map(Trial::verdict).toList();
    }

    @DataProvider
    Object[][] steps() {
        // of 2,000 samples 20 are wrong before; how many are behind the step, the verdicts
        return new Object[][] {
            {20, List.of(Verdict.BASELINE, Verdict.ACCEPTED, Verdict.DONE)},
            {35, List.of(Verdict.BASELINE, Verdict.UNDECIDED)},
            {200, List.of(Verdict.BASELINE, Verdict.RECOVERING)},
        };
    }

    @Test(dataProvider = "steps")
    void stepPassesFailsOrIsUndecided(int wrong, List<Verdict> expected) {
        Gate gate = Gates.accuracy().optMaxDrop(0.01f).optConfidence(0.95).build();
        Answers stage =
                new Answers(List.of(answers(2000, 20, 1), answers(2000, wrong, 1)), List.of());
        assertEquals(verdicts(trials(gate, stage, 2)).subList(0, expected.size()), expected);
    }

    @Test
    void undecidedStepTrainsOnAndIsUndoneOrAcceptedByChoice() {
        for (Undecided choice : Undecided.values()) {
            Gate gate =
                    Gates.accuracy()
                            .optMaxDrop(0.01f)
                            .optConfidence(0.95)
                            .optUndecided(choice)
                            .build();
            Answers stage =
                    new Answers(List.of(answers(2000, 20, 1), answers(2000, 35, 1)), List.of());
            List<Trial> trials = trials(gate, stage, 5);
            Verdict last = choice == Undecided.ACCEPTED ? Verdict.ACCEPTED : Verdict.ROLLED_BACK;
            assertEquals(
                    verdicts(trials).subList(0, 4),
                    List.of(Verdict.BASELINE, Verdict.UNDECIDED, Verdict.UNDECIDED, last));
            assertEquals(trials.get(1).dropText(), "+0.0075 \u00b1 0.0019");
        }
    }

    @Test
    void furtherDataDecidesWhatIsUndecided() {
        Gate gate =
                Gates.accuracy()
                        .optMaxDrop(0.01f)
                        .optConfidence(0.95)
                        .optMoreData(new Gates.NoData())
                        .build();
        List<Measurement> main = List.of(answers(2000, 20, 1), answers(2000, 35, 1));
        List<Measurement> good = List.of(answers(9000, 90, 2), answers(9000, 90, 2));
        List<Measurement> bad = List.of(answers(9000, 90, 2), answers(9000, 300, 2));
        List<Trial> accepted = trials(gate, new Answers(main, good), 1);
        assertEquals(accepted.get(1).verdict(), Verdict.ACCEPTED);
        assertEquals(accepted.get(1).metric(), 1 - 125 / 11_000.0, 1e-9, "of all samples");
        List<Trial> refused = trials(gate, new Answers(main, bad), 1);
        assertEquals(refused.get(1).verdict(), Verdict.RECOVERING);
    }

    @Test
    void floorIsShownTooOrNot() {
        Gate gate = Gates.accuracy().optMaxDrop(0.5f).optFloor(0.97f).optConfidence(0.95).build();
        Answers clear = new Answers(List.of(answers(2000, 20, 1), answers(2000, 30, 1)), List.of());
        assertEquals(trials(gate, clear, 1).get(1).verdict(), Verdict.ACCEPTED);
        Answers close = new Answers(List.of(answers(2000, 20, 1), answers(2000, 55, 1)), List.of());
        assertEquals(trials(gate, close, 1).get(1).verdict(), Verdict.UNDECIDED);
        Answers below =
                new Answers(List.of(answers(2000, 20, 1), answers(2000, 100, 1)), List.of());
        assertEquals(trials(gate, below, 1).get(1).verdict(), Verdict.RECOVERING);
    }

    @Test
    void otherSamplesThanBeforeAreAnErrorAndUnknownPairsToo() {
        Gate gate = Gates.accuracy().optMaxDrop(0.01f).optConfidence(0.95).build();
        Answers shuffled =
                new Answers(List.of(answers(2000, 20, 1), answers(2000, 20, 2)), List.of());
        EvaluationDataException changed =
                expectThrows(EvaluationDataException.class, () -> trials(gate, shuffled, 1));
        assertTrue(changed.getMessage().contains("same order"), changed.getMessage());
        Answers unknown = new Answers(List.of(Measurement.of(0.9), Measurement.of(0.9)), List.of());
        IllegalStateException none =
                expectThrows(IllegalStateException.class, () -> trials(gate, unknown, 1));
        assertTrue(none.getMessage().contains("leave out optConfidence"), none.getMessage());
    }

    @DataProvider
    Object[][] failures() {
        return new Object[][] {
            {new IllegalArgumentException("no window")}, {new AssertionError("not so good")}
        };
    }

    private static <T extends Throwable> void fail(Throwable failure) throws T {
        @SuppressWarnings("unchecked") // neither of them is checked
        T unchecked = (T) failure;
        throw unchecked;
    }

    @Test(dataProvider = "failures")
    void whatListensMayFailAndTheTrainingGoesOn(Throwable failure) {
        Answers stage = new Answers(List.of(answers(2000, 20, 1), answers(2000, 20, 1)), List.of());
        GateMachine machine =
                new GateMachine(
                        List.of(Gates.accuracy().build()),
                        List.of(new JudgedTechnique("t", Levels.single("on"), 0)),
                        Warmup.epochs(0),
                        EarlierRun.NONE,
                        stage,
                        trial -> ConfidenceTest.<RuntimeException>fail(failure));
        machine.onEpoch(1);
        assertEquals(machine.accepted(0), 1.0);
        assertTrue(
                machine.notes().stream().anyMatch(note -> note.contains("optOnTrial")),
                machine.notes().toString());
    }

    @Test
    void toleranceThatTheDataCannotShowIsANote() {
        Answers few = new Answers(List.of(answers(500, 20, 1), answers(500, 20, 1)), List.of());
        assertTrue(
                notes(Gates.accuracy().optMaxDrop(0.005f).build(), few).stream()
                        .anyMatch(
                                note ->
                                        note.startsWith(
                                                "Accuracy on 500 samples: where 1 % of the answers"
                                                        + " change, drops below 0.0111 can't be"
                                                        + " seen")));
        assertFalse(
                notes(Gates.accuracy().optMaxDrop(0.02f).build(), few).stream()
                        .anyMatch(note -> note.contains("can't be seen")));
    }

    private static List<String> notes(Gate gate, Stage stage) {
        GateMachine machine =
                Machines.of(
                        List.of(gate),
                        List.of(new JudgedTechnique("t", Levels.single("on"), 0)),
                        stage);
        machine.onEpoch(1);
        return machine.notes();
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        for (double wrong : new double[] {0, 0.4, 1, 95, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> Gate.builder().optConfidence(wrong));
        }
        assertThrows(
                IllegalArgumentException.class, () -> Gate.builder().optConfidence(0.95).build());
        assertThrows(
                IllegalArgumentException.class,
                () -> Gates.accuracy().optMoreData(new Gates.NoData()).build());
        assertThrows(NullPointerException.class, () -> Gate.builder().optUndecided(null));
    }
}
