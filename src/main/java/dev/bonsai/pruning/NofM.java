package dev.bonsai.pruning;

import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.Levels;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/** Elements, of which as many stay in every group of consecutive ones of a channel. */
final class NofM extends SparsityPattern {

    private final int n;
    private final int m;
    private final Stretch stretch;

    NofM(int n, int m, Stretch stretch) {
        super(stretch == Stretch.FLATTENED ? "nm" : "nmAlongInputChannels", n, m);
        this.n = n;
        this.m = m;
        this.stretch = stretch;
    }

    /** Returns the fraction that is removed in the end. */
    double sparsity() {
        return 1 - (double) n / m;
    }

    /** Removes one element more of each group at every step. */
    PruningLevels levels() {
        double[] steps = new double[m - n];
        for (int k = 1; k <= steps.length; ++k) {
            steps[k - 1] = (double) k / m;
        }
        Levels levels = Levels.of(0, steps, 1.0 / m, level -> kept(level) + ":" + m);
        return new PruningLevels(levels, this::keep);
    }

    @Override
    Groups groups(Shape shape) {
        return Groups.of(shape, 1, 1);
    }

    private int kept(double level) {
        return Math.toIntExact(m - Masks.count(level, m));
    }

    private List<BitSet> keep(double level, List<Ranking> rankings) {
        int kept = kept(level);
        return rankings.stream().map(ranking -> keep(kept, ranking)).toList();
    }

    private BitSet keep(int kept, Ranking ranking) {
        int length = ranking.groups().length();
        int step = stretch.step(ranking.weight().shape());
        int inputs = length / step;
        if (quota(Math.min(m, inputs), n) == inputs) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The pattern %s removes nothing from %s, whose channels have %d elements:"
                                    + " exclude it with a WeightSelector",
                            this,
                            ranking.weight(),
                            inputs));
        }
        BitSet keep = new BitSet(ranking.size());
        for (int channel = 0; channel < ranking.size(); channel += length) {
            for (int position = 0; position < step; ++position) {
                for (int input = 0; input < inputs; input += m) {
                    int size = Math.min(m, inputs - input);
                    int from = channel + input * step + position;
                    keepHighest(quota(size, kept), from, size, step, ranking.keys(), keep);
                }
            }
        }
        return keep;
    }

    /** Returns how many elements of a group stay: proportionally many, rounded up. */
    private int quota(int length, int kept) {
        return Math.toIntExact(((long) length * kept + m - 1) / m);
    }

    private static void keepHighest(
            int count, int from, int length, int step, int[] keys, BitSet keep) {
        for (int k = 0; k < count; ++k) {
            int best = -1;
            for (int i = from; i < from + length * step; i += step) {
                if (!keep.get(i) && (best < 0 || keys[i] > keys[best])) {
                    best = i;
                }
            }
            keep.set(best);
        }
    }
}
