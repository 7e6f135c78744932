package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.Trainer;
import com.google.gson.JsonObject;
import dev.bonsai.checkpoint.StateFileReader;
import dev.bonsai.checkpoint.StateFileWriter;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.gate.Metrics;
import dev.bonsai.gate.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What is done to the model: the plan in effect, the plan that the next training pass goes over to,
 * and the accepted state to fall back to. The gate's machine works on it.
 *
 * <p>Only the thread that trains changes it. Other threads take hold of a plan or of the accepted
 * state, which stay as they are until they let go.
 */
final class ModelStates implements Stage {

    private final Trainer trainer;
    private final NDManager manager;
    private final JoinedSettings settings;
    private final ModelWeights weights;
    private final ProposedStates proposed;
    private final StateRefresher refresher;
    private final FreshOptimizer optimizer;
    private final Runnable onKeep;
    private final Predicate<Metrics> accepts;
    private final SoundWeights sound;
    private final Set<TargetWeight> targets;

    private volatile Plan current;
    private volatile Optional<AcceptedState> accepted = Optional.empty();
    private Optional<Plan> pending = Optional.empty();
    private int onTrial;
    private boolean trainedOn;

    /**
     * @param onKeep told when a state has been kept
     * @param accepts tells whether the gates accept the metrics of a state
     */
    ModelStates(
            Trainer trainer,
            SessionParts parts,
            JoinedSettings settings,
            NDManager manager,
            Runnable onKeep,
            Predicate<Metrics> accepts) {
        this.trainer = trainer;
        this.manager = manager;
        this.settings = settings;
        weights = parts.weights();
        proposed = parts.proposed();
        refresher = parts.refresher();
        optimizer = parts.optimizer();
        this.onKeep = onKeep;
        this.accepts = accepts;
        sound = parts.sound();
        targets = parts.proposals().allTargets();
        current = settings.idle(parts.held().state());
    }

    /** Returns the plan in effect, to the thread that trains. */
    Plan current() {
        return current;
    }

    /** Returns the plan in effect with its arrays held; the caller releases it. */
    Plan held() {
        Plan plan = current;
        while (!plan.hold()) {
            plan = current; // replaced and freed in between
        }
        return plan;
    }

    /** Returns the accepted state, to the thread that trains. */
    Optional<AcceptedState> accepted() {
        return accepted;
    }

    /** Returns the accepted state, held, if there is one; the caller releases it. */
    Optional<AcceptedState> heldAccepted() {
        Optional<AcceptedState> state = accepted;
        while (state.isPresent() && !state.get().hold()) {
            state = accepted; // replaced and freed in between
        }
        return state;
    }

    boolean isPending() {
        return pending.isPresent();
    }

    /** Has a proposed plan take effect; returns the technique on trial, if there is one. */
    Optional<Integer> enterProposed() {
        trainedOn = true;
        if (pending.isEmpty()) {
            return Optional.empty();
        }
        current = pending.get();
        pending = Optional.empty();
        return Optional.of(onTrial);
    }

    /** Goes on with a plan in which states were worked out anew. */
    void refresh(Plan refreshed) {
        if (refreshed != current) {
            current = refreshed;
            sweep(); // or the states of one epoch pile up
        }
    }

    /** Frees the states that nothing refers to. */
    void sweep() {
        List<Plan> live = new ArrayList<>(List.of(current));
        accepted.map(AcceptedState::plan).ifPresent(live::add);
        pending.ifPresent(live::add);
        proposed.sweep(live);
    }

    /** Lets go of everything. */
    void close() {
        Optional<AcceptedState> last = accepted;
        accepted = Optional.empty();
        last.ifPresent(AcceptedState::release);
    }

    /** A state that could not be stored, or whose weights are not finite, has no metric. */
    @Override
    public Metrics measure() {
        return sound.areFinite(current)
                ? storable(settings.measure(trainer))
                : settings.unmeasured();
    }

    @Override
    public Metrics measureMore(Metrics measured) {
        return settings.measureMore(trainer, measured);
    }

    private Metrics storable(Metrics metrics) {
        boolean stored = !accepts.test(metrics) || sound.canBeStored(current, targets);
        return stored ? metrics : settings.unmeasured();
    }

    @Override
    public boolean canMeasureNow() {
        return settings.canMeasureNow();
    }

    @Override
    public Optional<Metrics> tryOut(int technique, double level) {
        return canMeasureNow() && !settings.techniques().get(technique).isJudgedAfterTraining()
                ? Optional.of(tried(technique, level, this::measure))
                : Optional.empty();
    }

    @Override
    public Metrics tryOutMore(int technique, double level, Metrics measured) {
        return tried(technique, level, () -> measureMore(measured));
    }

    private Metrics tried(int technique, double level, Supplier<Metrics> measuring) {
        Plan before = current;
        current = proposed.planAt(technique, level, current);
        try {
            return measuring.get();
        } finally {
            current = before;
        }
    }

    @Override
    public void propose(int technique, double level) {
        pending = Optional.of(refresher.begin(technique, level, current));
        onTrial = technique;
        proposed.clear();
    }

    @Override
    public void adopt(int technique, double level) {
        current = proposed.planAt(technique, level, current);
        proposed.clear();
        keep();
    }

    @Override
    public void keep() {
        LatentSnapshot latents = LatentSnapshot.of(weights, manager, current.parameters());
        Optional<AcceptedState> replaced = accepted;
        accepted = Optional.of(new AcceptedState(current, latents));
        replaced.ifPresent(AcceptedState::release);
        onKeep.run();
        trainedOn = false;
    }

    @Override
    public void rollBack() {
        AcceptedState state = accepted.orElseThrow();
        pending = Optional.empty();
        refresher.abandon();
        proposed.clear();
        current = state.plan();
        state.restore();
        optimizer.weightsWentBack();
        trainedOn = false;
    }

    @Override
    public boolean isTrainedOn() {
        return trainedOn;
    }

    NDManager manager() {
        return manager;
    }

    /** Writes the plans, and the values of the accepted state. */
    JsonObject save(StateFileWriter writer, SavedPlans plans) {
        JsonObject json = new JsonObject();
        json.add("current", plans.add(current));
        pending.ifPresent(plan -> json.add("pending", plans.add(plan)));
        accepted.ifPresent(
                state -> {
                    json.add("accepted", plans.add(state.plan()));
                    json.add("values", SavedArrays.write(writer, values(state)));
                });
        json.addProperty("onTrial", onTrial);
        json.addProperty("trainedOn", trainedOn);
        return json;
    }

    /**
     * Goes on with plans that were written.
     *
     * @param held what stands in front of all techniques
     */
    void resume(StateFileReader reader, JsonObject json, SavedPlans plans, State held)
            throws IOException {
        current = plans.plan(held, json.getAsJsonArray("current"));
        if (json.has("pending")) {
            pending = Optional.of(plans.plan(held, json.getAsJsonArray("pending")));
        }
        if (json.has("accepted")) {
            Plan plan = plans.plan(held, json.getAsJsonArray("accepted"));
            AcceptedState state =
                    new AcceptedState(plan, LatentSnapshot.of(weights, manager, plan.parameters()));
            SavedArrays.read(reader, json.getAsJsonArray("values"), values(state));
            Optional<AcceptedState> replaced = accepted;
            accepted = Optional.of(state);
            replaced.ifPresent(AcceptedState::release);
        }
        onTrial = json.get("onTrial").getAsInt();
        trainedOn = json.get("trainedOn").getAsBoolean();
    }

    /** Returns the values of a state in an order that is the same in every run. */
    private List<NDArray> values(AcceptedState state) {
        SavedPlans order = new SavedPlans(settings.techniques(), weights.distinct());
        order.add(state.plan());
        return Stream.concat(
                        weights.distinct().stream().map(TargetWeight::parameter),
                        order.parameters().stream())
                .map(state::value)
                .toList();
    }
}
