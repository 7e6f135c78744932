package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.translate.TranslateException;
import ai.djl.util.Progress;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.gate.Gate;
import dev.bonsai.report.CompressionReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.testng.annotations.Test;

/** What is left when something fails. */
public class FailureTest extends ToyTestBase {

    /** Data that can be taken away. */
    private static final class Fragile implements Dataset {

        private final Dataset data;
        private boolean gone;

        Fragile(Dataset data) {
            this.data = data;
        }

        @Override
        public Iterable<Batch> getData(NDManager manager) throws IOException, TranslateException {
            if (gone) {
                throw new IOException("gone");
            }
            return data.getData(manager);
        }

        @Override
        public void prepare(Progress progress) {
            // The data is there.
        }
    }

    @Test
    public void whenTheLastEvaluationFailsTheAcceptedWeightsAreInPlaceAndItIsReported()
            throws Exception {
        Fragile data = new Fragile(toy.data(2));
        Gate gate = Gate.builder().optEvaluation(data, new Accuracy()).optMaxDrop(1).build();
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(pruning(0.5f, 1))
                        .addTechnique(quantization(4))
                        .optGate(gate)
                        .optWarmup(0)
                        .build();
        Block block = Toy.mlp();
        try (Model model = Toy.model(block)) {
            Trainer trainer = toy.trainer(model, listener);
            toy.fit(trainer, 1); // pruned; a step towards 4 bits was accepted as well
            float[] accepted = toy.outputs(model.getBlock());
            try (Batch batch = trainer.iterateDataset(toy.data(1)).iterator().next()) {
                EasyTrain.trainBatch(trainer, batch);
                trainer.step();
            }
            data.gone = true;
            UncheckedIOException e = expectThrows(UncheckedIOException.class, trainer::close);
            assertEquals(e.getCause().getMessage(), "gone");
            assertSame(model.getBlock(), block);
            assertEquals(toy.outputs(block), accepted);
            CompressionReport report = listener.getReport();
            assertTrue(report.sparsity() >= 0.5, report.toString());
            assertTrue(report.notes().get(0).contains("could not be judged"), report.toString());
            assertTrue(report.notes().get(0).contains("UncheckedIOException"), report.toString());
            trainer.close(); // and this time it goes through
        }
    }

    @Test
    public void whenTheBaselineFailsTheModelIsThePlainlyTrainedOne() throws Exception {
        Map<String, float[]> expected;
        try (Model plain = Toy.model(Toy.mlp())) {
            expected = toy.train(plain, 1);
        }
        Fragile data = new Fragile(toy.data(2));
        data.gone = true;
        Block block = Toy.mlp();
        try (Model model = Toy.model(block)) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(pruning(0.5f, 1))
                            .optGate(Gate.builder().optEvaluation(data, new Accuracy()).build())
                            .build();
            expectThrows(UncheckedIOException.class, () -> toy.train(model, 1, listener));
            assertSame(model.getBlock(), block);
            assertSameBits(Toy.parameters(block), expected);
            assertEquals(listener.getReport().notes().size(), 1, listener.getReport() + "");
        }
    }

    @Test
    public void aTransformThatEncodesSomethingElseIsNamedAndItsStateRefused() throws Exception {
        WeightTransform lying =
                new WeightTransform() {
                    @Override
                    public NDArray apply(NDArray weight, ForwardPass pass) {
                        return weight.mul(2);
                    }

                    @Override
                    public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
                        return weight;
                    }

                    @Override
                    public String toString() {
                        return "doubling";
                    }
                };
        Block block = Toy.mlp();
        try (Model model = Toy.model(block)) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(FakeTechnique.single("liar", lying))
                            .optGate(open())
                            .optWarmup(0)
                            .build();
            Trainer trainer = toy.trainer(model, listener);
            toy.fit(trainer, 1);
            float[] wrapped = toy.outputs(model.getBlock());
            trainer.close();
            String notes = listener.getReport().notes().toString();
            assertTrue(notes.contains("doubling"), notes);
            assertSame(model.getBlock(), block);
            assertEquals(toy.outputs(block), wrapped, "the plain model, trained");
        }
    }

    @Test
    public void aListenerWithoutTechniquesIsRefused() {
        IllegalArgumentException e =
                expectThrows(
                        IllegalArgumentException.class,
                        () -> CompressionListener.builder().build());
        assertTrue(e.getMessage().contains("addTechnique"), e.getMessage());
    }

    @Test
    public void aNegativeWarmupIsRefused() {
        IllegalArgumentException e =
                expectThrows(
                        IllegalArgumentException.class,
                        () -> CompressionListener.builder().optWarmup(-1));
        assertTrue(e.getMessage().contains("-1"), e.getMessage());
    }

    @Test
    public void withoutWarmupTheTrainersMetricIsRefused() {
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(pruning(0.5f, 1))
                            .optWarmup(0)
                            .build();
            IllegalStateException e =
                    expectThrows(
                            IllegalStateException.class,
                            () -> model.newTrainer(Toy.config(listener)));
            assertTrue(e.getMessage().contains("optWarmup(1)"), e.getMessage());
        }
    }

    @Test
    public void aModelWithoutABlockIsRefused() {
        try (Model model = Model.newInstance("empty")) {
            IllegalStateException e =
                    expectThrows(
                            IllegalStateException.class,
                            () -> new Trainer(model, Toy.config(halving())));
            assertTrue(e.getMessage().contains("setBlock"), e.getMessage());
        }
    }
}
