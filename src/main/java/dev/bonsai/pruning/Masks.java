package dev.bonsai.pruning;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which groups are kept. A group that is gone stays gone, and every weight keeps at least one
 * group; within these limits the counts are exact.
 */
final class Masks {

    private Masks() {}

    /** Cuts masks at a level. */
    @FunctionalInterface
    interface Rule {
        List<BitSet> keep(double level, List<Ranking> rankings);
    }

    /** Returns how many of n elements a sparsity removes: the nearest integer, a half goes up. */
    static long count(double sparsity, long size) {
        return Math.round(sparsity * size);
    }

    /** Ranks the groups of all weights together. */
    static List<BitSet> global(double sparsity, List<Ranking> rankings) {
        long size = rankings.stream().mapToLong(Ranking::size).sum();
        long gone = rankings.stream().mapToLong(Ranking::gone).sum();
        long last = rankings.stream().mapToLong(Ranking::last).sum();
        long count = Math.min(count(sparsity, size), size - last);
        return TopK.allButLowest(rankings, Math.max(count, gone));
    }

    /** Ranks the groups of each weight by themselves. */
    static Rule local(Allocation allocation) {
        return (sparsity, rankings) -> {
            int[] removed = allocation.removed(sparsity, rankings);
            List<BitSet> kept = new ArrayList<>();
            for (int i = 0; i < removed.length; ++i) {
                kept.addAll(TopK.allButLowest(List.of(rankings.get(i)), removed[i]));
            }
            return kept;
        };
    }

    /** Keeps what is not less important than a threshold. */
    static List<BitSet> threshold(double threshold, List<Ranking> rankings) {
        int cut = Ranking.key((float) threshold);
        return rankings.stream().map(ranking -> atLeast(cut, ranking.keys())).toList();
    }

    private static BitSet atLeast(int cut, int[] keys) {
        BitSet keep = new BitSet(keys.length);
        for (int i = 0; i < keys.length; ++i) {
            keep.set(i, keys[i] >= cut);
        }
        return keep;
    }
}
