package dev.bonsai.gate;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import dev.bonsai.core.Bounds;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What of a {@link Gate} is plain data: all but data sets and evaluators. {@link Gate.Builder} says
 * what each means. A component that is given as null has its default.
 *
 * @param monitored the name of the evaluator of the trainer that is gone by; empty for the first,
 *     and for a gate that evaluates data of its own
 * @param direction which way the metric improves; empty for the way of DJL's evaluators
 * @param maxDrop how much worse than the reference the metric may be, in the metric's unit
 * @param maxRelativeDrop how much worse than the reference, as a fraction of the reference
 * @param floor the worst metric that is acceptable at all
 * @param recoveryEpochs how many epochs training may take to bring the metric back
 * @param shock the largest drop right after a step from which recovery is tried, in the metric's
 *     unit
 * @param relativeShock the same as a fraction of the reference
 * @param batchSize how many samples the gate's own evaluation takes at a time; empty for as many as
 *     the training
 * @param confidence how sure it must be that a step is within tolerance, in [0.5, 1); empty for
 *     drops as they are measured
 * @param undecided what becomes of a step on which the data doesn't tell
 */
public record GateSettings(
        Optional<String> monitored,
        Optional<Direction> direction,
        @Bounds(atLeast = 0) OptionalDouble maxDrop,
        @Bounds(atLeast = 0) OptionalDouble maxRelativeDrop,
        OptionalDouble floor,
        @Bounds(atLeast = 0) Integer recoveryEpochs,
        @Bounds(atLeast = 0) OptionalDouble shock,
        @Bounds(atLeast = 0) OptionalDouble relativeShock,
        @Bounds(atLeast = 1) OptionalInt batchSize,
        @Bounds(atLeast = 0.5, below = 1) OptionalDouble confidence,
        Undecided undecided) {

    static final int DEFAULT_RECOVERY = 2;

    /**
     * Fills in the defaults and checks the values.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public GateSettings {
        monitored = requireNonNullElseGet(monitored, Optional::empty);
        direction = requireNonNullElseGet(direction, Optional::empty);
        maxDrop = requireNonNullElseGet(maxDrop, OptionalDouble::empty);
        maxRelativeDrop = requireNonNullElseGet(maxRelativeDrop, OptionalDouble::empty);
        floor = requireNonNullElseGet(floor, OptionalDouble::empty);
        recoveryEpochs = checkRecovery(requireNonNullElse(recoveryEpochs, DEFAULT_RECOVERY));
        shock = requireNonNullElseGet(shock, OptionalDouble::empty);
        relativeShock = requireNonNullElseGet(relativeShock, OptionalDouble::empty);
        batchSize = requireNonNullElseGet(batchSize, OptionalInt::empty);
        confidence = requireNonNullElseGet(confidence, OptionalDouble::empty);
        undecided = requireNonNullElse(undecided, Undecided.ROLLED_BACK);
        maxDrop.ifPresent(drop -> checkDrop("maxDrop", drop));
        maxRelativeDrop.ifPresent(drop -> checkDrop("maxRelativeDrop", drop));
        floor.ifPresent(GateSettings::checkFloor);
        shock.ifPresent(drop -> checkDrop("shock", drop));
        relativeShock.ifPresent(drop -> checkDrop("relativeShock", drop));
        batchSize.ifPresent(Evaluation::checkBatchSize);
        confidence.ifPresent(GateSettings::checkConfidence);
    }

    /**
     * Returns the settings of a gate of which nothing is said.
     *
     * @return the defaults
     */
    public static GateSettings defaults() {
        return new GateSettings(
                Optional.empty(),
                Optional.empty(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** Returns what a step may cost; empty if nothing is set, so that the metric decides. */
    Optional<Tolerance> tolerance() {
        return bounds(maxDrop, maxRelativeDrop, floor);
    }

    /**
     * Returns what a step may cost at once; empty if nothing is set, so that the metric decides.
     */
    Optional<Tolerance> tolerableShock() {
        return bounds(shock, relativeShock, OptionalDouble.empty());
    }

    private static Optional<Tolerance> bounds(
            OptionalDouble drop, OptionalDouble relative, OptionalDouble least) {
        return drop.isPresent() || relative.isPresent() || least.isPresent()
                ? Optional.of(new Tolerance(drop, relative, least))
                : Optional.empty();
    }

    static double checkDrop(String name, double value) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "%s is 0 or more, but got %s", name, value));
        }
        return value;
    }

    static double checkFloor(double floor) {
        if (Double.isNaN(floor)) {
            throw new IllegalArgumentException("The floor is a number, but got NaN");
        }
        return floor;
    }

    static int checkRecovery(int epochs) {
        if (epochs < 0) {
            throw new IllegalArgumentException(
                    "The recovery takes 0 or more epochs, but got " + epochs);
        }
        return epochs;
    }

    static double checkConfidence(double confidence) {
        if (!(confidence >= 0.5 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "A confidence lies between 0.5 and 1, but got "
                            + confidence
                            + ": call optConfidence(0.95), for example");
        }
        return confidence;
    }
}
