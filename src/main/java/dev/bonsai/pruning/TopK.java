package dev.bonsai.pruning;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/**
 * Selects the groups with the highest keys, with an exact count, in linear time: two histograms of
 * 16 bits each find the key at the cut, so that nothing is sorted and no input is a bad one.
 */
final class TopK {

    private static final int HALF = 16;
    private static final int BUCKETS = 1 << HALF;

    private TopK() {}

    /**
     * Removes the groups with the lowest keys of several weights taken together; among equal keys a
     * group of a lower index, or of an earlier weight, is kept.
     *
     * @param rankings the keys, and the elements that each stands for
     * @param count how many elements are removed, from 0 to all: as many whole groups are removed
     *     as come nearest to it, and the greater number if two do
     * @return the kept groups of each weight
     */
    static List<BitSet> allButLowest(List<Ranking> rankings, long count) {
        int cut = Integer.MIN_VALUE;
        long ties = 0;
        if (count > 0) {
            Bucket high = find(rankings, HALF, 0, count);
            Bucket low = find(rankings, 0, high.index, count - high.below);
            cut = (high.index << HALF | low.index) ^ Integer.MIN_VALUE;
            ties = count - high.below - low.below;
        }
        List<BitSet> kept = new ArrayList<>();
        for (int a = rankings.size() - 1; a >= 0; --a) {
            int[] keys = rankings.get(a).keys();
            Groups groups = rankings.get(a).groups();
            BitSet keep = new BitSet(keys.length);
            for (int i = keys.length - 1; i >= 0; --i) {
                if (keys[i] > cut) {
                    keep.set(i);
                } else if (keys[i] == cut) {
                    int size = groups.size(i);
                    boolean nearer = 2 * ties >= size;
                    keep.set(i, !nearer);
                    ties = nearer ? ties - size : 0;
                }
            }
            kept.add(keep);
        }
        Collections.reverse(kept);
        return kept;
    }

    /** Returns the bucket of the count-th lowest element among those whose upper bits are given. */
    private static Bucket find(List<Ranking> rankings, int shift, int upper, long count) {
        long[] histogram = new long[BUCKETS];
        for (Ranking ranking : rankings) {
            int[] keys = ranking.keys();
            Groups groups = ranking.groups();
            for (int i = 0; i < keys.length; ++i) {
                int bits = (keys[i] ^ Integer.MIN_VALUE) >>> shift;
                if (bits >>> HALF == upper) {
                    histogram[bits & (BUCKETS - 1)] += groups.size(i);
                }
            }
        }
        int index = 0;
        long below = 0;
        while (below + histogram[index] < count) {
            below += histogram[index++];
        }
        return new Bucket(index, below);
    }

    private record Bucket(int index, long below) {}
}
