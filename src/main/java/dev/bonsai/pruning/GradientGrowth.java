package dev.bonsai.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.Signal;
import dev.bonsai.core.Tensors;
import java.nio.FloatBuffer;
import java.util.Set;
import java.util.function.Function;

/** Grows where the gradient pulls hardest. */
final class GradientGrowth extends Exchange {

    GradientGrowth(float fraction, int everySteps) {
        super(fraction, everySteps, "gradient", fraction, everySteps);
    }

    @Override
    Set<Signal> signals() {
        return Set.of(Signal.GRADIENT_MAGNITUDE);
    }

    @Override
    Function<Ranking, FloatBuffer> scores(Proposal proposal) {
        return ranking -> {
            NDArray gradients = proposal.signal(ranking.weight(), Signal.GRADIENT_MAGNITUDE);
            return ranking.groups()
                    .means(Tensors.floats(gradients.toType(DataType.FLOAT32, false)));
        };
    }
}
