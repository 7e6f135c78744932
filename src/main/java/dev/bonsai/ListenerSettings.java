package dev.bonsai;

import dev.bonsai.core.HoldZeros;
import dev.bonsai.core.Technique;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.GateSettings;
import dev.bonsai.gate.Warmup;
import java.util.List;
import java.util.Objects;

/**
 * What of a {@link CompressionListener} is plain data, so that it can be written down: all but what
 * is an object of a program, as data sets, checkpoints and callbacks are. {@link
 * CompressionListener.Builder} says what each means.
 *
 * @param techniques the techniques in order
 * @param gate the gate's settings
 * @param warmup how long the model is trained before anything is tried
 * @param holdZeros which zeros that weights come with stay zero
 * @param graph whether the graph of the network travels in the file
 */
public record ListenerSettings(
        List<Technique> techniques,
        GateSettings gate,
        Warmup warmup,
        HoldZeros holdZeros,
        boolean graph) {

    /** Copies the list. */
    public ListenerSettings {
        techniques = List.copyOf(techniques);
        Objects.requireNonNull(gate, "gate");
        Objects.requireNonNull(warmup, "warmup");
        Objects.requireNonNull(holdZeros, "holdZeros");
    }

    /**
     * Returns the settings of a listener.
     *
     * @param listener the listener
     * @return what it was built with
     * @throws IllegalArgumentException if it makes new optimizers, which no data can tell
     */
    public static ListenerSettings of(CompressionListener listener) {
        if (listener.settings.freshOptimizer().isPresent()) {
            throw new IllegalArgumentException(
                    "The listener was built with optFreshOptimizer, which takes code and can't be"
                            + " written down: write down a listener without it, and call it on the"
                            + " builder that is made of the recipe");
        }
        return new ListenerSettings(
                listener.settings.techniques(),
                listener.settings.gate().getSettings(),
                listener.settings.warmup(),
                listener.settings.holdZeros(),
                listener.settings.graph());
    }

    /**
     * Starts a listener with these settings. Its gate goes by the trainer's validation result; one
     * that evaluates data of its own is set with {@link CompressionListener.Builder#optGate}, and
     * begins with {@code Gate.builder().optSettings(settings.gate())}.
     *
     * @return a builder
     * @throws IllegalArgumentException if a setting of the gate needs data of its own
     */
    public CompressionListener.Builder toBuilder() {
        return toBuilder(Gate.builder().optSettings(gate).build());
    }

    /**
     * Starts a listener with these settings and a gate.
     *
     * @param judge the gate, in place of the gate's settings
     * @return a builder
     */
    public CompressionListener.Builder toBuilder(Gate judge) {
        return CompressionListener.builder()
                .addTechniques(techniques)
                .optGate(judge)
                .optWarmup(warmup)
                .optHoldZeros(holdZeros)
                .optGraph(graph);
    }
}
