package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.core.Technique;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.variational.VariationalDropout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.testng.annotations.Test;

/** Weights that learn how much noise they bear. */
public class VariationalTrainingTest extends ToyTestBase {

    private static VariationalDropout dropout(int steps) {
        return VariationalDropout.builder()
                .setSamples(512)
                .optSteps(steps)
                .optWarmupSteps(3)
                .build();
    }

    private CompressionListener listener(Technique... techniques) {
        CompressionListener.Builder builder =
                CompressionListener.builder().optGate(open()).optWarmup(3);
        List.of(techniques).forEach(builder::addTechnique);
        return builder.build();
    }

    private Map<String, float[]> train(
            Model model, int epochs, Optimizer optimizer, CompressionListener listener)
            throws Exception {
        try (Trainer trainer = toy.trainer(model, Toy.config(optimizer, listener))) {
            toy.fit(trainer, epochs);
        }
        return Toy.parameters(model.getBlock());
    }

    /** At a high learning rate no weight stays small enough. */
    private static Optimizer slowAdam() {
        return Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.005f)).build();
    }

    /** Adam's bias correction of parameters that join late depends on the order of their ids. */
    private static Optimizer sgd() {
        return Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).build();
    }

    @Test
    public void zerosComeOutByThemselves() throws Exception {
        CompressionListener listener = listener(dropout(27));
        try (Model model = Toy.model(Toy.mlp())) {
            Map<String, float[]> weights = train(model, 30, slowAdam(), listener);
            // of 384; a start at this noise removes a few, and no threshold is set
            assertTrue(Toy.weightZeros(weights) > 128, "zeros: " + Toy.weightZeros(weights));
            assertEquals(
                    listener.getReport().sparsity(),
                    Toy.weightZeros(weights) / 384.0,
                    1e-9); // rounding
            assertTrue(toy.accuracy(model.getBlock()) > 0.8, "an untrained guess is 0.25");
        }
    }

    @Test
    public void theSameSeedGivesTheSameWeights() throws Exception {
        try (Model first = Toy.model(Toy.mlp());
                Model second = Toy.model(Toy.mlp())) {
            assertSameBits(
                    train(first, 6, sgd(), listener(dropout(3))),
                    train(second, 6, sgd(), listener(dropout(3))));
        }
    }

    @Test
    public void whatPruningRemovedStaysZeroInEveryPass() throws Exception {
        ZeroCounter counter = new ZeroCounter(Toy.mlp());
        try (Model model = Toy.model(counter)) {
            toy.train(model, 6, listener(pruning(0.5f, 1), dropout(3)));
        }
        int passes = counter.inTraining().size();
        // half of 384, once the three epochs of warm-up are over
        counter.inTraining().subList(passes / 2, passes).forEach(z -> assertTrue(z >= 192, "" + z));
    }

    @Test
    public void fourBitsAndTheFileComeBehindIt() throws Exception {
        Path file = Files.createTempDirectory("bonsai").resolve("toy.bonsai");
        CompressionListener listener = listener(dropout(27), quantization(4));
        try (Model model = Toy.model(Toy.mlp())) {
            Map<String, float[]> weights = train(model, 32, slowAdam(), listener);
            listener.getCompressedModel().save(file);
            Block fresh = Toy.mlp();
            CompressedModel.load(file).applyTo(fresh, toy.manager());
            assertSameBits(Toy.parameters(fresh), weights);
            CompressionReport report = listener.getReport();
            report.weights().forEach(w -> assertEquals(w.bits(), 4, report.toString()));
            assertTrue(Toy.weightZeros(weights) > 128, "zeros: " + Toy.weightZeros(weights));
            assertTrue(toy.accuracy(fresh) > 0.8, "an untrained guess is 0.25");
        }
    }
}
