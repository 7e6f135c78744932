package dev.bonsai.pruning;

import ai.djl.ndarray.NDArray;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import java.util.Set;
import java.util.function.Function;

/** How far training has moved a weight away from zero as importance. */
record Movement() implements Criterion {

    @Override
    public NDArray importance(
            TargetWeight weight, NDArray value, Function<Signal, NDArray> signals) {
        return signals.apply(Signal.WEIGHT_TIMES_GRADIENT).neg();
    }

    @Override
    public Set<Signal> getSignals() {
        return Set.of(Signal.WEIGHT_TIMES_GRADIENT);
    }

    @Override
    public String toString() {
        return "movement";
    }
}
