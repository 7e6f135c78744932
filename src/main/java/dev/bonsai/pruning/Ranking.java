package dev.bonsai.pruning;

import dev.bonsai.core.TargetWeight;
import java.util.BitSet;

/**
 * The elements of one weight in the order in which they are removed: by ascending key, and among
 * equal keys the highest index first.
 *
 * @param weight the weight
 * @param keys one key an element: the importance as an integer of the same order, {@link #GONE} if
 *     the element is removed already, {@link #LAST} for the most important one, which always stays:
 *     a layer without any weight would cut the network
 * @param gone the number of elements that are removed already
 */
record Ranking(TargetWeight weight, int[] keys, int gone) {

    /** Below the key of negative infinity. */
    static final int GONE = Integer.MIN_VALUE;

    /** Above the key of positive infinity. */
    static final int LAST = Integer.MAX_VALUE;

    /**
     * Ranks the elements of a weight.
     *
     * @param weight the weight
     * @param importance one value an element
     * @param present the elements that are not removed yet
     * @throws IllegalArgumentException if an importance is NaN
     */
    static Ranking of(TargetWeight weight, float[] importance, BitSet present) {
        int[] keys = new int[importance.length];
        int best = -1;
        int gone = 0;
        for (int i = 0; i < keys.length; ++i) {
            if (!present.get(i)) {
                keys[i] = GONE;
                ++gone;
                continue;
            }
            if (Float.isNaN(importance[i])) {
                throw new IllegalArgumentException(
                        String.format(
                                "The importance of element %d of %s is NaN. Either the training"
                                        + " has diverged (lower the learning rate or clip the"
                                        + " gradients), or the criterion divides by zero",
                                i, weight));
            }
            keys[i] = key(importance[i]);
            if (best < 0 || keys[i] > keys[best]) {
                best = i;
            }
        }
        if (best >= 0) {
            keys[best] = LAST;
        }
        return new Ranking(weight, keys, gone);
    }

    /** Maps a float to an integer of the same order; both zeros are equal. */
    static int key(float importance) {
        int bits = Float.floatToRawIntBits(importance + 0f); // -0 + 0 = +0
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }

    int size() {
        return keys.length;
    }

    /** Returns the number nearest to a count that can be removed: at least the gone, never all. */
    int clamp(long count) {
        return (int) Math.max(Math.min(count, size() - 1L), gone);
    }
}
