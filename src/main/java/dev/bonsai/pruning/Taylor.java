package dev.bonsai.pruning;

import ai.djl.ndarray.NDArray;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import java.util.Set;
import java.util.function.Function;

/** The first-order estimate of the squared change of the loss as importance. */
record Taylor() implements Criterion {

    @Override
    public NDArray importance(
            TargetWeight weight, NDArray value, Function<Signal, NDArray> signals) {
        return signals.apply(Signal.WEIGHT_TIMES_GRADIENT_SQUARED);
    }

    @Override
    public Set<Signal> getSignals() {
        return Set.of(Signal.WEIGHT_TIMES_GRADIENT_SQUARED);
    }

    @Override
    public String toString() {
        return "taylor";
    }
}
