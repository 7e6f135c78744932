package dev.bonsai.kernel;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.convolutional.Conv2d;
import java.util.Optional;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class ConvolutionCheckTest {

    @Test
    public void aRightConvolutionIsPassedOver() {
        assertEquals(ConvolutionCheck.note(ConvolutionCheckTest::inBlocks), Optional.empty());
    }

    @DataProvider
    public Object[][] faults() {
        return new Object[][] {{1, 0f}, {12, Float.NaN}, {16, 2f}, {20, 156f}, {72, 647f}};
    }

    /** One element of one image is enough, whatever it is. */
    @Test(dataProvider = "faults")
    public void aFaultWithAnyNumberOfChannelsIsNamed(int channels, float wrong) {
        Optional<String> note =
                ConvolutionCheck.note(
                        (input, weight) -> {
                            NDArray result = inBlocks(input, weight);
                            if (input.getShape().get(1) == channels) {
                                result.set(new NDIndex("1, 9, 9, 9"), wrong);
                            }
                            return result;
                        });
        assertTrue(note.isPresent());
        String text = note.get();
        assertTrue(text.contains(channels + " channels of ones by 3x3 ones give " + wrong), text);
        assertTrue(text.contains(" " + channels * 9 + " is right"), text);
        assertTrue(text.contains("ONEDNN_MAX_CPU_ISA=SSE41"), text);
    }

    /** Else the tests of convolutions fail, one by one and without a reason. */
    @Test
    public void theConvolutionsOfThisMachineAreRight() {
        assertEquals(ConvolutionCheck.note(Device.cpu()), Optional.empty());
    }

    /** In blocks of at most 8 channels, which are right on all machines seen. */
    private static NDArray inBlocks(NDArray input, NDArray weight) {
        long channels = input.getShape().get(1);
        NDArray sum = null;
        for (long from = 0; from < channels; from += 8) {
            String part = ":, " + from + ":" + Math.min(channels, from + 8);
            NDArray one = Conv2d.conv2d(input.get(part), weight.get(part)).singletonOrThrow();
            sum = sum == null ? one : sum.add(one);
        }
        return sum;
    }
}
