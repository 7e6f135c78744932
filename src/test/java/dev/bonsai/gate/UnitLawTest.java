package dev.bonsai.gate;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.loss.Loss;
import dev.bonsai.core.Levels;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The same model gets the same verdicts, in whatever unit its metric is. */
public class UnitLawTest {

    private static final double[] UNITS = {1e-6, 1e-3, 1, 1e3};

    /** What bounds a step, given in the metric's unit where it has one. */
    private enum Bounds {
        DEFAULT,
        RELATIVE,
        ABSOLUTE,
        FLOOR,
        RELATIVE_AND_FLOOR;

        Gate.Builder of(Gate.Builder gate, Direction direction, double unit) {
            float floor = (float) ((direction == Direction.LOWER_IS_BETTER ? 1.25 : 0.75) * unit);
            return switch (this) {
                case DEFAULT -> gate;
                case RELATIVE -> gate.optMaxRelativeDrop(0.1f);
                case ABSOLUTE -> gate.optMaxDrop((float) (0.1 * unit));
                case FLOOR -> gate.optFloor(floor);
                case RELATIVE_AND_FLOOR -> gate.optMaxRelativeDrop(0.1f).optFloor(floor);
            };
        }
    }

    /** From which drop on a step is made smaller first. */
    private enum Shocks {
        DEFAULT,
        RELATIVE,
        ABSOLUTE;

        Gate.Builder of(Gate.Builder gate, double unit) {
            return switch (this) {
                case DEFAULT -> gate;
                case RELATIVE -> gate.optRelativeShock(0.3f);
                case ABSOLUTE -> gate.optShock((float) (0.3 * unit));
            };
        }
    }

    /** A metric of which nothing is known. */
    private static final class Unknown extends Evaluator {

        Unknown() {
            super("unknown");
        }

        @Override
        public NDArray evaluate(NDList labels, NDList predictions) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void addAccumulator(String key) {}

        @Override
        public void updateAccumulator(String key, NDList labels, NDList predictions) {}

        @Override
        public void resetAccumulator(String key) {}

        @Override
        public float getAccumulator(String key) {
            return Float.NaN;
        }
    }

    @DataProvider
    Object[][] options() {
        List<Object[]> rows = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            for (Bounds bounds : Bounds.values()) {
                for (Shocks shocks : Shocks.values()) {
                    for (int recovery = 0; recovery <= 2; ++recovery) {
                        rows.add(new Object[] {direction, bounds, shocks, recovery});
                    }
                }
            }
        }
        return rows.toArray(Object[][]::new);
    }

    private static List<String> verdicts(
            Direction direction,
            Bounds bounds,
            Shocks shocks,
            int recovery,
            int seed,
            double unit) {
        Gate.Builder builder =
                Gate.builder()
                        .optEvaluation(new Gates.NoData(), new Unknown())
                        .optDirection(direction)
                        .optRecoveryEpochs(recovery);
        Gate gate = shocks.of(bounds.of(builder, direction, unit), unit).build();
        FakeStage stage =
                FakeStage.of(
                        s -> {
                            Random random = new Random(31L * seed + s.hashCode());
                            double wear = 0.6 * s.level() / (1 + s.since());
                            double drop = wear - 0.01 * s.age() + 0.02 * random.nextGaussian();
                            return unit * direction.drop(1, drop);
                        });
        Levels levels = Levels.of(0, new double[] {0.5, 1}, 1 / 64.0, Double::toString);
        GateMachine machine =
                Machines.of(List.of(gate), List.of(new JudgedTechnique("t", levels, 0)), stage);
        for (int epoch = 1; epoch <= 30; ++epoch) {
            stage.train();
            machine.onEpoch(epoch);
        }
        machine.close(30);
        return machine.trials().stream()
                .map(t -> t.epoch() + " " + t.asked() + " " + t.got() + " " + t.verdict())
                .toList();
    }

    @Test(dataProvider = "options")
    void verdictsDoNotDependOnTheUnit(
            Direction direction, Bounds bounds, Shocks shocks, int recovery) {
        for (int seed = 0; seed < 5; ++seed) {
            List<String> expected = verdicts(direction, bounds, shocks, recovery, seed, 1);
            for (double unit : UNITS) {
                assertEquals(
                        verdicts(direction, bounds, shocks, recovery, seed, unit),
                        expected,
                        "in units of " + unit);
            }
        }
    }

    @Test
    void boundsAndShocksMatter() {
        List<List<String>> all = new ArrayList<>();
        for (Object[] row : options()) {
            all.add(
                    verdicts(
                            (Direction) row[0],
                            (Bounds) row[1],
                            (Shocks) row[2],
                            (int) row[3],
                            0,
                            1));
        }
        assertTrue(all.stream().distinct().count() > 10, "the law holds for something");
        assertNotEquals(all.get(0), all.get(all.size() - 1));
    }

    @Test
    void relativeBoundHoldsForALossOfMillionths() {
        // 2.6e-6 is 53 % more than 1.7e-6.
        Gate gate = Gates.loss().optMaxRelativeDrop(0.1f).build();
        Direction direction = Direction.LOWER_IS_BETTER;
        assertFalse(gate.getTolerance().accepts(direction, 1.7e-6, 2.6e-6));
        assertFalse(gate.getTolerance().accepts(direction, 1.7e-6, 1.8711e-6));
        assertTrue(gate.getTolerance().accepts(direction, 1.7e-6, 1.87e-6));
    }

    @Test
    void defaultDoesNotLetALossPassAtManyTimesItsValue() {
        Gate gate = Gate.builder().optEvaluation(new Gates.NoData(), Loss.l2Loss()).build();
        for (double unit : UNITS) {
            Tolerance tolerance = gate.getTolerance();
            assertFalse(tolerance.accepts(Direction.LOWER_IS_BETTER, 4e-4 * unit, 8.8e-3 * unit));
            assertFalse(
                    gate.getShock().accepts(Direction.LOWER_IS_BETTER, 4e-4 * unit, 8.8e-3 * unit));
            assertTrue(tolerance.accepts(Direction.LOWER_IS_BETTER, unit, 1.02 * unit));
            assertFalse(tolerance.accepts(Direction.LOWER_IS_BETTER, unit, 1.0201 * unit));
        }
    }

    @Test
    void metricThatIsNotFinitePassesNoBound() {
        OptionalDouble none = OptionalDouble.empty();
        for (Direction direction : Direction.values()) {
            for (double metric :
                    new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                assertFalse(new Tolerance(none, none, none).accepts(direction, 1, metric));
            }
        }
    }
}
