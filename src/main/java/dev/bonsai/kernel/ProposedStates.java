package dev.bonsai.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The states that techniques have worked out, and the end of those that came to nothing. */
final class ProposedStates {

    private record Key(int technique, double level) {}

    private final Proposals proposals;
    private final Map<Key, State> candidates = new HashMap<>();
    private final List<State> open = new ArrayList<>();

    ProposedStates(Proposals proposals) {
        this.proposals = proposals;
    }

    /** Returns a plan with one technique at another level, worked out once until it is cleared. */
    Plan planAt(int technique, double level, Plan current) {
        State state =
                candidates.computeIfAbsent(
                        new Key(technique, level), key -> make(technique, level, current, false));
        return current.with(technique, state);
    }

    /**
     * Returns a plan with one technique's state worked out anew. Nothing is worked out from weights
     * that have diverged: the gate will undo them, and the plan stays as it is until then.
     */
    Plan refreshed(int technique, double level, Plan current) {
        if (!proposals.areFinite(technique)) {
            return current;
        }
        return current.with(technique, make(technique, level, current, true));
    }

    private State make(int technique, double level, Plan current, boolean refresh) {
        State made = proposals.make(technique, level, current, refresh);
        open.add(made);
        return made;
    }

    /** Takes in states that were worked out before, to free them in the end. */
    void resume(List<State> states) {
        open.addAll(states);
    }

    /** Forgets what was worked out: the model is no longer the one that it was worked out for. */
    void clear() {
        candidates.clear();
    }

    /** Frees the arrays of all states that stand in none of these plans. */
    void sweep(List<Plan> live) {
        candidates.clear();
        Set<State> kept = new HashSet<>();
        live.forEach(plan -> kept.addAll(plan.states()));
        open.stream().filter(state -> !kept.contains(state)).forEach(ProposedStates::close);
        open.retainAll(kept);
    }

    private static void close(State state) {
        // The trainer's store remembers them: an optimizer must not find a closed array.
        state.parameters().forEach(parameter -> parameter.freeze(true));
        state.release();
    }
}
