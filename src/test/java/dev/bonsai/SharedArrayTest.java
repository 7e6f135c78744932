package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
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
    private static final class Tied extends AbstractBlock {

        private final Parameter weight = addParameter(square("weight"));
        private final Parameter again;

        Tied(Reading reading) {
            again =
                    reading == Reading.SECOND_PARAMETER
                            ? addParameter(
                                    Parameter.builder()
                                            .setName("again")
                                            .setType(Parameter.Type.WEIGHT)
                                            .build())
                            : null;
        }

        private static Parameter square(String name) {
            return Parameter.builder()
                    .setName(name)
                    .setType(Parameter.Type.WEIGHT)
                    .optShape(new Shape(Toy.FEATURES, Toy.FEATURES))
                    .build();
        }

        @Override
        public void initialize(NDManager manager, DataType type, Shape... shapes) {
            weight.initialize(manager, type);
            if (again != null && !again.isInitialized()) {
                again.setArray(weight.getArray());
            }
            super.initialize(manager, type, shapes);
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> params) {
            NDArray x = inputs.head();
            NDArray first = store.getValue(weight, x.getDevice(), training);
            NDArray second =
                    again == null
                            ? weight.getArray()
                            : store.getValue(again, x.getDevice(), training);
            NDArray hidden = x.dot(first).getNDArrayInternal().relu();
            return new NDList(hidden.dot(second.transpose()).get(":, :" + Toy.CLASSES));
        }

        @Override
        public Shape[] getOutputShapes(Shape[] shapes) {
            return new Shape[] {new Shape(shapes[0].get(0), Toy.CLASSES)};
        }
    }

    @Test
    public void twoParametersOverOneArrayAreOneWeight() throws Exception {
        Path file = Files.createTempDirectory("bonsai").resolve("shared.bonsai");
        try (Model model = Toy.model(new Tied(Reading.SECOND_PARAMETER));
                Model plain = Toy.model(new Tied(Reading.SECOND_PARAMETER))) {
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
        try (Model model = Toy.model(new Tied(Reading.PAST_THE_STORE))) {
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
