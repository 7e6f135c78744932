package dev.bonsai.variational;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.Learned;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.TransformState;
import dev.bonsai.core.WeightTransform;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** Makes the transforms of one state, which take their random numbers one after the other. */
final class NoisyWeights {

    private final VariationalDropoutSettings settings;
    private final long step;
    private final SplittableRandom random;
    private final NoisyWeight.Source source;
    private int index;

    /**
     * Draws the noise.
     *
     * @param step the training step at which the state was proposed
     * @param weights all weights of the state
     * @param state the owner of what is kept
     */
    NoisyWeights(
            VariationalDropoutSettings settings,
            long step,
            Collection<TargetWeight> weights,
            NDManager state) {
        this.settings = settings;
        this.step = step;
        random = new SplittableRandom(31 * settings.seed() + step);
        int largest = weights.stream().mapToInt(TargetWeight::size).max().orElse(0);
        source =
                new NoisyWeight.Source(
                        new Noise(largest, random, state), Tensors.constant(state, 0));
    }

    /**
     * Makes the transform of the next weight.
     *
     * @param scale the weight of the divergence
     * @param logVariance {@code log sigma^2 / rate}, which is trained in place
     */
    NoisyWeight next(TargetWeight weight, double scale, NDArray logVariance) {
        return new NoisyWeight(
                new NoisyWeight.Settings(settings.threshold(), settings.varianceRate(), scale),
                Learned.parameter("log variance of " + weight.path(), logVariance),
                source,
                random.split(),
                new NoisyWeight.Origin(step, index++));
    }

    /** Makes all transforms of a state again, in the order in which they were made. */
    static Map<TargetWeight, WeightTransform> restored(
            VariationalDropoutSettings settings,
            Map<TargetWeight, TransformState> states,
            NDManager owner) {
        Map<TargetWeight, WeightTransform> transforms = new LinkedHashMap<>();
        states.keySet().forEach(weight -> transforms.put(weight, null)); // for the order
        if (states.isEmpty()) {
            return transforms;
        }
        List<TargetWeight> made =
                states.keySet().stream()
                        .sorted(Comparator.comparingInt(weight -> of(states, weight).index()))
                        .toList();
        long step = of(states, made.get(0)).step();
        NoisyWeights weights = new NoisyWeights(settings, step, made, owner);
        for (TargetWeight weight : made) {
            NoisyState state = of(states, weight);
            if (state.index() != weights.index || state.step() != step) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "The states of noisy weights belong together, but number %d of step"
                                        + " %d is %s with number %d of step %d: restore all of one"
                                        + " proposal at once",
                                weights.index,
                                step,
                                weight,
                                state.index(),
                                state.step()));
            }
            NDArray learned = state.logVariance().toFloats(owner, weight.shape());
            NoisyWeight transform = weights.next(weight, state.scale(), learned);
            transform.resume(state);
            transforms.put(weight, transform);
        }
        return transforms;
    }

    private static NoisyState of(Map<TargetWeight, TransformState> states, TargetWeight weight) {
        if (states.get(weight) instanceof NoisyState state) {
            return state;
        }
        throw new IllegalArgumentException(
                String.format(
                        Locale.ROOT,
                        "The state of %s: expected that of a noisy weight: restore it with the"
                                + " technique that it was taken from",
                        weight));
    }
}
