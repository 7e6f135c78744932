package dev.bonsai.onnx;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.testng.annotations.Test;

/** Each purpose has its file, and slow or bad ones are not recommended. */
public class ExportChoiceTest {

    private static final OnnxExport FLOATS = export(OnnxForm.FLOAT32, 1000, 120, 0.9);
    private static final OnnxExport STATIC = export(OnnxForm.STATIC_INT8, 280, 30, 0.895);
    private static final OnnxExport DYNAMIC = export(OnnxForm.DYNAMIC_INT8, 290, 35, 0.899);
    private static final OnnxExport BLOCKS = export(OnnxForm.BLOCKS_4_BIT, 160, 12, 0.7);

    private static OnnxExport export(OnnxForm form, long bytes, double decibels, double metric) {
        return new OnnxExport(
                Path.of(form.name()),
                bytes,
                form,
                0.1,
                1,
                decibels,
                OptionalDouble.empty(),
                Optional.of(new MetricChange("accuracy", 0.9, metric)));
    }

    private static ExportChoice choice(double first, double second, double third) {
        return ExportChoice.of(
                new ExportSpeed(FLOATS, STATIC, 100, first),
                new ExportSpeed(FLOATS, DYNAMIC, 100, second),
                new ExportSpeed(FLOATS, BLOCKS, 100, third));
    }

    @Test
    public void eachPurposeHasItsFile() {
        ExportChoice choice = choice(30, 40, 110);
        assertSame(choice.smallest(), BLOCKS);
        assertSame(choice.fastest(), STATIC);
        assertSame(choice.mostExact(), FLOATS);
        assertSame(choice(40, 30, 110).fastest(), DYNAMIC);
        String text = choice.toString();
        assertEquals(text.lines().count(), 5, text);
        assertTrue(text.contains("4-bit blocks is not faster than the floats here"), text);
        assertTrue(text.contains("accuracy 0.7000, before 0.9000"), text);
    }

    @Test
    public void floatsAreTakenWhereIntegersAreNotFaster() {
        for (double time : new double[] {96, 100, 104, 200}) {
            assertSame(choice(time, time, time).fastest(), FLOATS);
        }
        assertSame(choice(94, 96, 200).fastest(), STATIC);
    }

    @Test
    public void filesThatLoseTooMuchAreLeftOut() {
        assertSame(choice(30, 40, 20).fastest(), BLOCKS);
        ExportChoice within = choice(30, 40, 20).within(0.01);
        assertSame(within.fastest(), STATIC);
        assertSame(within.smallest(), STATIC);
        assertTrue(within.toString().contains("4-bit blocks is left out"), within.toString());
        assertSame(choice(30, 40, 20).within(0.002).fastest(), DYNAMIC);
        assertSame(choice(30, 40, 20).within(0).fastest(), FLOATS);
        assertSame(choice(30, 40, 20).within(0).smallest(), FLOATS);
        assertFalse(choice(30, 40, 20).toString().contains("left out"));
    }

    @Test
    public void allFilesAreOfOneModel() {
        OnnxExport other = export(OnnxForm.FLOAT32, 1001, 120, 0.9);
        expectThrows(
                IllegalArgumentException.class,
                () ->
                        ExportChoice.of(
                                new ExportSpeed(FLOATS, STATIC, 100, 50),
                                new ExportSpeed(other, BLOCKS, 100, 50)));
        expectThrows(IllegalArgumentException.class, () -> ExportChoice.of(List.of()));
        ExportChoice choice = choice(1, 1, 1);
        expectThrows(IllegalArgumentException.class, () -> choice.within(-1));
        expectThrows(IllegalArgumentException.class, () -> choice.within(Double.NaN));
    }
}
