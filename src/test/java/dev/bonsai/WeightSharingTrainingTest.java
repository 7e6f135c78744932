package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.core.Refresh;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.sharing.CentroidTraining;
import dev.bonsai.sharing.WeightSharing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.testng.annotations.Test;

/** Weight sharing in a real training. */
public class WeightSharingTrainingTest extends ToyTestBase {

    private CompressionListener listener(int warmup, WeightSharing sharing) {
        return CompressionListener.builder()
                .addTechnique(sharing)
                .optGate(open())
                .optWarmup(warmup)
                .build();
    }

    private static WeightSharing sharing(int centroids) {
        return WeightSharing.builder().setCentroids(centroids).build();
    }

    @Test
    public void underSgdACentroidMovesByTheLearningRateTimesTheSummedGradient() throws Exception {
        float rate = 0.01f;
        AtomicReference<float[]> gradient = new AtomicReference<>();
        Block block = Toy.mlp();
        TrainingListener looker =
                new TrainingListenerAdapter() {
                    @Override
                    public void onTrainingBatch(Trainer trainer, BatchData batchData) {
                        try (NDArray found = first(block).getArray().getGradient()) {
                            gradient.set(found.toFloatArray());
                        }
                    }
                };
        Optimizer sgd = Optimizer.sgd().setLearningRateTracker(Tracker.fixed(rate)).build();
        try (Model model = Toy.model(block);
                Trainer trainer =
                        toy.trainer(model, Toy.config(sgd, looker, listener(0, sharing(2))))) {
            float[] before = twoClusters(first(block).getArray());
            try (Batch batch = trainer.iterateDataset(toy.data(1)).iterator().next()) {
                EasyTrain.trainBatch(trainer, batch);
                trainer.step();
            }
            float[] after = first(block).getArray().toFloatArray();
            double[] sums = new double[2];
            for (int i = 0; i < before.length; ++i) {
                sums[before[i] < 0 ? 0 : 1] += gradient.get()[i];
            }
            assertTrue(Math.abs(sums[0]) > 1e-3 && Math.abs(sums[1]) > 1e-3, "they do move");
            for (int i = 0; i < before.length; ++i) {
                double expected = before[i] - rate * sums[before[i] < 0 ? 0 : 1];
                // two roundings of floats below 1
                assertEquals(after[i], expected, 2e-7, "element " + i);
            }
        }
    }

    private static Parameter first(Block block) {
        return TargetWeight.allOf(block).get(0).parameter();
    }

    /** Moves the positive elements to around 0.3, and the others to around -0.2. */
    private static float[] twoClusters(NDArray weight) {
        float[] values = weight.toFloatArray();
        for (int i = 0; i < values.length; ++i) {
            values[i] = values[i] / 100 + (values[i] > 0 ? 0.3f : -0.2f);
        }
        try (NDArray alias = weight.stopGradient();
                NDArray moved = weight.getManager().create(values, weight.getShape())) {
            alias.set(new NDIndex("..."), moved);
        }
        return values;
    }

    @Test
    public void prunedWeightsStayZeroAndTheRestSharesWhatIsLeft() throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(pruning(0.5f, 2))
                        .addTechnique(sharing(4))
                        .optGate(open())
                        .build();
        Path file = Files.createTempFile("shared", ".bonsai");
        try (Model model = Toy.model(Toy.mlp())) {
            Map<String, float[]> trained = toy.train(model, 6, listener);
            listener.getCompressedModel().save(file);
            long zeros = 0;
            for (NamedWeight weight : listener.getCompressedModel().getWeights()) {
                float[] values = weight.value().decode();
                assertEquals(values, trained.get(weight.path()), 0f, weight.path());
                if (weight.value() instanceof CodebookWeight codebook) {
                    zeros += codebook.zeros();
                    assertTrue(codebook.codebook().length <= 4, weight.path());
                    assertEquals(codebook.bits(), 2);
                }
            }
            assertEquals(zeros, 192, "of 384");
        }
        try (Model plain = Toy.model(Toy.mlp())) {
            CompressedModel.load(file).applyTo(plain.getBlock(), plain.getNDManager());
            Map<String, float[]> read = Toy.parameters(plain.getBlock());
            listener.getCompressedModel()
                    .getWeights()
                    .forEach(w -> assertEquals(read.get(w.path()), w.value().decode(), 0f));
        } finally {
            Files.delete(file);
        }
    }

    /** Trains, shares two values, and trains on for some epochs or not at all. */
    private double accuracy(int epochs, CentroidTraining training, Refresh refresh)
            throws Exception {
        WeightSharing sharing =
                WeightSharing.builder()
                        .setCentroids(2)
                        .optTraining(training)
                        .optRefresh(refresh)
                        .build();
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 3);
            toy.train(model, Math.max(1, epochs), listener(epochs == 0 ? 1 : 0, sharing));
            return toy.accuracy(model.getBlock());
        }
    }

    @Test
    public void sharingWithTrainingBeatsSharingWithout() throws Exception {
        double without = accuracy(0, CentroidTraining.SUMMED_GRADIENT, Refresh.EACH_EPOCH);
        for (CentroidTraining training : CentroidTraining.values()) {
            for (Refresh refresh : List.of(Refresh.EACH_EPOCH, Refresh.NONE)) {
                double with = accuracy(4, training, refresh);
                String what = training + ", " + refresh + ": " + with;
                assertTrue(with > without, what + " > " + without);
                assertTrue(with > 0.9, what); // chance is 0.25
            }
        }
    }
}
