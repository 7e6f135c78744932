package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertThrows;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.trace.TraceException;
import dev.bonsai.trace.Tracer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.testng.annotations.Test;

/** A block that is trained and compressed is traced by itself, at any time. */
public class TracedTrainingTest extends ToyTestBase {

    private static NDList sample(Model model) {
        return new NDList(model.getNDManager().zeros(new Shape(1, Toy.FEATURES)));
    }

    private static Map<String, float[]> values(GraphModel traced) {
        Map<String, float[]> values = new LinkedHashMap<>();
        traced.weights().forEach((path, value) -> values.put(path, value.decode()));
        return values;
    }

    private Map<String, float[]> trained(Block block, TrainingListener listener) throws Exception {
        try (Model model = Toy.model(block)) {
            return toy.train(model, 3, halvingTo4Bits(), listener);
        }
    }

    @Test
    void aTraceChangesNothingInATraining() throws Exception {
        Block block = Toy.mlp();
        List<GraphModel> traced = new ArrayList<>();
        TrainingListener tracing =
                new TrainingListenerAdapter() {
                    @Override
                    public void onEpoch(Trainer trainer) {
                        NDList sample = sample(trainer.getModel());
                        GraphModel model = Tracer.trace(block, sample);
                        assertSameBits(values(model), Toy.parameters(block)); // the latent weights
                        traced.add(model);
                        Block wrapper = trainer.getModel().getBlock();
                        assertThrows(TraceException.class, () -> Tracer.trace(wrapper, sample));
                        sample.close();
                    }
                };
        Map<String, float[]> with = trained(block, tracing);
        assertEquals(traced.size(), 3);
        assertEquals(traced.get(0).graph(), traced.get(2).graph());
        assertSameBits(with, trained(Toy.mlp(), new TrainingListenerAdapter() {}));
    }

    @Test
    void afterATrainingTheWeightsAreTheCompressedOnes() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            Map<String, float[]> compressed = toy.train(model, 2, halvingTo4Bits());
            assertSameBits(values(Tracer.trace(model.getBlock(), sample(model))), compressed);
        }
    }
}
