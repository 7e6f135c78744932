package dev.bonsai.pruning;

import ai.djl.ndarray.NDArray;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import java.util.Set;
import java.util.function.Function;

/** The summed absolute gradient as importance. */
record GradientMagnitude() implements Criterion {

    @Override
    public NDArray importance(
            TargetWeight weight, NDArray value, Function<Signal, NDArray> signals) {
        return signals.apply(Signal.GRADIENT_MAGNITUDE);
    }

    @Override
    public Set<Signal> getSignals() {
        return Set.of(Signal.GRADIENT_MAGNITUDE);
    }

    @Override
    public String toString() {
        return "gradientMagnitude";
    }
}
