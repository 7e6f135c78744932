package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.text.Numbers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.testng.annotations.Test;

/** Two parameters over one array, or a block that reads an array past the store. */
public class SharedArrayTest extends ToyTestBase {

    /** How the second half of a net comes by the weight of the first. */
    private enum Reading {
        /** By a parameter of its own over the same array, through the store. */
        SECOND_PARAMETER,
        /** By {@code parameter.getArray()}. */
        PAST_THE_STORE
    }

    /** Projects its input to as many hidden units as there are features, and back again. */
    private static FunctionBlock tied(Reading reading) {
        Parameter weight =
                FunctionBlock.weight("weight")
                        .optShape(new Shape(Toy.FEATURES, Toy.FEATURES))
                        .build();
        boolean past = reading == Reading.PAST_THE_STORE;
        FunctionBlock block =
                new FunctionBlock(
                        (x, values) -> {
                            NDArray hidden =
                                    x.dot(values.apply("weight")).getNDArrayInternal().relu();
                            NDArray again = past ? weight.getArray() : values.apply("again");
                            return hidden.dot(again.transpose()).get(":, :" + Toy.CLASSES);
                        });
        block.columns(Toy.CLASSES).add(weight);
        if (!past) {
            Parameter again = FunctionBlock.weight("again").build();
            block.add(again)
                    .initially(
                            manager -> {
                                weight.initialize(manager, DataType.FLOAT32);
                                again.setArray(weight.getArray());
                            });
        }
        return block;
    }

    @Test
    public void twoParametersOverOneArrayAreOneWeight() throws Exception {
        Path file = Files.createTempDirectory("bonsai").resolve("shared.bonsai");
        try (Model model = Toy.model(tied(Reading.SECOND_PARAMETER));
                Model plain = Toy.model(tied(Reading.SECOND_PARAMETER))) {
            CompressionListener listener = halvingTo4Bits();
            Map<String, float[]> baked = toy.train(model, 4, listener);
            assertEquals(listener.getReport().weights().size(), 1, "one target");
            assertEquals(listener.getReport().notes(), List.of());
            assertTrue(Arrays.equals(baked.get("weight"), baked.get("again")));
            long zeros = Toy.zeros(baked.get("again"));
            assertEquals(zeros, listener.getReport().weights().get(0).zeros(), "one mask");
            assertEquals(accuracyOfGate(model), listener.getReport().achieved(), 1e-9);
            listener.getCompressedModel().save(file);
            CompressedModel.load(file).applyTo(plain.getBlock(), plain.getNDManager());
            assertSameBits(Toy.parameters(plain.getBlock()), baked);
            assertSame(array(plain, 0), array(plain, 1));
        }
    }

    @Test
    public void aWeightReadPastTheStoreIsNotedWithBothMetricsOfWhichTheReportHasThePlainOne()
            throws Exception {
        try (Model model = Toy.model(tied(Reading.PAST_THE_STORE))) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(Quantization.builder().setBits(2).build())
                            .optGate(open())
                            .optWarmup(0)
                            .build();
            toy.train(model, 3, listener);
            CompressionReport report = listener.getReport();
            double judged = report.epochs().get(report.epochs().size() - 1).metric();
            double plain = accuracyOfGate(model);
            assertTrue(Math.abs(plain - judged) > 0.01, "the net is too tolerant for this test");
            assertEquals(report.achieved(), plain, 1e-9);
            assertEquals(report.notes().size(), 1, report.toString());
            String note = report.notes().get(0);
            assertTrue(note.contains(Numbers.metric(judged)), note);
            assertTrue(note.contains(Numbers.metric(plain)), note);
            assertTrue(note.contains("parameter.getArray()"), note);
        }
    }

    private static NDArray array(Model model, int index) {
        return model.getBlock().getParameters().valueAt(index).getArray();
    }

    /** The accuracy on the data of the gate. */
    private double accuracyOfGate(Model model) throws Exception {
        return toy.accuracy(model.getBlock(), 2);
    }
}
