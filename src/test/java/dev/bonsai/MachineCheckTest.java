package dev.bonsai;

import static org.testng.Assert.assertEquals;

import ai.djl.Device;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class MachineCheckTest {

    @DataProvider
    public Object[][] devices() {
        return new Object[][] {{Device.cpu()}, {Device.gpu(0)}, {Device.gpu(7)}};
    }

    /** A GPU is not asked, nor has to be there. */
    @Test(dataProvider = "devices")
    public void nothingIsWrongWhereTheTestsRun(Device device) {
        assertEquals(MachineCheck.notes(device), List.of());
    }
}
