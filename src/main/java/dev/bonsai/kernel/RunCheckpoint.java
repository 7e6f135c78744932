package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.bonsai.checkpoint.ResumableOptimizer;
import dev.bonsai.checkpoint.ResumableOptimizer.ParameterState;
import dev.bonsai.checkpoint.StateFileReader;
import dev.bonsai.checkpoint.StateFileWriter;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.TransformState;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.gate.GateMachine;
import dev.bonsai.gate.GateState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that a run needs to go on, between two training steps, in a checkpoint and out of it.
 *
 * @param settings what the listeners were built with
 * @param parts what the run works with
 * @param states what is done to the model
 * @param machine the gate's machine
 * @param counts what is counted
 * @param epochs how far the compression had come at each epoch's end
 * @param clock how long it takes
 * @param inputs the input that the run has kept
 */
record RunCheckpoint(
        JoinedSettings settings,
        SessionParts parts,
        ModelStates states,
        GateMachine machine,
        RunCounts counts,
        EpochLog epochs,
        GateClock clock,
        KeptArrays inputs) {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private static final String IDENTITY = "identity";
    private static final String SEED = "seed";
    private static final String INPUTS = "inputs";
    private static final String COUNTS = "counts";
    private static final String GATE = "gate";
    private static final String WEIGHTS = "weights";
    private static final String HELD = "held";
    private static final String STATES = "states";
    private static final String PLANS = "plans";
    private static final String WAY = "way";
    private static final String SIGNALS = "signals";
    private static final String REWINDS = "rewinds";
    private static final String TEACHER = "teacher";
    private static final String USE = "use";
    private static final String OPTIMIZER = "optimizer";

    /** Writes the run, whole or not at all. */
    void write(RandomSource random) {
        StateFileWriter writer = new StateFileWriter();
        SavedPlans plans = new SavedPlans(settings.techniques(), parts.weights().distinct());
        JsonObject root = new JsonObject();
        root.add(IDENTITY, RunIdentity.of(settings, parts.weights()));
        root.addProperty(SEED, random.seed());
        root.add(INPUTS, saved(writer, inputs.inputs()));
        RunCounts.Value counted =
                counts.value(parts.steps().steps(), clock.read(), epochs.summaries());
        root.add(COUNTS, writer.toJson(counted, LOOKUP));
        root.add(GATE, writer.toJson(machine.state(), LOOKUP));
        root.add(WEIGHTS, SavedArrays.write(writer, latents()));
        root.add(HELD, held(writer));
        root.add(PLANS, states.save(writer, plans));
        root.add(STATES, plans.write(writer));
        root.add(WAY, writer.toJson(parts.refresher().way(), LOOKUP));
        root.add(SIGNALS, writer.toJson(parts.signals().memory(order()), LOOKUP));
        root.add(REWINDS, parts.rewinder().save(writer));
        parts.trained()
                .remembered()
                .ifPresent(kept -> root.add(TEACHER, SavedArrays.write(writer, kept.values())));
        root.add(USE, writer.toJson(parts.optimizer().use(), LOOKUP));
        parts.optimizer()
                .known()
                .ifPresent(optimizer -> root.add(OPTIMIZER, saved(writer, plans, optimizer)));
        try {
            settings.checkpoint().orElseThrow().folder().write(writer, root);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The run could not be written down: mend the folder of the checkpoints, or"
                            + " train without optCheckpoint",
                    e);
        }
    }

    /**
     * Goes on where the run that has written a checkpoint was.
     *
     * @return the source of its random numbers
     * @throws IllegalStateException if it was another run
     */
    RandomSource resume(StateFileReader reader) throws IOException {
        JsonObject root = reader.root();
        RunIdentity.check(
                root.getAsJsonObject(IDENTITY), RunIdentity.of(settings, parts.weights()));
        SavedPlans plans = new SavedPlans(settings.techniques(), parts.weights().distinct());
        plans.read(reader, root.getAsJsonArray(STATES), states.manager());
        parts.proposed().resume(plans.states());
        SavedArrays.read(reader, root.getAsJsonArray(WEIGHTS), latents());
        states.resume(reader, root.getAsJsonObject(PLANS), plans, held(reader, root));
        RunCounts.Value counted = reader.toRecord(root.get(COUNTS), RunCounts.Value.class, LOOKUP);
        counts.resume(counted);
        parts.steps().resume(counted.steps());
        clock.resume(counted.time());
        epochs.resume(counted.epochs());
        machine.resume(reader.toRecord(root.get(GATE), GateState.class, LOOKUP));
        parts.refresher().resume(reader.toRecord(root.get(WAY), StateRefresher.Way.class, LOOKUP));
        parts.signals()
                .resume(
                        reader.toRecord(root.get(SIGNALS), SignalRecorder.Memory.class, LOOKUP),
                        order());
        parts.rewinder().resume(reader, root.getAsJsonObject(REWINDS));
        if (root.has(TEACHER)) {
            parts.teacher().remember();
            Optional<LatentSnapshot> kept = parts.trained().remembered();
            if (kept.isPresent()) { // a teacher of the user's own is not written down
                SavedArrays.read(reader, root.getAsJsonArray(TEACHER), kept.get().values());
            }
        }
        parts.optimizer().resume(reader.toRecord(root.get(USE), FreshOptimizer.Use.class, LOOKUP));
        if (root.has(OPTIMIZER) && parts.optimizer().known().isPresent()) {
            resume(reader, root.getAsJsonArray(OPTIMIZER), plans, parts.optimizer().known().get());
        }
        return new RandomSource(root.get(SEED).getAsInt());
    }

    /** Copies the latent weights as they are now. */
    LatentSnapshot snapshot() {
        return LatentSnapshot.of(parts.weights(), states.manager());
    }

    private List<TargetWeight> order() {
        return parts.weights().distinct();
    }

    private List<NDArray> latents() {
        return order().stream().map(parts.weights()::latent).toList();
    }

    private JsonArray held(StateFileWriter writer) {
        JsonArray json = new JsonArray();
        Map<TargetWeight, WeightTransform> masks = states.current().held().transforms();
        for (TargetWeight weight : order()) {
            json.add(
                    masks.containsKey(weight)
                            ? writer.toJson(
                                    masks.get(weight).getState(), List.of(HeldZeros.STATE_TYPE))
                            : new JsonPrimitive(false));
        }
        return json;
    }

    private State held(StateFileReader reader, JsonObject root) throws IOException {
        Map<TargetWeight, HeldZeros.MaskState> masks = new LinkedHashMap<>();
        List<TargetWeight> order = order();
        for (int i = 0; i < order.size(); ++i) {
            JsonElement json = root.getAsJsonArray(HELD).get(i);
            if (json.isJsonObject()) {
                TransformState state = reader.toState(json, List.of(HeldZeros.STATE_TYPE));
                masks.put(order.get(i), (HeldZeros.MaskState) state);
            }
        }
        return new State(0, HeldZeros.restore(masks, states.manager()), Optional.empty());
    }

    /** An input of a training pass, with shapes and types. */
    private static JsonArray saved(StateFileWriter writer, NDList arrays) {
        JsonArray json = new JsonArray();
        for (NDArray array : arrays) {
            JsonObject one = new JsonObject();
            one.addProperty("name", array.getName() == null ? "" : array.getName());
            JsonArray shape = new JsonArray();
            for (long size : array.getShape().getShape()) {
                shape.add(size);
            }
            one.add("shape", shape);
            one.addProperty("type", array.getDataType().name());
            one.add("values", SavedArrays.write(writer, List.of(array)));
            json.add(one);
        }
        return json;
    }

    private JsonArray saved(
            StateFileWriter writer, SavedPlans plans, ResumableOptimizer optimizer) {
        JsonArray json = new JsonArray();
        for (Parameter parameter : trained(plans)) {
            Optional<ParameterState> state = optimizer.getState(parameter.getId());
            JsonObject one = new JsonObject();
            one.addProperty("updates", state.map(ParameterState::updates).orElse(0L));
            one.add(
                    "arrays",
                    SavedArrays.write(writer, state.map(ParameterState::states).orElse(List.of())));
            json.add(one);
        }
        return json;
    }

    private void resume(
            StateFileReader reader, JsonArray json, SavedPlans plans, ResumableOptimizer optimizer)
            throws IOException {
        List<Parameter> trained = trained(plans);
        for (int i = 0; i < trained.size(); ++i) {
            JsonObject one = json.get(i).getAsJsonObject();
            long updates = one.get("updates").getAsLong();
            if (updates > 0) {
                NDArray weight = parts.weights().value(trained.get(i));
                List<NDArray> arrays = new ArrayList<>();
                for (int k = 0; k < one.getAsJsonArray("arrays").size(); ++k) {
                    NDArray state = weight.zerosLike();
                    state.detach(); // as DJL's own are
                    arrays.add(state);
                }
                SavedArrays.read(reader, one.getAsJsonArray("arrays"), arrays);
                optimizer.setState(
                        trained.get(i).getId(), weight, new ParameterState(updates, arrays));
            }
        }
    }

    private List<Parameter> trained(SavedPlans plans) {
        return Stream.concat(
                        parts.weights().parameters().stream().map(TargetWeight::parameter),
                        plans.parameters().stream())
                .toList();
    }

    /** Returns an input of the training that a checkpoint has kept. */
    static NDList inputs(StateFileReader reader, NDManager manager) throws IOException {
        NDList inputs = new NDList();
        for (JsonElement element : reader.root().getAsJsonArray(INPUTS)) {
            JsonObject one = element.getAsJsonObject();
            JsonArray sizes = one.getAsJsonArray("shape");
            long[] shape = new long[sizes.size()];
            for (int i = 0; i < shape.length; ++i) {
                shape[i] = sizes.get(i).getAsLong();
            }
            NDArray array =
                    manager.zeros(
                            new Shape(shape), DataType.valueOf(one.get("type").getAsString()));
            SavedArrays.read(reader, one.getAsJsonArray("values"), List.of(array));
            String name = one.get("name").getAsString();
            array.setName(name.isEmpty() ? null : name);
            inputs.add(array);
        }
        return inputs;
    }
}
