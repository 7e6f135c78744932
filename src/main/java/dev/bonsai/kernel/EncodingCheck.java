package dev.bonsai.kernel;

import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks, as soon as a kind of transform is at work, that it encodes what the forward pass used: on
 * one weight, as encoding all of them at each epoch would take longer than many an epoch.
 */
final class EncodingCheck {

    private final EffectiveWeights effective;
    private final Set<Class<?>> checked = new HashSet<>();

    EncodingCheck(EffectiveWeights effective) {
        this.effective = effective;
    }

    /**
     * Checks what a plan does to some weights.
     *
     * @throws IllegalStateException if a weight decodes to something else
     */
    void check(Plan plan, Collection<TargetWeight> targets) {
        for (TargetWeight weight : targets) {
            List<? extends Class<?>> kinds =
                    plan.of(weight.id()).stream().map(WeightTransform::getClass).toList();
            if (!checked.containsAll(kinds)) {
                effective.encode(plan, weight);
                checked.addAll(kinds);
            }
        }
    }
}
