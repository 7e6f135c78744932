package dev.bonsai.gate;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.evaluator.IndexEvaluator;
import java.util.OptionalDouble;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class GateTest {

    @Test
    void defaultsAreAPointTwoEpochsAndTheTrainersMetric() {
        Gate gate = Gate.builder().build();
        assertEquals(gate.getTolerance().maxDrop(), OptionalDouble.of(0.01));
        assertEquals(gate.getTolerance().maxRelativeDrop(), OptionalDouble.empty());
        assertEquals(gate.getTolerance().floor(), OptionalDouble.empty());
        assertEquals(gate.getRecoveryEpochs(), 2);
        assertEquals(gate.getShock(), 0.2);
        assertFalse(gate.getMetric().isAtWill());
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
        assertEquals(gate.getShock(), 0.0);
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
            {(Runnable) () -> Gate.builder().optShock(-1), "shock is 0 or more, but got -1.0"},
            {(Runnable) () -> Gate.builder().optFloor(Float.NaN), "floor is a number, but got NaN"},
            {(Runnable) () -> Gate.builder().optRecoveryEpochs(-1), "0 or more epochs, but got -1"},
            {
                (Runnable) () -> Gates.accuracy().optMonitored("Accuracy").build(),
                "either setEvaluation or optMonitored"
            },
            {
                (Runnable)
                        () ->
                                Gate.builder()
                                        .setEvaluation(
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
                        () -> Gate.builder().setEvaluation(null, new Accuracy()));
        assertEquals(data.getMessage(), "dataset");
        NullPointerException evaluator =
                expectThrows(
                        NullPointerException.class,
                        () -> Gate.builder().setEvaluation(new Gates.NoData(), null));
        assertEquals(evaluator.getMessage(), "evaluator");
    }
}
