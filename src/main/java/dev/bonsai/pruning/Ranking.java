package dev.bonsai.pruning;

import dev.bonsai.core.TargetWeight;
import java.nio.FloatBuffer;
import java.util.BitSet;

/**
 * The groups of one weight in the order in which they are removed: by ascending key, and among
 * equal keys the highest index first. Sizes and counts are in elements.
 *
 * @param weight the weight
 * @param groups its groups
 * @param keys one key a group: the importance as an integer of the same order, {@link #GONE} if the
 *     group is removed already, {@link #LAST} for the most important one, which always stays: a
 *     layer without any weight would cut the network
 * @param gone the number of elements that are removed already
 * @param last the number of elements of the most important group
 */
record Ranking(TargetWeight weight, Groups groups, int[] keys, int gone, int last) {

    /** Below the key of negative infinity. */
    static final int GONE = Integer.MIN_VALUE;

    /** Above the key of positive infinity. */
    static final int LAST = Integer.MAX_VALUE;

    /**
     * Ranks the groups of a weight.
     *
     * @param weight the weight
     * @param groups its groups
     * @param importance one value a group
     * @param present the groups that are not removed yet
     * @throws IllegalArgumentException if an importance is NaN
     */
    static Ranking of(TargetWeight weight, Groups groups, FloatBuffer importance, BitSet present) {
        int[] keys = new int[importance.remaining()];
        int best = -1;
        int gone = 0;
        for (int i = 0; i < keys.length; ++i) {
            if (!present.get(i)) {
                keys[i] = GONE;
                gone += groups.size(i);
                continue;
            }
            if (Float.isNaN(importance.get(i))) {
                throw Importances.isNaN((groups.isElements() ? "element " : "group ") + i, weight);
            }
            keys[i] = key(importance.get(i));
            if (best < 0 || keys[i] > keys[best]) {
                best = i;
            }
        }
        if (best < 0) {
            return new Ranking(weight, groups, keys, gone, 0);
        }
        keys[best] = LAST;
        return new Ranking(weight, groups, keys, gone, groups.size(best));
    }

    /** Maps a float to an integer of the same order; both zeros are equal. */
    static int key(float importance) {
        int bits = Float.floatToRawIntBits(importance + 0f); // -0 + 0 = +0
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }

    /** Ranks the same groups by other keys, as if none were removed. */
    Ranking by(int[] others) {
        return new Ranking(weight, groups, others, 0, 0);
    }

    /** Returns the groups that are not removed yet. */
    BitSet present() {
        BitSet present = new BitSet(keys.length);
        for (int i = 0; i < keys.length; ++i) {
            present.set(i, keys[i] != GONE);
        }
        return present;
    }

    int size() {
        return groups.elements();
    }

    /** Returns the number nearest to a count that can be removed: at least the gone, never all. */
    int clamp(long count) {
        return (int) Math.max(Math.min(count, (long) size() - last), gone);
    }
}
