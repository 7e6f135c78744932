package dev.bonsai;

import dev.bonsai.core.Effect;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * A technique that does what a test tells it to.
 *
 * @param getName the name for reports
 * @param getSelector the weights
 * @param getLevels the levels
 * @param getSignals the signals
 * @param step what {@link #propose} does
 */
public record FakeTechnique(
        String getName,
        WeightSelector getSelector,
        Levels getLevels,
        Set<Signal> getSignals,
        BiFunction<Double, Proposal, Map<TargetWeight, WeightTransform>> step)
        implements Technique {

    public FakeTechnique(
            String name,
            Levels levels,
            Set<Signal> signals,
            BiFunction<Double, Proposal, Map<TargetWeight, WeightTransform>> step) {
        this(name, WeightSelector.all(), levels, signals, step);
    }

    /** A technique of one step that gives every weight the same transform. */
    public static FakeTechnique single(String name, WeightTransform transform) {
        return new FakeTechnique(
                name,
                Levels.single("on"),
                Set.of(),
                (level, proposal) ->
                        proposal.weights().stream()
                                .collect(Collectors.toMap(w -> w, w -> transform)));
    }

    @Override
    public Effect getEffect() {
        return Effect.ZEROS;
    }

    @Override
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
        return step.apply(level, proposal);
    }
}
