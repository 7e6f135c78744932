package dev.bonsai.pruning;

import dev.bonsai.core.NamedValue;
import dev.bonsai.core.TracedNetwork;
import dev.bonsai.graph.Graph;
import dev.bonsai.thinning.Cost;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * What a {@link Thinning} saves, and how much of it.
 *
 * <pre>{@code
 * Saving.parameters(0.75f);   // three quarters of the weights
 * Saving.multiplyAdds(0.5f);  // half of the multiplications
 * }</pre>
 */
public final class Saving extends NamedValue {

    /** Timings that are taken in turn, of which the shortest counts. */
    private static final int TURNS = 3;

    private final String what;
    private final float fraction;
    private final ToLongFunction<Cost> unit;
    private final Optional<ToDoubleFunction<Graph>> seconds;

    private Saving(
            String factory,
            String what,
            ToLongFunction<Cost> unit,
            Optional<ToDoubleFunction<Graph>> seconds,
            Object... arguments) {
        super(factory, arguments);
        this.what = what;
        this.unit = unit;
        this.seconds = seconds;
        fraction = check((Float) arguments[0]);
    }

    private static float check(float fraction) {
        if (!(fraction >= 0 && fraction < 1)) {
            throw new IllegalArgumentException(
                    "What is saved is a fraction in [0, 1), but got "
                            + fraction
                            + ": use 0.5f to save a half");
        }
        return fraction;
    }

    /**
     * Saves elements of weights, running statistics included.
     *
     * @param fraction the fraction of all elements that goes, in [0, 1)
     * @return the saving
     */
    public static Saving parameters(float fraction) {
        return new Saving("parameters", "parameters", Cost::parameters, Optional.empty(), fraction);
    }

    /**
     * Saves multiplications with an addition, as {@link Cost} counts them for one sample.
     *
     * @param fraction the fraction of all of them that goes, in [0, 1)
     * @return the saving
     */
    public static Saving multiplyAdds(float fraction) {
        return new Saving(
                "multiplyAdds", "multiply-adds", Cost::multiplyAdds, Optional.empty(), fraction);
    }

    /**
     * Saves time, as it is measured on this machine: by a function of the user's own, for the
     * engine that the model will run on. Timings differ from run to run, so that the same seed need
     * not give the same network.
     *
     * <p>The network without all that can go is timed before the training begins, and a fraction
     * that even this one does not save is refused. A little less than it saves may be refused on a
     * busy machine, and reached on another day.
     *
     * @param fraction the fraction of the time that goes, in [0, 1)
     * @param seconds runs a graph, with any weights of the shapes that it names, and returns how
     *     long that took; called six times for each network that is looked at, whole and thin in
     *     turn, and some ten networks are looked at for 1,000 channels
     * @return the saving, which can't be written down
     */
    public static Saving latency(float fraction, ToDoubleFunction<Graph> seconds) {
        return new Saving(
                "latency", "time", Cost::multiplyAdds, Optional.of(seconds), fraction, seconds);
    }

    /** Returns the fraction that is saved in the end. */
    float fraction() {
        return fraction;
    }

    /** Returns what of a cost is saved; multiply-adds stand for time. */
    long of(Cost cost) {
        return unit.applyAsLong(cost);
    }

    /** Shows a fraction of it to people. */
    String format(double saved) {
        return String.format(Locale.ROOT, "%s saved %.4f", what, saved);
    }

    /** Returns which fraction a thinner graph saves. */
    double saved(Graph thinner, TracedNetwork dense) {
        double before = Double.POSITIVE_INFINITY;
        double after = Double.POSITIVE_INFINITY;
        for (int turn = 0; turn < (seconds.isPresent() ? TURNS : 1); ++turn) {
            before = Math.min(before, measure(dense.graph(), dense));
            after = Math.min(after, measure(thinner, dense));
        }
        if (!(before > 0 && after >= 0)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The %s of the network went from %s to %s, but the first is greater"
                                    + " than 0, and the second at least 0: save something else",
                            what,
                            before,
                            after));
        }
        return 1 - after / before;
    }

    private double measure(Graph graph, TracedNetwork dense) {
        return seconds.map(timer -> timer.applyAsDouble(graph))
                .orElseGet(() -> (double) of(Cost.of(graph, dense.inputs())));
    }
}
