package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.SparsitySchedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** Lottery tickets: the mask of trained weights on those of an early epoch. */
public class RewindTest extends ToyTestBase {

    private static final int WEIGHTS = 384; // 8 x 32 and 32 x 4

    private ZeroCounter counter;
    private final List<Map<String, float[]>> starts = new ArrayList<>();
    private final List<Map<String, float[]>> ends = new ArrayList<>();
    private final List<Long> zerosAtStart = new ArrayList<>();

    @BeforeMethod
    public void forget() {
        counter = new ZeroCounter(Toy.mlp());
        starts.clear();
        ends.clear();
        zerosAtStart.clear();
    }

    /** Notes the latent weights of the first forward pass and at the end of each epoch. */
    private final TrainingListener looker =
            new TrainingListenerAdapter() {
                private boolean inEpoch;

                @Override
                public void onTrainingBatch(Trainer trainer, BatchData batchData) {
                    if (!inEpoch) {
                        starts.add(Toy.parameters(counter));
                        zerosAtStart.add(counter.inTraining().get(counter.inTraining().size() - 1));
                    }
                    inEpoch = true;
                }

                @Override
                public void onEpoch(Trainer trainer) {
                    ends.add(Toy.parameters(counter));
                    inEpoch = false;
                }
            };

    private CompressionListener ticket(int epoch, int warmup, SparsitySchedule rounds) {
        return CompressionListener.builder()
                .addTechnique(
                        Pruning.builder()
                                .setTargetSparsity(0.75f)
                                .optSchedule(rounds)
                                .optRewind(epoch)
                                .build())
                .optGate(open())
                .optWarmup(warmup)
                .build();
    }

    @Test
    public void everyRoundBeginsWithTheMaskedWeightsOfTheChosenEpoch() throws Exception {
        CompressionListener listener = ticket(1, 2, SparsitySchedule.exponential(2));
        try (Model model = Toy.model(counter)) {
            toy.train(model, 4, looker, listener);
            assertSameWhereKept(starts.get(2), ends.get(0));
            assertSameWhereKept(starts.get(3), ends.get(0));
            // half, and half of what is left: each round removes the same share
            assertEquals(zerosAtStart, List.of(0L, 0L, WEIGHTS / 2L, WEIGHTS * 3L / 4));
            assertEquals(listener.getReport().sparsity(), 0.75, listener.getReport().toString());
            double accuracy = toy.accuracy(model.getBlock());
            // a quarter of the weights, trained for one epoch after one: chance is 0.25
            assertTrue(accuracy > 0.8, "accuracy " + accuracy);
        }
    }

    @Test
    public void theMaskIsThatOfTheTrainedWeights() throws Exception {
        CompressionListener listener = ticket(0, 2, SparsitySchedule.constant());
        try (Model model = Toy.model(counter)) {
            Map<String, float[]> result = toy.train(model, 3, looker, listener);
            assertSameWhereKept(starts.get(2), starts.get(0));
            // The first listener sees the weights from which the second cuts the mask.
            assertEquals(zerosOf(result), smallestOf(ends.get(1)));
        }
    }

    /** The removed weights are zero; how many, and which, is checked besides. */
    private static void assertSameWhereKept(
            Map<String, float[]> actual, Map<String, float[]> expected) {
        Map<String, float[]> kept = new LinkedHashMap<>();
        expected.forEach(
                (path, values) -> {
                    float[] masked = values.clone();
                    for (int i = 0; i < masked.length; ++i) {
                        masked[i] = actual.get(path)[i] == 0 ? 0 : masked[i];
                    }
                    kept.put(path, masked);
                });
        assertSameBits(actual, kept);
    }

    private static List<Integer> zerosOf(Map<String, float[]> weights) {
        float[] all = flattened(weights);
        return IntStream.range(0, all.length).filter(i -> all[i] == 0).boxed().toList();
    }

    private static List<Integer> smallestOf(Map<String, float[]> weights) {
        float[] all = flattened(weights);
        return IntStream.range(0, all.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> Math.abs(all[i])))
                .limit(WEIGHTS * 3 / 4)
                .sorted()
                .toList();
    }

    private static float[] flattened(Map<String, float[]> weights) {
        float[] all = new float[0];
        for (Map.Entry<String, float[]> entry : weights.entrySet()) {
            if (entry.getKey().endsWith("weight")) {
                float[] more = entry.getValue();
                int length = all.length;
                all = Arrays.copyOf(all, length + more.length);
                System.arraycopy(more, 0, all, length, more.length);
            }
        }
        assertEquals(all.length, WEIGHTS);
        return all;
    }

    @Test
    public void aTicketIsNeverTriedWithoutTraining() throws Exception {
        CompressionListener listener = ticket(0, 1, SparsitySchedule.constant());
        try (Model model = Toy.model(counter)) {
            toy.train(model, 1, listener);
        }
        assertEquals(listener.getReport().sparsity(), 0.0, listener.getReport().toString());
        assertFalse(listener.getReport().trials().isEmpty());
    }

    @Test
    public void anEpochAfterTheWarmupIsRefused() throws Exception {
        try (Model model = Toy.model(counter)) {
            CompressionListener listener = ticket(3, 2, SparsitySchedule.constant());
            IllegalArgumentException e =
                    expectThrows(
                            IllegalArgumentException.class, () -> toy.train(model, 1, listener));
            assertTrue(e.getMessage().contains("optWarmup(3)"), e.getMessage());
        }
    }
}
