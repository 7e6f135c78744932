package dev.bonsai.pruning;

import dev.bonsai.core.Refresh;
import java.util.OptionalInt;

/**
 * When masks are cut between the ends of epochs, and where the weights go back to.
 *
 * @param refresh how often masks are cut anew, and the parts of a ramp
 * @param rewindEpoch the epoch to go back to, if any
 */
record MaskTiming(Refresh refresh, OptionalInt rewindEpoch) {

    static MaskTiming of(Pruning.Builder options) {
        Regrowth regrowth = options.regrowth;
        int steps = regrowth.everySteps();
        if (steps > 0) {
            checkRegrowth(options, regrowth);
        }
        Refresh refresh = steps == 0 ? options.ramp : new Refresh(steps, options.ramp.ramp());
        if (options.rewindEpoch.isPresent() && refresh.interval() > 0) {
            throw new IllegalArgumentException(
                    "With optRewind the mask of the trained weights stands while early weights are"
                            + " trained, but optRegrowth and optRamp cut it anew from those: leave"
                            + " out either optRewind or the other two");
        }
        return new MaskTiming(refresh, options.rewindEpoch);
    }

    private static void checkRegrowth(Pruning.Builder options, Regrowth regrowth) {
        int ramp = options.ramp.interval();
        if (ramp > 0 && ramp != regrowth.everySteps()) {
            throw new IllegalArgumentException(
                    String.format(
                            "The mask is cut every %d steps by optRamp and every %d by optRegrowth:"
                                    + " give both the same number",
                            ramp, regrowth.everySteps()));
        }
        if (options.threshold != null) {
            throw new IllegalArgumentException(
                    String.format(
                            "%s keeps the number of weights, which a threshold leaves open: use"
                                    + " setTargetSparsity in place of setThreshold",
                            regrowth));
        }
        if (regrowth instanceof Exchange && options.pattern instanceof NofM) {
            throw new IllegalArgumentException(
                    String.format(
                            "%s exchanges weights all over a layer, but the pattern %s fixes how"
                                    + " many stay in each group: use Regrowth.splicing(%d)",
                            regrowth, options.pattern, regrowth.everySteps()));
        }
    }
}
