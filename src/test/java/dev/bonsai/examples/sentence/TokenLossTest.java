package dev.bonsai.examples.sentence;

import static org.testng.Assert.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import org.testng.annotations.Test;

/** Tokens are compared where the teacher has some, and nothing behind the end of a sentence. */
public class TokenLossTest {

    /** Two sentences, of two tokens and of one. */
    private static final Shape SHAPE = new Shape(2, 2, 2);

    private static final float[] TEACHER = {3, 4, 1, 2, 5, 5, 0, 0};
    private static final float[] SAID = {3, 2, 2, 2, 5, 6, 70, -80};

    private static NDArray loss(NDArray teacher, NDArray said) {
        return new TokenLoss().evaluate(new NDList(teacher), new NDList(said));
    }

    @Test
    public void itIsHalfTheSquaredDistanceAsAPartOfTheSquaresOfTheTeacher() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray teacher = manager.create(TEACHER, SHAPE);
            assertEquals(loss(teacher, manager.create(SAID, SHAPE)).getFloat(), 6f / 160, 1e-7f);
            assertEquals(loss(teacher, teacher).getFloat(), 0f);
        }
    }

    @Test
    public void theGradientPointsToTheTeacherAlsoAfterAGarbageCollection() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray said = manager.create(SAID, SHAPE);
            said.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray loss = loss(manager.create(TEACHER, SHAPE), said);
                System.gc();
                collector.backward(loss);
            }
            float[] expected = {0, -4f / 160, 2f / 160, 0, 0, 2f / 160, 0, 0};
            assertEquals(said.getGradient().toFloatArray(), expected, 1e-7f);
        }
    }
}
