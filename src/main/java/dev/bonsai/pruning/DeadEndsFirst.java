package dev.bonsai.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;

/**
 * Another criterion, except that what no gradient has reached is the least important of all.
 *
 * @param criterion ranks the rest
 */
record DeadEndsFirst(Criterion criterion) implements Criterion {

    @Override
    public NDArray importance(
            TargetWeight weight, NDArray value, Function<Signal, NDArray> signals) {
        NDArray importance = criterion.importance(weight, value, signals);
        NDArray reached = signals.apply(Signal.GRADIENT_MAGNITUDE).gt(0);
        return NDArrays.where(
                reached, importance, importance.onesLike().muli(Float.NEGATIVE_INFINITY));
    }

    @Override
    public Set<Signal> getSignals() {
        Set<Signal> signals = new LinkedHashSet<>(criterion.getSignals());
        signals.add(Signal.GRADIENT_MAGNITUDE);
        return signals;
    }

    @Override
    public String toString() {
        return criterion + ".deadEndsFirst";
    }
}
