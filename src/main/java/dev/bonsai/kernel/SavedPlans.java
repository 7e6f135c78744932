package dev.bonsai.kernel;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.bonsai.checkpoint.StateFileReader;
import dev.bonsai.checkpoint.StateFileWriter;
import dev.bonsai.core.ActivationTransform;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.TransformState;
import dev.bonsai.core.WeightTransform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The states of techniques, each once, and the plans that are made of them, in a checkpoint and out
 * of it. A plan is a list of numbers of states.
 */
final class SavedPlans {

    private static final String TECHNIQUE = "technique";
    private static final String LEVEL = "level";
    private static final String WEIGHTS = "weights";
    private static final String WEIGHT = "weight";
    private static final String STATE = "state";
    private static final String ACTIVATIONS = "activations";
    private static final String VALUE = "value";

    private final List<Technique> techniques;
    private final List<TargetWeight> weights;
    private final List<State> states = new ArrayList<>();

    /** By identity: an equal state may be another that trains apart. */
    private final IdentityHashMap<State, Integer> numbers = new IdentityHashMap<>();

    private final List<Integer> techniqueOf = new ArrayList<>();

    /**
     * @param weights the weights of the model, which go by their places in this list
     */
    SavedPlans(List<Technique> techniques, List<TargetWeight> weights) {
        this.techniques = techniques;
        this.weights = weights;
    }

    /** Returns the states, each once, in the order of their numbers. */
    List<State> states() {
        return states;
    }

    /** Numbers the states of a plan that have no number yet, and writes the plan. */
    JsonArray add(Plan plan) {
        JsonArray json = new JsonArray();
        for (int i = 0; i < plan.states().size(); ++i) {
            json.add(number(i, plan.states().get(i)));
        }
        return json;
    }

    private int number(int technique, State state) {
        return numbers.computeIfAbsent(
                state,
                s -> {
                    states.add(s);
                    techniqueOf.add(technique);
                    return states.size() - 1;
                });
    }

    /** Writes all states that have a number. */
    JsonArray write(StateFileWriter writer) {
        JsonArray all = new JsonArray();
        for (int i = 0; i < states.size(); ++i) {
            all.add(write(writer, techniqueOf.get(i), states.get(i)));
        }
        return all;
    }

    private JsonObject write(StateFileWriter writer, int technique, State state) {
        JsonObject json = new JsonObject();
        json.addProperty(TECHNIQUE, technique);
        json.addProperty(LEVEL, state.level());
        JsonArray transforms = new JsonArray();
        for (TargetWeight weight : inOrder(state)) {
            JsonObject one = new JsonObject();
            one.addProperty(WEIGHT, weights.indexOf(weight));
            one.add(
                    STATE,
                    writer.toJson(
                            state.transforms().get(weight).getState(),
                            techniques.get(technique).getStateTypes()));
            transforms.add(one);
        }
        json.add(WEIGHTS, transforms);
        JsonArray activations = new JsonArray();
        state.activations()
                .forEach(
                        (name, transform) -> {
                            JsonObject one = new JsonObject();
                            one.addProperty(VALUE, name);
                            one.add(
                                    STATE,
                                    writer.toJson(
                                            transform.getState(),
                                            techniques.get(technique).getStateTypes()));
                            activations.add(one);
                        });
        json.add(ACTIVATIONS, activations);
        return json;
    }

    private List<TargetWeight> inOrder(State state) {
        return weights.stream().filter(state.transforms()::containsKey).toList();
    }

    /** Returns the parameters that transforms have learned, in an order that never changes. */
    List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        for (State state : states) {
            for (TargetWeight weight : inOrder(state)) {
                parameters.addAll(state.transforms().get(weight).getParameters());
            }
            state.activations().values().forEach(t -> parameters.addAll(t.getParameters()));
        }
        return parameters;
    }

    /**
     * Makes the states that {@link #write} has written.
     *
     * @param manager the parent of their owners
     */
    void read(StateFileReader reader, JsonArray all, NDManager manager) throws IOException {
        for (JsonElement element : all) {
            JsonObject json = element.getAsJsonObject();
            int technique = json.get(TECHNIQUE).getAsInt();
            states.add(read(reader, techniques.get(technique), json, manager));
            techniqueOf.add(technique);
        }
    }

    private State read(
            StateFileReader reader, Technique technique, JsonObject json, NDManager manager)
            throws IOException {
        double level = json.get(LEVEL).getAsDouble();
        Map<TargetWeight, TransformState> read = new LinkedHashMap<>();
        for (JsonElement element : json.getAsJsonArray(WEIGHTS)) {
            JsonObject one = element.getAsJsonObject();
            TargetWeight weight = weights.get(one.get(WEIGHT).getAsInt());
            read.put(weight, reader.toState(one.get(STATE), technique.getStateTypes()));
        }
        Map<String, TransformState> rounded = new LinkedHashMap<>();
        JsonArray none = new JsonArray(); // as in files from before activations were rounded
        JsonElement all = json.has(ACTIVATIONS) ? json.get(ACTIVATIONS) : none;
        for (JsonElement element : all.getAsJsonArray()) {
            JsonObject one = element.getAsJsonObject();
            rounded.put(
                    one.get(VALUE).getAsString(),
                    reader.toState(one.get(STATE), technique.getStateTypes()));
        }
        if (read.isEmpty() && rounded.isEmpty()) {
            return State.idle(level);
        }
        NDManager owner = manager.newSubManager();
        Map<TargetWeight, WeightTransform> transforms =
                read.isEmpty() ? Map.of() : technique.restore(read, owner);
        transforms.forEach(Proposals::holdIfFrozen);
        Map<String, ActivationTransform> activations =
                rounded.isEmpty() ? Map.of() : technique.restoreActivations(rounded, owner);
        return State.of(level, transforms, activations, owner);
    }

    /** Returns the plan that {@link #add} has written. */
    Plan plan(State held, JsonArray numbers) {
        List<State> plan = new ArrayList<>();
        numbers.forEach(number -> plan.add(states.get(number.getAsInt())));
        return new Plan(held, plan);
    }
}
