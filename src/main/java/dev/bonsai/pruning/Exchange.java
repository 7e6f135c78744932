package dev.bonsai.pruning;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.Tensors;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Drops the least important of the kept groups and grows as many of the removed ones.
 *
 * <p>Only what was removed before, and has been held at zero since, is grown. Only whole groups are
 * exchanged, so that the count of elements stays as it is. A frozen weight keeps its mask.
 */
abstract sealed class Exchange extends Regrowth permits RandomGrowth, GradientGrowth {

    private final float fraction;

    Exchange(float fraction, int everySteps, String factory, Object... arguments) {
        super(checkSteps(everySteps), factory, arguments);
        if (!(fraction > 0 && fraction < 1)) {
            throw new IllegalArgumentException(
                    "The fraction of a regrowth lies in (0, 1), but got "
                            + fraction
                            + ": use 0.1f to exchange 10 % of what is kept");
        }
        this.fraction = fraction;
    }

    /** Returns what the removed groups of a weight are ranked by: the highest are grown. */
    abstract Function<Ranking, FloatBuffer> scores(Proposal proposal);

    @Override
    List<BitSet> exchange(List<BitSet> kept, List<Ranking> rankings, Proposal proposal) {
        Function<Ranking, FloatBuffer> scores = scores(proposal);
        List<BitSet> exchanged = new ArrayList<>();
        for (int i = 0; i < kept.size(); ++i) {
            Ranking ranking = rankings.get(i);
            if (ranking.weight().isFrozen()) {
                exchanged.add(kept.get(i)); // what is grown would stay at zero
                continue;
            }
            BitSet candidates = candidates(ranking, proposal);
            exchanged.add(exchange(kept.get(i), candidates, ranking, scores.apply(ranking)));
        }
        return exchanged;
    }

    private BitSet exchange(BitSet kept, BitSet candidates, Ranking ranking, FloatBuffer scores) {
        Groups groups = ranking.groups();
        int[] drops = new int[scores.remaining()];
        int[] grows = new int[scores.remaining()];
        int droppable = 0;
        for (int i = 0; i < scores.remaining(); ++i) {
            boolean drop = kept.get(i) && groups.isWhole(i) && ranking.keys()[i] != Ranking.LAST;
            droppable += drop ? 1 : 0;
            drops[i] = drop ? ranking.keys()[i] : Ranking.LAST;
            grows[i] = candidates.get(i) ? Ranking.key(scores.get(i)) : Ranking.GONE;
        }
        int wanted = Math.round(fraction * kept.cardinality());
        int units = Math.min(wanted, Math.min(droppable, candidates.cardinality()));
        long count = (long) units * groups.height() * groups.width();
        BitSet result = (BitSet) kept.clone();
        result.and(TopK.allButLowest(List.of(ranking.by(drops)), count).get(0));
        result.or(TopK.allButLowest(List.of(ranking.by(grows)), ranking.size() - count).get(0));
        return result;
    }

    /** Returns the whole groups that are gone and exactly zero. */
    private static BitSet candidates(Ranking ranking, Proposal proposal) {
        FloatBuffer values =
                Tensors.floats(
                        proposal.value(ranking.weight()).toType(DataType.FLOAT32, false).abs());
        FloatBuffer means = ranking.groups().means(values);
        BitSet candidates = new BitSet();
        IntStream.range(0, means.remaining())
                .filter(i -> ranking.keys()[i] == Ranking.GONE)
                .filter(i -> means.get(i) == 0 && ranking.groups().isWhole(i))
                .forEach(candidates::set);
        return candidates;
    }

    @Override
    MaskTransform mask(BitSet keep, double level, Shape shape, DataType type, NDManager manager) {
        return new HoldingMask(keep, level, shape, type, manager);
    }
}
