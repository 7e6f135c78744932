package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.bonsai.core.Technique;
import dev.bonsai.recipe.NamedStrategy;
import dev.bonsai.recipe.StrategyCatalogue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What is frozen is not moved while the model trains, whatever the technique. */
public class FrozenTest extends ToyTestBase {

    @DataProvider
    public Object[][] strategies() {
        return Cross.of(StrategyCatalogue.of(512).toArray(), Form.values());
    }

    private static Block net() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(16).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(16).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    /** Watches the middle layer, and compares its latent values at each batch and epoch. */
    private static final class Watch extends TrainingListenerAdapter {

        private final List<String> moved = new ArrayList<>();
        private Parameter weight;
        private float[] start;
        private int looked;

        @Override
        public void onTrainingBatch(Trainer trainer, BatchData batchData) {
            look("batch");
        }

        @Override
        public void onEpoch(Trainer trainer) {
            look("epoch");
        }

        private void look(String when) {
            ++looked;
            if (!Arrays.equals(weight.getArray().toFloatArray(), start)) {
                moved.add(when + " " + looked);
            }
        }
    }

    @Test(dataProvider = "strategies")
    public void aFrozenWeightKeepsItsLatentBitsThroughATraining(NamedStrategy strategy, Form form)
            throws Exception {
        Watch watch = new Watch();
        CompressionListener.Builder builder =
                CompressionListener.builder().optGate(open()).optWarmup(1);
        for (Technique technique : strategy.techniques()) {
            builder.addTechnique(technique);
        }
        CompressionListener listener = builder.build();
        try (Model model = Toy.model(form.of(net()))) {
            try (Trainer trainer = toy.trainer(model, new TrainingListener[] {watch, listener})) {
                watch.weight = model.getBlock().getParameters().valueAt(2);
                watch.weight.freeze(true);
                watch.start = watch.weight.getArray().toFloatArray();
                toy.fit(trainer, 3);
                watch.look("end");
                assertEquals(watch.moved, List.of());
            }
            assertTrue(watch.looked > 20, "it looked");
        }
    }
}
