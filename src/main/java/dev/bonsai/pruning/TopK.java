package dev.bonsai.pruning;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/**
 * Selects the elements with the highest keys, with an exact count, in linear time: two histograms
 * of 16 bits each find the key at the cut, so that nothing is sorted and no input is a bad one.
 */
final class TopK {

    private static final int HALF = 16;
    private static final int BUCKETS = 1 << HALF;

    private TopK() {}

    /**
     * Removes the elements with the lowest keys of several arrays taken together; among equal keys
     * an element of a lower index, or of an earlier array, is kept.
     *
     * @param arrays the keys
     * @param count how many elements are removed, from 0 to all
     * @return the kept indices of each array
     */
    static List<BitSet> allButLowest(List<int[]> arrays, long count) {
        int cut = Integer.MIN_VALUE;
        long ties = 0;
        if (count > 0) {
            Bucket high = find(arrays, HALF, 0, count);
            Bucket low = find(arrays, 0, high.index, count - high.below);
            cut = (high.index << HALF | low.index) ^ Integer.MIN_VALUE;
            ties = count - high.below - low.below;
        }
        List<BitSet> kept = new ArrayList<>();
        for (int a = arrays.size() - 1; a >= 0; --a) {
            int[] keys = arrays.get(a);
            BitSet keep = new BitSet(keys.length);
            for (int i = keys.length - 1; i >= 0; --i) {
                if (keys[i] > cut || (keys[i] == cut && --ties < 0)) {
                    keep.set(i);
                }
            }
            kept.add(keep);
        }
        Collections.reverse(kept);
        return kept;
    }

    /** Returns the bucket of the count-th lowest key among those whose upper bits are given. */
    private static Bucket find(List<int[]> arrays, int shift, int upper, long count) {
        long[] histogram = new long[BUCKETS];
        for (int[] keys : arrays) {
            for (int key : keys) {
                int bits = (key ^ Integer.MIN_VALUE) >>> shift;
                if (bits >>> HALF == upper) {
                    ++histogram[bits & (BUCKETS - 1)];
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
