package dev.bonsai.kernel;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.bonsai.Cross;
import dev.bonsai.FunctionBlock;
import dev.bonsai.core.ManagerTestBase;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A step is seen by the gradients that it has zeroed, whatever they were. */
public class StepDetectorTest extends ManagerTestBase {

    @DataProvider
    Object[][] gradients() {
        // of the largest parameter the engine looks at the gradient
        return Cross.of(
                new Integer[] {1, 7, 5000},
                new Float[] {1f, -1f, Float.NaN, Float.NEGATIVE_INFINITY, Float.MIN_VALUE});
    }

    @Test(dataProvider = "gradients")
    void oneElementThatIsNotZeroTellsThatNoStepWasTaken(int size, float element) {
        FunctionBlock block = new FunctionBlock((x, values) -> x).add("weight", 1, size);
        block.initialize(manager, DataType.FLOAT32, new Shape(1));
        NDArray weight = block.parameter("weight").getArray();
        weight.setRequiresGradient(true);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            collector.backward(weight.sum());
        }
        NDArray gradient = weight.getGradient();
        gradient.set(new NDIndex("..."), 0f);
        gradient.set(new NDIndex(0, size - 1), element);
        ParameterStore store = new ParameterStore(manager, false);
        StepDetector detector =
                new StepDetector(new ModelWeights(block, store, Device.cpu()), manager);
        detector.onBatch();
        assertFalse(detector.hasStepped(), "before the step");
        gradient.set(new NDIndex("..."), 0f);
        assertTrue(detector.hasStepped(), "after the step");
        assertEquals(detector.steps(), 1);
    }
}
