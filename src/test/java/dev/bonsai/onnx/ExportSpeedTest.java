package dev.bonsai.onnx;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.EncodedWeight;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import org.testng.annotations.Test;

/** The file in integers is recommended where it is faster, else that of floats. */
public class ExportSpeedTest {

    private static OnnxExport export(String name, long bytes, OnnxForm form) {
        return new OnnxExport(
                Path.of(name), bytes, form, 0.1, 1, 30, OptionalDouble.empty(), Optional.empty());
    }

    @Test
    public void theFasterFileIsRecommended() {
        OnnxExport floats = export("floats", 1000, OnnxForm.FLOAT32);
        OnnxExport small = export("small", 300, OnnxForm.STATIC_INT8);
        OnnxExport large = export("large", 1300, OnnxForm.STATIC_INT8);
        assertSame(new ExportSpeed(floats, small, 100, 90).recommended(), small);
        assertSame(new ExportSpeed(floats, large, 100, 90).recommended(), large);
        assertSame(new ExportSpeed(floats, small, 100, 104).recommended(), floats);
        assertSame(new ExportSpeed(floats, small, 100, 96).recommended(), floats);
        assertSame(new ExportSpeed(floats, large, 100, 104).recommended(), floats);
        assertSame(new ExportSpeed(floats, large, 100, 96).recommended(), floats);
        assertSame(new ExportSpeed(floats, small, 100, 110).recommended(), floats);
        String text = new ExportSpeed(floats, small, 100, 40).toString();
        assertTrue(
                text.startsWith("small: static int8 is faster, it takes 0.40 of the time"), text);
        assertTrue(text.contains("0.30 of the bytes"), text);
        String slow = new ExportSpeed(floats, small, 100, 120).toString();
        assertTrue(slow.startsWith("floats: static int8 is not faster, it takes 1.20"), slow);
    }

    @Test
    public void aFileOfMoreWorkTakesLonger() throws Exception {
        Path folder = Files.createTempDirectory("onnx-speed");
        EncodedWeight weight = OnnxModels.floats(1, 2048, 512);
        Calibration large =
                Calibration.of(
                        IntegerModels.gemm(weight, OnnxModels.floats(2, 2048)),
                        IntegerModels.normal(3, 64, 512));
        Calibration small =
                Calibration.of(
                        IntegerModels.gemm(OnnxModels.floats(1, 1, 512), OnnxModels.floats(2, 1)),
                        IntegerModels.normal(3, 64, 512));
        Path first = folder.resolve("large.onnx");
        Path second = folder.resolve("small.onnx");
        OnnxExport most = OnnxExporter.write(first, large, OnnxQuantization.dynamicInt8());
        OnnxExport least = OnnxExporter.write(second, small, OnnxQuantization.dynamicInt8());
        ExportSpeed speed = ExportSpeed.measure(most, least, large);
        assertTrue(speed.timeRatio() < 0.7, speed.toString());
        assertEquals(speed.sizeRatio(), (double) least.bytes() / most.bytes());
        Files.delete(first);
        Files.delete(second);
        Files.delete(folder);
    }
}
