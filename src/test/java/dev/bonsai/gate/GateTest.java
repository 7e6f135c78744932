package dev.bonsai.gate;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.evaluator.BoundingBoxError;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.evaluator.IndexEvaluator;
import ai.djl.training.loss.Loss;
import java.util.OptionalDouble;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class GateTest {

    private static final OptionalDouble NONE = OptionalDouble.empty();

    private static OptionalDouble some(double value) {
        return OptionalDouble.of(value);
    }

    @Test
    void defaultsOfAnAccuracyAreAPointAndTwoEpochs() {
        Gate gate = Gates.accuracy().build();
        assertEquals(gate.getTolerance(), new Tolerance(some(0.01), NONE, NONE));
        assertEquals(gate.getShock(), new Tolerance(some(0.2), NONE, NONE));
        assertEquals(gate.getRecoveryEpochs(), 2);
        assertFalse(Gate.builder().build().getMetric().isAtWill());
    }

    @DataProvider
    Object[][] evaluatorsWithAUnitOfTheirOwn() {
        return new Object[][] {
            {Loss.l2Loss()},
            {Loss.softmaxCrossEntropyLoss()},
            {new BoundingBoxError("boxes")},
            {new IndexEvaluator(new Accuracy(), 0)}, // what it wraps can't be seen
        };
    }

    @Test(dataProvider = "evaluatorsWithAUnitOfTheirOwn")
    void defaultsOfAMetricWithoutANaturalScaleAreRelative(Evaluator evaluator) {
        Gate gate =
                Gate.builder()
                        .optEvaluation(new Gates.NoData(), evaluator)
                        .optDirection(Direction.LOWER_IS_BETTER)
                        .build();
        assertEquals(gate.getTolerance(), new Tolerance(NONE, some(0.02), NONE));
        assertEquals(gate.getShock(), new Tolerance(NONE, some(0.5), NONE));
    }

    @Test
    void defaultsByTheTrainersMetricAreKnownOnceThereIsATrainer() {
        Gate gate = Gate.builder().build();
        String message = expectThrows(IllegalStateException.class, gate::getTolerance).getMessage();
        assertTrue(message.contains("ask after model.newTrainer(config)"), message);
        Gate bounded = Gate.builder().optMaxDrop(0.5f).optShock(0.5f).build();
        assertEquals(bounded.getTolerance().maxDrop(), some(0.5));
        assertEquals(bounded.getShock().maxDrop(), some(0.5));
    }

    @Test
    void evaluationOfItsOwnIsAtWillAndNamedLikeTheEvaluator() {
        Gate gate = Gates.accuracy().build();
        assertTrue(gate.getMetric().isAtWill());
        assertEquals(gate.getMetric().name(), "Accuracy");
        assertEquals(gate.getMetric().direction(), Direction.HIGHER_IS_BETTER);
        assertEquals(Gates.loss().build().getMetric().direction(), Direction.LOWER_IS_BETTER);
    }

    @Test
    void anotherBoundTakesThePlaceOfTheDefaultOne() {
        Tolerance relative = Gates.accuracy().optMaxRelativeDrop(0.1f).build().getTolerance();
        assertEquals(relative.maxDrop(), OptionalDouble.empty());
        assertEquals(relative.maxRelativeDrop(), OptionalDouble.of(0.1));
        Tolerance floor = Gates.accuracy().optFloor(0.9f).build().getTolerance();
        assertEquals(floor.maxDrop(), OptionalDouble.empty());
        assertEquals(floor.floor(), OptionalDouble.of(0.9));
        Tolerance both = Gates.accuracy().optFloor(0.9f).optMaxDrop(0.005f).build().getTolerance();
        assertEquals(both.maxDrop(), OptionalDouble.of(0.005));
    }

    @Test
    void zeroIsAllowedEverywhere() {
        Gate gate = Gates.accuracy().optMaxDrop(0).optRecoveryEpochs(0).optShock(0).build();
        assertEquals(gate.getTolerance().maxDrop(), OptionalDouble.of(0));
        assertEquals(gate.getRecoveryEpochs(), 0);
        assertEquals(gate.getShock().maxDrop(), OptionalDouble.of(0));
    }

    @DataProvider
    Object[][] invalid() {
        return new Object[][] {
            {
                (Runnable) () -> Gate.builder().optMaxDrop(-0.1f),
                "maxDrop is 0 or more, but got -0.1"
            },
            {(Runnable) () -> Gate.builder().optMaxDrop(Float.NaN), "but got NaN"},
            {
                (Runnable) () -> Gate.builder().optMaxRelativeDrop(-1),
                "maxRelativeDrop is 0 or more"
            },
            {(Runnable) () -> Gate.builder().optRelativeShock(-1), "relativeShock is 0 or more"},
            {(Runnable) () -> Gate.builder().optBatchSize(0), "got a batchSize of 0"},
            {
                (Runnable) () -> Gate.builder().optBatchSize(8).build(),
                "goes by the trainer's batches"
            },
            {(Runnable) () -> Gate.builder().optShock(-1), "shock is 0 or more, but got -1.0"},
            {(Runnable) () -> Gate.builder().optFloor(Float.NaN), "floor is a number, but got NaN"},
            {(Runnable) () -> Gate.builder().optRecoveryEpochs(-1), "0 or more epochs, but got -1"},
            {
                (Runnable) () -> Gates.accuracy().optMonitored("Accuracy").build(),
                "either optEvaluation or optMonitored"
            },
            {
                (Runnable)
                        () ->
                                Gate.builder()
                                        .optEvaluation(
                                                new Gates.NoData(),
                                                new IndexEvaluator(new Accuracy(), 0))
                                        .build(),
                "optDirection"
            },
        };
    }

    @Test(dataProvider = "invalid")
    void invalidSettingIsAnErrorThatSaysWhatIsAllowed(Runnable setting, String part) {
        String message = expectThrows(IllegalArgumentException.class, setting::run).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void missingPartOfAnEvaluationIsNamed() {
        NullPointerException data =
                expectThrows(
                        NullPointerException.class,
                        () -> Gate.builder().optEvaluation(null, new Accuracy()));
        assertEquals(data.getMessage(), "dataset");
        NullPointerException evaluator =
                expectThrows(
                        NullPointerException.class,
                        () -> Gate.builder().optEvaluation(new Gates.NoData(), null));
        assertEquals(evaluator.getMessage(), "evaluator");
    }
}
