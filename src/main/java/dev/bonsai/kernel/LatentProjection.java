package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.Projection;
import dev.bonsai.core.TargetWeight;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the latent weights where the projections at the head of their chains leave them, so that a
 * training pass need not apply these.
 */
final class LatentProjection {

    private final ModelWeights weights;
    private final EffectiveWeights effective;
    private final NDManager manager;
    private final List<Leading> leading = new ArrayList<>();

    /** The plan that the leading projections are those of. */
    private Plan prepared;

    /** Whether no graph needs the latent values of now: the last one has had its backward pass. */
    private boolean settled = true;

    /** A latent weight, outside any graph, and the projections at the head of its chain. */
    private record Leading(NDArray latent, List<Projection> projections) {

        void project() {
            projections.forEach(projection -> projection.project(latent));
        }
    }

    LatentProjection(ModelWeights weights, EffectiveWeights effective, NDManager manager) {
        this.weights = weights;
        this.effective = effective;
        this.manager = manager;
    }

    /**
     * Called right before a training pass.
     *
     * <p>Nothing is written between two passes with no word of a backward pass: either a graph
     * still needs the values, or the training loop doesn't tell of its batches. The pass applies
     * the projections itself then.
     *
     * @return what the pass has to do
     */
    Plan beforePass(Plan plan) {
        if (weights.hasImported()) {
            // An imported block reads its own arrays: a mask must be there before every step.
            effective.bake(plan.projections(), weights::isImported);
        }
        if (!settled) {
            return plan;
        }
        settled = false;
        if (plan != prepared) {
            prepare(plan);
        }
        leading.forEach(Leading::project);
        return plan.behindLeading();
    }

    /** Keeps an alias of each latent weight, which costs as much as a projection at every step. */
    private void prepare(Plan plan) {
        leading.forEach(weight -> weight.latent.close());
        leading.clear();
        plan.leading().forEach(this::add);
        prepared = plan;
    }

    private void add(TargetWeight weight, List<Projection> projections) {
        if (weights.isImported(weight)) {
            return; // baked before every pass
        }
        NDArray alias = weights.latent(weight).stopGradient();
        alias.attach(manager);
        leading.add(new Leading(alias, projections));
    }

    /** Tells whether no graph needs what the last pass has used. */
    boolean isSettled() {
        return settled;
    }

    /** Called after the backward pass, right before the optimizer's step. */
    void onGradients() {
        settled = true;
    }
}
