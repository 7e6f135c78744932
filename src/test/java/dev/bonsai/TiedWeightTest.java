package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.report.CompressionReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** One parameter at two places of a model is one weight. */
public class TiedWeightTest extends ToyTestBase {

    /** A net whose hidden layer is gone through twice. */
    static Block tied() {
        Linear twice = Linear.builder().setUnits(Toy.FEATURES).build();
        return new SequentialBlock()
                .add(twice)
                .add(Activation::relu)
                .add(twice)
                .add(Activation::relu)
                .add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    /** Changes nothing and counts how often a weight of a shape goes through a training pass. */
    private static final class Counter implements WeightTransform {

        private int tied;
        private int head;

        @Override
        public NDArray apply(NDArray weight, ForwardPass pass) {
            if (pass.mode() == ForwardPass.Mode.TRAINING) {
                boolean square = weight.getShape().get(0) == weight.getShape().get(1);
                tied += square ? 1 : 0;
                head += square ? 0 : 1;
            }
            return weight;
        }

        @Override
        public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
            return weight;
        }
    }

    @DataProvider
    Object[][] forms() {
        return Cross.of((Object[]) Form.values());
    }

    @Test(dataProvider = "forms")
    public void aTiedWeightIsComputedOnceInAPassAndGetsTheGradientOfBothPlaces(Form form)
            throws Exception {
        Counter counter = new Counter();
        try (Model plain = Toy.model(form.of(tied()));
                Model listened = Toy.model(form.of(tied()))) {
            Map<String, float[]> expected = toy.train(plain, 2);
            Map<String, float[]> got =
                    toy.train(
                            listened,
                            2,
                            CompressionListener.builder()
                                    .addTechnique(FakeTechnique.single("counter", counter))
                                    .optGate(open())
                                    .optWarmup(0)
                                    .build());
            assertSameBits(got, expected);
        }
        assertEquals(counter.tied, 2 * 512 / 64, "one a batch");
        assertEquals(counter.head, counter.tied);
    }

    @Test(dataProvider = "forms")
    public void aTiedWeightIsOneTargetAndStoredOnce(Form form) throws Exception {
        Path file = Files.createTempDirectory("bonsai").resolve("tied.bonsai");
        try (Model model = Toy.model(form.of(tied()));
                Model plain = Toy.model(form.of(tied()))) {
            CompressionListener listener = halvingTo4Bits();
            Map<String, float[]> baked = toy.train(model, 4, listener);
            CompressionReport report = listener.getReport();
            assertEquals(report.weights().size(), 2, report.toString());
            listener.getCompressedModel().save(file);
            CompressedModel read = CompressedModel.load(file);
            assertEquals(
                    read.getWeights().stream().map(NamedWeight::path).toList(),
                    baked.keySet().stream().toList());
            assertEquals(read.getWeights().size(), 4, "two weights and two biases");
            read.applyTo(plain.getBlock(), plain.getNDManager());
            assertSameBits(Toy.parameters(plain.getBlock()), baked);
            assertEquals(toy.outputs(plain.getBlock()), toy.outputs(model.getBlock()));
            assertTrue(report.achieved() > 0.6, report.toString()); // an untrained guess is 0.25
        }
    }
}
