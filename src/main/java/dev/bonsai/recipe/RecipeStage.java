package dev.bonsai.recipe;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import dev.bonsai.CompressionListener;
import dev.bonsai.ListenerSettings;
import dev.bonsai.core.HoldZeros;
import dev.bonsai.core.Technique;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.GateSettings;
import dev.bonsai.gate.Warmup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One training of a recipe: what the model is compressed by, how that is judged, and how it is
 * trained meanwhile. A component that is given as null has its default.
 *
 * @param techniques the techniques in order, at least one
 * @param gate how each step is judged
 * @param warmup how long the model is trained before anything is tried; one epoch by default
 * @param holdZeros which zeros that weights come with stay zero
 * @param graph whether the graph of the network travels in the file; true by default
 * @param training how the model is trained; empty if that is left to the program
 */
public record RecipeStage(
        List<Technique> techniques,
        GateSettings gate,
        Warmup warmup,
        HoldZeros holdZeros,
        Boolean graph,
        Optional<TrainingPlan> training) {

    /**
     * Fills in the defaults and checks the list.
     *
     * @throws IllegalArgumentException if there is no technique
     */
    public RecipeStage {
        techniques = List.copyOf(requireNonNullElse(techniques, List.of()));
        if (techniques.isEmpty()) {
            throw new IllegalArgumentException(
                    "A stage has at least one technique, but got none: add one to 'techniques',"
                            + " such as {technique: pruning, targetSparsity: 0.9}");
        }
        gate = requireNonNullElseGet(gate, GateSettings::defaults);
        warmup = requireNonNullElseGet(warmup, () -> Warmup.epochs(1));
        holdZeros = requireNonNullElse(holdZeros, HoldZeros.AUTO);
        graph = requireNonNullElse(graph, true);
        training = requireNonNullElseGet(training, Optional::empty);
    }

    /**
     * Returns the stage of a listener that was built in Java.
     *
     * @param listener the listener
     * @param training how the model is trained; empty if that is left to the program
     * @return the stage
     * @throws IllegalArgumentException if the listener takes code that no data can tell
     */
    public static RecipeStage of(CompressionListener listener, Optional<TrainingPlan> training) {
        ListenerSettings settings = ListenerSettings.of(listener);
        return new RecipeStage(
                settings.techniques(),
                settings.gate(),
                settings.warmup(),
                settings.holdZeros(),
                settings.graph(),
                training);
    }

    /**
     * Starts a gate with the settings of this stage, to which data of its own may be added.
     *
     * @return a builder
     */
    public Gate.Builder newGate() {
        return Gate.builder().optSettings(gate);
    }

    /**
     * Starts a listener with the settings of this stage, whose gate goes by the trainer's
     * validation result.
     *
     * @return a builder
     * @throws IllegalArgumentException if a setting of the gate needs data of its own: use {@link
     *     #newListener(Gate)}
     */
    public CompressionListener.Builder newListener() {
        return settings().toBuilder();
    }

    /**
     * Starts a listener with the settings of this stage and a gate.
     *
     * @param judge the gate, as of {@link #newGate} with data of its own
     * @return a builder
     */
    public CompressionListener.Builder newListener(Gate judge) {
        return settings().toBuilder(judge);
    }

    private ListenerSettings settings() {
        return new ListenerSettings(techniques, gate, warmup, holdZeros, graph);
    }

    /** Two stages are equal if their techniques have equal settings, and all else is equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof RecipeStage that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    private List<Object> values() {
        List<Object> values = new ArrayList<>();
        techniques.forEach(technique -> values.add(value(technique)));
        values.addAll(List.of(gate, warmup, holdZeros, graph, training));
        return values;
    }

    private static Object value(Technique technique) {
        try {
            return technique.getSettings();
        } catch (UnsupportedOperationException e) {
            return technique; // of one's own, which is equal to itself alone
        }
    }
}
