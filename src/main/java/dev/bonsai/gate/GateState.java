package dev.bonsai.gate;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Everything that a {@link GateMachine} knows, as a value: a machine that is given it goes on where
 * this one stood.
 *
 * @param phase what it is about
 * @param turns how far the techniques are
 * @param dense how the warm-up has gone
 * @param looks how often a state was judged
 * @param marks the metrics that it remembers; empty before the baseline was measured
 * @param trials the record
 */
public record GateState(
        Phase phase,
        Turn turns,
        Dense dense,
        int looks,
        Optional<Marks> marks,
        List<Trial> trials) {

    /** Copies the list. */
    public GateState {
        trials = List.copyOf(trials);
    }

    /**
     * The metrics that a machine remembers.
     *
     * @param baseline those of the model before anything was changed
     * @param reference by each gate the best that an accepted state has had
     * @param start those of the state from which the first step was tried
     * @param kept those of the state to fall back to
     */
    public record Marks(
            Metrics baseline, Metrics reference, Optional<Metrics> start, Metrics kept) {}

    /**
     * How far the techniques are.
     *
     * @param accepted the accepted level of each technique
     * @param current the index of the technique whose turn it is; their number when all are done
     * @param failed a level of that technique that was undone: the next one lies below it
     */
    public record Turn(List<Double> accepted, int current, OptionalDouble failed) {

        /** Copies the list. */
        public Turn {
            accepted = List.copyOf(accepted);
        }
    }

    /**
     * How the warm-up has gone.
     *
     * @param best the metrics of the best state; empty if none was measured
     * @param reference the best metric by each gate
     * @param bestEpoch the epochs trained by then
     * @param epochs the epochs trained so far
     */
    public record Dense(
            Optional<Metrics> best, Optional<Metrics> reference, int bestEpoch, int epochs) {}
}
