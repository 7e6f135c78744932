package dev.bonsai.examples;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.core.Technique;
import dev.bonsai.examples.PresetSettings.Course;
import dev.bonsai.examples.PresetSettings.Goal;
import dev.bonsai.examples.PresetSettings.Tolerance;
import dev.bonsai.examples.data.DataSource;
import dev.bonsai.examples.network.Network;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.rounding.RateDistortionRounding;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class PresetsTest {

    private static final int MNIST = 55_000;

    @DataProvider
    public Object[][] onManyImages() {
        return new Object[][] {
            {Network.LENET5, standard(8, 16, 0.96f, 0.004f)},
            {Network.LENET300, standard(15, 20, 0.95f, 0.006f)},
            {Network.TINY, standard(12, 16, 0.80f, 0.005f)},
            {Network.RESNET8, standard(DENSE_EPOCHS, 20, 0.70f, 0.01f)},
            {Network.LENET5, small(8, 28, 0.984f, 0.015f)},
            {Network.LENET300, small(15, 30, 0.957f, 0.01f)},
            {Network.TINY, small(12, 30, 0.85f, 0.005f)},
        };
    }

    private static final int DENSE_EPOCHS = 170;

    private static PresetSettings standard(
            int denseEpochs, int epochs, float sparsity, float maxDrop) {
        return new PresetSettings(
                new Goal(Preset.STANDARD, sparsity, 4),
                new Course(denseEpochs, epochs, 10, 1e-3f, Recovery.SHORT),
                new Tolerance(maxDrop));
    }

    private static PresetSettings small(
            int denseEpochs, int epochs, float sparsity, float maxDrop) {
        return new PresetSettings(
                new Goal(Preset.SMALL, sparsity, 3),
                new Course(denseEpochs, epochs, 8, 2e-3f, Recovery.SHORT),
                new Tolerance(maxDrop));
    }

    /** The figures in the README were measured with these. */
    @Test(dataProvider = "onManyImages")
    public void theSettingsForManyImagesStayAsTheyAre(Network network, PresetSettings settings) {
        assertEquals(Presets.of(network, settings.goal().preset(), MNIST), settings);
    }

    @Test
    public void theResidualNetworkTakesOneStep() {
        for (Preset preset : new Preset[] {Preset.SMALL, Preset.THIN, Preset.FAST}) {
            Course course = Presets.of(Network.RESNET8, preset, MNIST).course();
            assertEquals(course.steps(), 1);
            assertEquals(course.recovery(), Recovery.LONG);
            Course ofOther = Presets.of(Network.LENET5, preset, MNIST).course();
            assertEquals(ofOther.recovery(), Recovery.SHORT);
        }
    }

    @Test
    public void theBundledDigitsHaveAStandardOfTheirOwn() {
        int images = DataSource.DIGITS.load().trainingSize();
        for (Network network : Network.values()) {
            if (Presets.has(network, Preset.STANDARD)) {
                assertNotEquals(
                        Presets.of(network, Preset.STANDARD, images),
                        Presets.of(network, Preset.STANDARD, MNIST));
            }
        }
    }

    @Test
    public void eachNetworkHasSettingsOrIsSaidToHaveNone() {
        for (Network network : Network.values()) {
            assertTrue(Presets.has(network, Presets.nearest(network)), network.id());
            assertTrue(Presets.denseEpochs(network, MNIST) > 0, network.id());
            for (Preset preset : Preset.values()) {
                if (Presets.has(network, preset)) {
                    assertTrue(Presets.of(network, preset, MNIST).stage().training().isPresent());
                } else {
                    assertTrue(Presets.stages(network, preset, MNIST).isEmpty());
                    IllegalArgumentException e =
                            expectThrows(
                                    IllegalArgumentException.class,
                                    () -> Presets.of(network, preset, MNIST));
                    assertEquals(e.getMessage(), "There is no " + preset + " for " + network.id());
                }
            }
        }
    }

    /** Its weights are few enough: none goes, and each has fewer bits. */
    @Test
    public void theFewestWeightsAllStay() {
        List<Technique> techniques =
                Presets.of(Network.NANO, Preset.SMALLEST, MNIST).stage().techniques();
        assertEquals(techniques.size(), 2);
        assertTrue(techniques.get(0) instanceof Quantization, techniques.toString());
        assertTrue(techniques.get(1) instanceof RateDistortionRounding, techniques.toString());
    }
}
