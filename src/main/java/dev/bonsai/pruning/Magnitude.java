package dev.bonsai.pruning;

import ai.djl.ndarray.NDArray;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import java.util.function.Function;

/** The absolute value as importance. */
record Magnitude() implements Criterion {

    @Override
    public NDArray importance(
            TargetWeight weight, NDArray value, Function<Signal, NDArray> signals) {
        return value.abs();
    }

    @Override
    public String toString() {
        return "magnitude";
    }
}
