package dev.bonsai.examples.sentence;

import static org.testng.Assert.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import org.testng.annotations.Test;

/** The loss is one minus the cosine, and its gradient points to the teacher. */
public class CosineLossTest {

    @Test
    public void ofVectorsOfTheLengthOneItIsOneMinusTheMeanCosine() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Shape shape = new Shape(2, 2);
            NDArray teacher = manager.create(new float[] {1, 0, 0.6f, 0.8f}, shape);
            NDArray said = manager.create(new float[] {0, 1, 0.8f, 0.6f}, shape);
            // the cosines are 0 and 0.96
            NDArray loss = new CosineLoss().evaluate(new NDList(teacher), new NDList(said));
            assertEquals(loss.getFloat(), 0.52f, 1e-6f); // some roundings of 32 bits
            assertEquals(
                    new CosineLoss().evaluate(new NDList(teacher), new NDList(teacher)).getFloat(),
                    0f);
        }
    }

    @Test
    public void theGradientIsTheDifferenceAlsoAfterAGarbageCollection() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Shape shape = new Shape(2, 2);
            NDArray teacher = manager.create(new float[] {1, 0, 0, 1}, shape);
            NDArray said = manager.create(new float[] {0, 1, 3, 1}, shape);
            said.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray loss = new CosineLoss().evaluate(new NDList(teacher), new NDList(said));
                System.gc();
                collector.backward(loss);
            }
            // of a mean over two sentences
            assertEquals(
                    said.getGradient().toFloatArray(), new float[] {-0.5f, 0.5f, 1.5f, 0}, 1e-6f);
        }
    }
}
