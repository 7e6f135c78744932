package dev.bonsai.gate;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import dev.bonsai.core.Levels;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What holds whatever the model does: the promise that nothing unjudged is kept. */
public class GateMachineLawTest {

    private static final int EPOCHS = 200;

    /** A training drawn from a seed. */
    private static final class Course {

        final List<Gate> gates = new ArrayList<>();
        final List<JudgedTechnique> runners = new ArrayList<>();
        final FakeStage stage;
        final GateMachine machine;
        private final int seed;
        private final double noise;
        private final double cost;
        private final double gain;

        Course(int seed) {
            this.seed = seed;
            Random random = new Random(seed);
            noise = 0.05 * random.nextDouble();
            cost = 0.5 * random.nextDouble();
            gain = 0.01 * random.nextDouble();
            for (int i = 0; i <= random.nextInt(2); ++i) {
                gates.add(gate(random));
            }
            for (int i = 0; i <= random.nextInt(3); ++i) {
                int gate = random.nextInt(gates.size());
                runners.add(new JudgedTechnique("t" + i, levels(random), gate));
            }
            stage = new FakeStage(runners.size(), this::metrics);
            if (random.nextInt(4) == 0) {
                stage.notAtWill();
            }
            machine = Machines.of(gates, runners, stage);
        }

        private static Gate gate(Random random) {
            Gate.Builder gate = random.nextBoolean() ? Gates.accuracy() : Gates.loss();
            if (random.nextBoolean()) {
                gate.optMaxDrop(0.1f * random.nextFloat());
            }
            if (random.nextInt(4) == 0) {
                gate.optMaxRelativeDrop(0.2f * random.nextFloat());
            }
            if (random.nextInt(4) == 0) {
                gate.optFloor(0.4f + 0.2f * random.nextFloat()); // may be missed at first
            }
            return gate.optRecoveryEpochs(random.nextInt(4))
                    .optShock(0.3f * random.nextFloat())
                    .build();
        }

        private static Levels levels(Random random) {
            double[] steps = random.doubles(random.nextInt(4)).sorted().toArray();
            double resolution = random.nextBoolean() ? 1 / 128.0 : 0.1;
            return Levels.of(0, steps, resolution, Double::toString);
        }

        /** Worse with each level, better with training, noisy, and now and then NaN. */
        private double[] metrics(FakeStage.State state) {
            Random random = new Random(31L * seed + Objects.hash(state.levels(), state.age()));
            double sum = state.levels().stream().mapToDouble(level -> level).sum();
            double wear = cost * sum / (1 + state.since()) - gain * Math.min(state.age(), 20);
            return gates.stream()
                    .mapToDouble(
                            gate -> {
                                double drop = wear + noise * random.nextGaussian();
                                boolean lost = state.age() > 1 && random.nextInt(30) == 0;
                                return lost
                                        ? Double.NaN
                                        : gate.getMetric().direction().drop(0.5, drop);
                            })
                    .toArray();
        }

        boolean accepts(double[] metrics) {
            return IntStream.range(0, gates.size())
                    .allMatch(
                            i ->
                                    gates.get(i)
                                            .getTolerance()
                                            .accepts(
                                                    gates.get(i).getMetric().direction(),
                                                    machine.baseline()[i],
                                                    metrics[i]));
        }
    }

    @DataProvider
    Object[][] seeds() {
        return IntStream.range(0, 300).mapToObj(i -> new Object[] {i}).toArray(Object[][]::new);
    }

    @DataProvider
    Object[][] endings() {
        List<Object[]> rows = new ArrayList<>();
        for (int seed = 0; seed < 75; ++seed) {
            for (int longest : new int[] {8, EPOCHS}) { // 8 is in the middle of the steps
                for (boolean trained : new boolean[] {false, true}) {
                    rows.add(new Object[] {seed, longest, trained});
                }
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "endings")
    void onlyAcceptedStatesAreKeptAndTheEndIsTheLastOfThem(int seed, int longest, boolean trained) {
        Course course = new Course(seed);
        FakeStage stage = course.stage;
        GateMachine machine = course.machine;
        int epochs = 1 + new Random(seed).nextInt(longest);
        stage.train();
        machine.onEpoch(1);
        for (int epoch = 2; epoch <= epochs; ++epoch) {
            stage.train();
            machine.onEpoch(epoch);
            assertEquals(machine.kept(), course.metrics(stage.lastKept()));
        }
        if (trained) {
            stage.train();
        }
        machine.close(epochs);
        checkKept(course);
        assertEquals(stage.state(), stage.lastKept());
        assertFalse(stage.isTrainedOn());
        assertEquals(machine.kept(), course.metrics(stage.state()));
        for (int i = 0; i < course.runners.size(); ++i) {
            assertEquals(machine.accepted(i), (double) stage.state().levels().get(i));
        }
    }

    private static void checkKept(Course course) {
        List<FakeStage.State> kept = course.stage.kept();
        for (int i = 1; i < kept.size(); ++i) {
            double[] before = course.metrics(kept.get(i - 1));
            double[] now = course.metrics(kept.get(i));
            boolean improving =
                    !course.accepts(before)
                            && kept.get(i).levels().equals(kept.get(i - 1).levels())
                            && Reference.isAtLeastAsGood(
                                    course.gates, Metrics.of(now), Metrics.of(before));
            assertTrue(course.accepts(now) || improving, kept.get(i) + " was kept");
            for (int j = 0; j < course.runners.size(); ++j) {
                double level = kept.get(i).levels().get(j);
                assertTrue(level >= kept.get(i - 1).levels().get(j), "A level was given up");
                assertTrue(level <= course.runners.get(j).levels().target(), "beyond the target");
            }
        }
    }

    @Test(dataProvider = "seeds")
    void everyTechniqueIsDoneOnceAndHasAClearLine(int seed) {
        Course course = new Course(seed);
        course.stage.train();
        course.machine.onEpoch(1);
        for (int epoch = 2; epoch <= EPOCHS; ++epoch) {
            course.stage.train();
            course.machine.onEpoch(epoch);
        }
        course.machine.close(EPOCHS);
        List<String> done =
                course.machine.trials().stream()
                        .filter(trial -> trial.verdict() == Verdict.DONE)
                        .map(Trial::technique)
                        .toList();
        List<String> all = course.runners.stream().map(JudgedTechnique::name).toList();
        assertEquals(done, course.stage.canMeasureNow() ? all : all.subList(0, done.size()));
    }

    @Test(dataProvider = "seeds")
    void stepAfterARollBackLiesBetweenTheAcceptedAndTheFailedLevel(int seed) {
        Course course = new Course(seed);
        FakeStage stage = course.stage;
        double failed = Double.NaN;
        for (int epoch = 1; epoch <= EPOCHS; ++epoch) {
            stage.train();
            int before = course.machine.trials().size();
            course.machine.onEpoch(epoch);
            List<Trial> trials = course.machine.trials();
            for (Trial trial : trials.subList(before, trials.size())) {
                switch (trial.verdict()) {
                    case ROLLED_BACK ->
                            failed = trial.asked().equals("-") ? failed : number(trial.asked());
                    case ACCEPTED, DONE -> failed = Double.NaN;
                    case RECOVERING -> {
                        boolean isNew = !Double.isNaN(failed) && !trial.asked().equals("-");
                        assertTrue(!isNew || number(trial.asked()) < failed, trial.toString());
                    }
                    default -> {}
                }
            }
        }
    }

    private static double number(String level) {
        return Double.parseDouble(level);
    }

    /** What a machine knows is all that it needs to go on: the same steps, the same record. */
    @Test(dataProvider = "seeds")
    void anotherMachineGoesOnFromWhatThisOneKnows(int seed) {
        Course one = new Course(seed);
        Course other = new Course(seed);
        GateMachine machine = other.machine;
        for (int epoch = 1; epoch <= 30; ++epoch) {
            one.stage.train();
            one.machine.onEpoch(epoch);
            other.stage.train();
            GateState stood = machine.state();
            machine = Machines.of(other.gates, other.runners, other.stage);
            machine.resume(stood);
            machine.onEpoch(epoch);
            assertEquals(machine.trials(), one.machine.trials());
            assertEquals(machine.state(), one.machine.state());
        }
        one.machine.close(30);
        machine.close(30);
        assertEquals(machine.trials(), one.machine.trials());
        assertEquals(other.stage.calls(), one.stage.calls());
    }
}
