package dev.bonsai.kernel;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.examples.network.Network;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class DenseLengthTest extends ManagerTestBase {

    @DataProvider
    Object[][] networks() {
        return List.of(Network.values()).stream()
                .map(network -> new Object[] {network})
                .toArray(Object[][]::new);
    }

    @Test(dataProvider = "networks")
    void whatIsAddedUpIsWhatDjlWritesOfTheParameters(Network network) throws Exception {
        Block block = network.newBlock();
        block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 28, 28));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        block.saveParameters(new DataOutputStream(file));
        ByteArrayOutputStream parameters = new ByteArrayOutputStream();
        for (Parameter parameter : block.getParameters().values()) {
            parameter.save(new DataOutputStream(parameters));
        }
        DenseLength written = DenseLength.of(block);
        assertEquals(written.bytes(), file.size());
        assertTrue(written.note().isEmpty());
        DenseLength addedUp = DenseLength.of(block, 1 << 10);
        assertEquals(addedUp.bytes(), parameters.size());
        assertTrue(addedUp.note().orElseThrow().contains("-Xmx"), addedUp.toString());
    }
}
