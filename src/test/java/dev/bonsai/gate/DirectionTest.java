package dev.bonsai.gate;

import static dev.bonsai.gate.Direction.HIGHER_IS_BETTER;
import static dev.bonsai.gate.Direction.LOWER_IS_BETTER;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.evaluator.BinaryAccuracy;
import ai.djl.training.evaluator.BoundingBoxError;
import ai.djl.training.evaluator.Coverage;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.evaluator.IndexEvaluator;
import ai.djl.training.evaluator.TopKAccuracy;
import ai.djl.training.loss.Loss;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class DirectionTest {

    @DataProvider
    Object[][] evaluators() {
        return new Object[][] {
            {new Accuracy(), HIGHER_IS_BETTER},
            {new BinaryAccuracy(), HIGHER_IS_BETTER},
            {new TopKAccuracy(5), HIGHER_IS_BETTER},
            {new Coverage(), HIGHER_IS_BETTER},
            {new BoundingBoxError("error"), LOWER_IS_BETTER},
            {Loss.l2Loss(), LOWER_IS_BETTER},
            {Loss.softmaxCrossEntropyLoss(), LOWER_IS_BETTER},
        };
    }

    @Test(dataProvider = "evaluators")
    void directionOfDjlsEvaluatorsIsKnown(Evaluator evaluator, Direction direction) {
        assertEquals(Direction.of(evaluator), direction);
    }

    @Test
    void directionOfAnotherEvaluatorMustBeSaid() {
        Evaluator unknown = new IndexEvaluator(new Accuracy(), 0);
        String message =
                expectThrows(IllegalArgumentException.class, () -> Direction.of(unknown))
                        .getMessage();
        assertTrue(message.contains(unknown.getName()), message);
        assertTrue(message.contains("optDirection"), message);
    }

    @Test
    void dropIsPositiveForTheWorse() {
        assertEquals(HIGHER_IS_BETTER.drop(0.75, 0.5), 0.25);
        assertEquals(HIGHER_IS_BETTER.drop(0.5, 0.75), -0.25);
        assertEquals(LOWER_IS_BETTER.drop(0.5, 0.75), 0.25);
        assertEquals(LOWER_IS_BETTER.drop(0.75, 0.5), -0.25);
        assertTrue(Double.isNaN(LOWER_IS_BETTER.drop(0.75, Double.NaN)));
    }
}
