package dev.bonsai.gate;

import dev.bonsai.statistics.Comparison;
import dev.bonsai.statistics.Outcomes;
import java.util.List;
import java.util.Optional;

/**
 * One metric of one state of the model.
 *
 * @param value the metric; NaN if there is none
 * @param outcomes what it is the mean of: of the gate's data, and of its further data where that
 *     was looked at; empty where that is not known
 */
public record Measurement(double value, List<Outcomes> outcomes) {

    /** A metric that could not be taken. */
    public static final Measurement NONE = of(Double.NaN);

    /** Copies the list. */
    public Measurement {
        outcomes = List.copyOf(outcomes);
    }

    /**
     * Returns a metric of which nothing else is known.
     *
     * @param value the metric
     * @return the measurement
     */
    public static Measurement of(double value) {
        return new Measurement(value, List.of());
    }

    /**
     * Returns this measurement and one of further data.
     *
     * @param more the metric on data that comes behind the data of this one
     * @return the measurement of both
     */
    Measurement and(Measurement more) {
        if (outcomes.isEmpty() || more.outcomes.isEmpty()) {
            return this;
        }
        List<Outcomes> both = List.of(outcomes.get(0), more.outcomes.get(0));
        long samples = both.stream().mapToLong(Outcomes::samples).sum();
        double sum = both.stream().mapToDouble(part -> part.mean() * part.samples()).sum();
        return new Measurement(sum / samples, both);
    }

    /**
     * Compares another state with this one, on all data that both have looked at.
     *
     * @return the comparison; empty where it is not known what the metrics are means of, or the
     *     data has changed in between
     */
    Optional<Comparison> compare(Measurement state, Direction direction) {
        int common = Math.min(outcomes.size(), state.outcomes.size());
        if (common == 0 || !Double.isFinite(state.value)) {
            return Optional.empty();
        }
        Outcomes before = Outcomes.join(outcomes.subList(0, common));
        Outcomes after = Outcomes.join(state.outcomes.subList(0, common));
        return before.isPairedWith(after)
                ? Optional.of(
                        Comparison.paired(before, after, direction == Direction.HIGHER_IS_BETTER))
                : Optional.empty();
    }
}
