package dev.bonsai.kernel;

import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import dev.bonsai.checkpoint.StateFileReader;
import dev.bonsai.checkpoint.StateFileWriter;
import dev.bonsai.core.Technique;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The weights of the epochs that techniques go back to. */
final class WeightRewinder {

    private final List<Technique> techniques;
    private final ModelWeights weights;
    private final NDManager manager;
    private final FreshOptimizer optimizer;
    private final Map<Integer, LatentSnapshot> epochs = new HashMap<>();

    /**
     * @param warmup the epochs before anything is tried
     * @throws IllegalArgumentException if a technique goes back to an epoch that has not been yet
     *     when the first level is tried
     */
    WeightRewinder(
            List<Technique> techniques,
            ModelWeights weights,
            NDManager manager,
            int warmup,
            FreshOptimizer optimizer) {
        this.techniques = techniques;
        this.weights = weights;
        this.manager = manager;
        this.optimizer = optimizer;
        for (Technique technique : techniques) {
            int epoch = technique.getRewindEpoch().orElse(0);
            if (epoch > warmup) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "%s goes back to the weights of epoch %d, but begins after %d"
                                        + " epochs of warm-up: call optWarmup(%d) or more",
                                technique.getName(),
                                epoch,
                                warmup,
                                epoch));
            }
        }
    }

    /** Keeps the weights of an epoch if any technique goes back to them. */
    void keep(int epoch) {
        boolean wanted = techniques.stream().anyMatch(t -> t.getRewindEpoch().orElse(-1) == epoch);
        if (wanted) {
            epochs.computeIfAbsent(epoch, e -> LatentSnapshot.of(weights, manager));
        }
    }

    /** Takes the model back if a technique does so. */
    void rewind(int technique) {
        techniques
                .get(technique)
                .getRewindEpoch()
                .ifPresent(
                        epoch -> {
                            epochs.get(epoch).restore();
                            optimizer.weightsWentBack();
                        });
    }

    /** Writes the weights of each epoch that is kept. */
    JsonObject save(StateFileWriter writer) {
        JsonObject json = new JsonObject();
        epochs.forEach(
                (epoch, kept) ->
                        json.add(
                                Integer.toString(epoch), SavedArrays.write(writer, kept.values())));
        return json;
    }

    /** Keeps the weights that were written. */
    void resume(StateFileReader reader, JsonObject json) throws IOException {
        for (String epoch : json.keySet()) {
            LatentSnapshot kept = LatentSnapshot.of(weights, manager);
            SavedArrays.read(reader, json.getAsJsonArray(epoch), kept.values());
            LatentSnapshot replaced = epochs.put(Integer.valueOf(epoch), kept);
            if (replaced != null) {
                replaced.close();
            }
        }
    }
}
