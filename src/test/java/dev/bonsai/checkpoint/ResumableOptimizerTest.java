package dev.bonsai.checkpoint;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.checkpoint.ResumableOptimizer.ParameterState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** An optimizer that is taken up again updates bit for bit as one that was never put down. */
public class ResumableOptimizerTest {

    private static final int PARAMETERS = 3;

    private NDManager manager;

    @BeforeClass
    void open() {
        manager = NDManager.newBaseManager();
    }

    @AfterClass
    void close() {
        manager.close();
    }

    private static Tracker falling() {
        return Tracker.factor().setBaseValue(0.1f).setFactor(0.9f).build();
    }

    @DataProvider
    Object[][] optimizers() {
        List<Supplier<Optimizer>> all =
                List.of(
                        () -> Optimizer.sgd().setLearningRateTracker(falling()).build(),
                        () ->
                                Optimizer.sgd()
                                        .setLearningRateTracker(falling())
                                        .optMomentum(0.9f)
                                        .optWeightDecays(0.01f)
                                        .build(),
                        () -> Optimizer.adam().build(),
                        () ->
                                Optimizer.adam()
                                        .optLearningRateTracker(falling())
                                        .optWeightDecays(0.1f)
                                        .optClipGrad(0.5f)
                                        .build(),
                        () -> Optimizer.adamW().optLearningRateTracker(falling()).build());
        List<Object[]> rows = new ArrayList<>();
        for (Supplier<Optimizer> optimizer : all) {
            for (int before : new int[] {0, 1, 7}) {
                rows.add(new Object[] {optimizer, before});
            }
        }
        return rows.toArray(Object[][]::new);
    }

    private final class Training {

        final Optimizer optimizer;
        final List<NDArray> weights = new ArrayList<>();

        Training(Optimizer optimizer, List<NDArray> start) {
            this.optimizer = optimizer;
            start.forEach(weight -> weights.add(weight.duplicate()));
        }

        void steps(int from, int to) {
            for (int step = from; step < to; ++step) {
                for (int i = 0; i < PARAMETERS; ++i) {
                    // the last parameter is frozen at first
                    if (i < PARAMETERS - 1 || step > 4) {
                        optimizer.update("p" + i, weights.get(i), values(100L * step + i));
                    }
                }
            }
        }

        List<float[]> values() {
            return weights.stream().map(NDArray::toFloatArray).toList();
        }

        private NDArray values(long seed) {
            return ResumableOptimizerTest.this.values(seed);
        }
    }

    private NDArray values(long seed) {
        Random random = new Random(seed);
        float[] values = new float[12];
        for (int i = 0; i < values.length; ++i) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, new Shape(3, 4));
    }

    private static void assertSame(List<float[]> found, List<float[]> expected) {
        for (int i = 0; i < expected.size(); ++i) {
            assertEquals(found.get(i), expected.get(i), "parameter " + i);
        }
    }

    @Test(dataProvider = "optimizers")
    void goesOnWhereItWas(Supplier<Optimizer> make, int before) {
        List<NDArray> start = List.of(values(1), values(2), values(3));
        Training plain = new Training(make.get(), start);
        plain.steps(0, before);
        ResumableOptimizer first = ResumableOptimizer.of(make.get());
        Training killed = new Training(first, start);
        killed.steps(0, before);
        assertSame(killed.values(), plain.values());

        ResumableOptimizer second = ResumableOptimizer.of(make.get());
        Training resumed = new Training(second, killed.weights);
        for (int i = 0; i < PARAMETERS; ++i) {
            NDArray weight = resumed.weights.get(i);
            String id = "p" + i;
            first.getState(id).ifPresent(state -> second.setState(id, weight, copy(state)));
        }
        assertSame(resumed.values(), plain.values());
        plain.steps(before, 15);
        resumed.steps(before, 15);
        assertSame(resumed.values(), plain.values());
        for (int i = 0; i < PARAMETERS; ++i) {
            assertEquals(
                    second.getState("p" + i).orElseThrow().updates(),
                    i < PARAMETERS - 1 ? 15L : 10L);
        }
    }

    private static ParameterState copy(ParameterState state) {
        return new ParameterState(
                state.updates(), state.states().stream().map(NDArray::duplicate).toList());
    }

    @Test
    void momentumIsKeptAndNotForgotten() {
        Supplier<Optimizer> make =
                () ->
                        Optimizer.sgd()
                                .setLearningRateTracker(Tracker.fixed(0.1f))
                                .optMomentum(0.9f)
                                .build();
        ResumableOptimizer optimizer = ResumableOptimizer.of(make.get());
        assertTrue(optimizer.getState("p0").isEmpty());
        NDArray weight = values(1);
        optimizer.update("p0", weight, values(2));
        ParameterState state = optimizer.getState("p0").orElseThrow();
        assertEquals(state.states().size(), 1);
        assertTrue(state.states().get(0).abs().sum().getFloat() > 0, "it is the state itself");
    }

    @Test
    void anotherOptimizersStateIsRefused() {
        ResumableOptimizer adam = ResumableOptimizer.of(Optimizer.adam().build());
        NDArray weight = values(1);
        adam.update("p0", weight, values(2));
        ParameterState state = adam.getState("p0").orElseThrow();
        ResumableOptimizer sgd =
                ResumableOptimizer.of(
                        Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).build());
        assertThrows(IllegalArgumentException.class, () -> sgd.setState("p0", weight, state));
    }
}
