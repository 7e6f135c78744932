package dev.bonsai;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The states that techniques have worked out, and the end of those that came to nothing. */
final class Candidates {

    private record Key(int technique, double level) {}

    private final Proposals proposals;
    private final Map<Key, Plan.State> candidates = new HashMap<>();
    private final List<Plan.State> open = new ArrayList<>();

    Candidates(Proposals proposals) {
        this.proposals = proposals;
    }

    /** Returns a plan with one technique at another level, worked out once until it is cleared. */
    Plan planAt(int technique, double level, Plan current) {
        Plan.State state =
                candidates.computeIfAbsent(
                        new Key(technique, level),
                        key -> {
                            Plan.State made = proposals.make(technique, level, current);
                            open.add(made);
                            return made;
                        });
        return current.with(technique, state);
    }

    /** Forgets what was worked out: the model is no longer the one that it was worked out for. */
    void clear() {
        candidates.clear();
    }

    /** Frees the arrays of all states that stand in none of these plans. */
    void sweep(List<Plan> live) {
        candidates.clear();
        Set<Plan.State> kept = new HashSet<>();
        live.forEach(plan -> kept.addAll(plan.states()));
        open.stream()
                .filter(state -> !kept.contains(state))
                .forEach(state -> state.manager().close());
        open.retainAll(kept);
    }
}
