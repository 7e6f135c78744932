package dev.bonsai.pruning;

import ai.djl.ndarray.NDArray;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import java.util.Set;
import java.util.function.Function;

/** What a connection adds to its output as importance. */
record Contribution() implements Criterion {

    @Override
    public NDArray importance(
            TargetWeight weight, NDArray value, Function<Signal, NDArray> signals) {
        return value.abs().muli(signals.apply(Signal.INPUT_MAGNITUDE));
    }

    @Override
    public Set<Signal> getSignals() {
        return Set.of(Signal.INPUT_MAGNITUDE);
    }

    @Override
    public String toString() {
        return "contribution";
    }
}
