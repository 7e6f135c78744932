package dev.bonsai.gate;

import dev.bonsai.core.Levels;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.function.Predicate;

/**
 * A level that was tried out.
 *
 * @param level the level
 * @param metrics one metric per gate; NaN where it was not measured
 * @param judgement what the gates say of them
 */
record Tried(double level, Metrics metrics, Judgement judgement) {

    private static final int MAX_BISECTIONS = 6;

    /**
     * Finds the furthest level short of a bad one that passes.
     *
     * @param levels the levels there are
     * @param accepted the level that is known to pass
     * @param bad the level that is known not to
     * @param measure measures a level
     * @param passes decides on it
     */
    static Optional<Tried> furthest(
            Levels levels,
            double accepted,
            double bad,
            DoubleFunction<Tried> measure,
            Predicate<Tried> passes) {
        double low = accepted;
        double high = bad;
        Optional<Tried> best = Optional.empty();
        for (int i = 0; i < MAX_BISECTIONS; ++i) {
            OptionalDouble middle = levels.between(low, high);
            if (middle.isEmpty()) {
                break;
            }
            Tried tried = measure.apply(middle.getAsDouble());
            if (passes.test(tried)) {
                best = Optional.of(tried);
                low = tried.level;
            } else {
                high = tried.level;
            }
        }
        return best;
    }
}
