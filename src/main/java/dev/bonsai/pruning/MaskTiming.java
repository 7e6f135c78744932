package dev.bonsai.pruning;

import dev.bonsai.core.Refresh;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * When masks are cut between the ends of epochs, and where the weights go back to.
 *
 * @param refresh how often masks are cut anew, and the parts of a ramp
 * @param rewindEpoch the epoch to go back to, if any
 */
record MaskTiming(Refresh refresh, OptionalInt rewindEpoch) {

    static MaskTiming of(PruningSettings settings) {
        Regrowth regrowth = settings.regrowth();
        int steps = regrowth.everySteps();
        if (steps > 0) {
            checkRegrowth(settings, regrowth);
        }
        Refresh refresh = steps == 0 ? settings.ramp() : new Refresh(steps, settings.ramp().ramp());
        if (settings.rewindEpoch().isPresent() && refresh.interval() > 0) {
            throw new IllegalArgumentException(
                    "With optRewind the mask of the trained weights stands while early weights are"
                            + " trained, but optRegrowth and optRamp cut it anew from those: leave"
                            + " out either optRewind or the other two");
        }
        return new MaskTiming(refresh, settings.rewindEpoch());
    }

    private static void checkRegrowth(PruningSettings settings, Regrowth regrowth) {
        int ramp = settings.ramp().interval();
        if (ramp > 0 && ramp != regrowth.everySteps()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The mask is cut every %d steps by optRamp and every %d by optRegrowth:"
                                    + " give both the same number",
                            ramp,
                            regrowth.everySteps()));
        }
        if (settings.threshold().isPresent()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The regrowth %s keeps the number of weights, which a threshold leaves open: use"
                                    + " setTargetSparsity in place of setThreshold",
                            regrowth));
        }
        if (regrowth instanceof Exchange && settings.pattern() instanceof NofM) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The regrowth %s exchanges weights all over a layer, but the pattern %s fixes how"
                                    + " many stay in each group: use Regrowth.splicing(%d)",
                            regrowth,
                            settings.pattern(),
                            regrowth.everySteps()));
        }
    }
}
