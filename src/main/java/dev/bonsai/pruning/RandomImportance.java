package dev.bonsai.pruning;

import ai.djl.ndarray.NDArray;
import dev.bonsai.core.NamedValue;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import java.util.SplittableRandom;
import java.util.function.Function;

/** A uniform random importance that depends on the seed, the weight's path and the index only. */
record RandomImportance(long seed) implements Criterion {

    @Override
    public NDArray importance(
            TargetWeight weight, NDArray value, Function<Signal, NDArray> signals) {
        long path = (long) weight.path().hashCode() << Integer.SIZE;
        SplittableRandom random = new SplittableRandom(seed ^ path);
        float[] importance = new float[weight.size()];
        for (int i = 0; i < importance.length; ++i) {
            importance[i] = random.nextFloat();
        }
        return Tensors.constant(value.getManager(), importance, value.getShape());
    }

    @Override
    public String toString() {
        return NamedValue.call("random", seed);
    }
}
