package dev.bonsai.thinning;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Places of dimensions, and which can only be removed together (disjoint sets). */
final class Atoms {

    private int[] parents = new int[1024];
    private int count;
    private final Map<Integer, Cause> causes = new HashMap<>();

    Axis.Lane fresh(int size) {
        if (count + size > parents.length) {
            parents = Arrays.copyOf(parents, Math.max(2 * parents.length, count + size));
        }
        int[] atoms = new int[size];
        for (int i = 0; i < size; ++i) {
            atoms[i] = count;
            parents[count] = count;
            ++count;
        }
        return new Axis.Lane(atoms);
    }

    int find(int atom) {
        int root = atom;
        while (parents[root] != root) {
            root = parents[root];
        }
        int at = atom;
        while (parents[at] != root) {
            int next = parents[at];
            parents[at] = root;
            at = next;
        }
        return root;
    }

    /** Ties two atoms; of two causes that of the lower set, which is the older, stays. */
    void tie(int a, int b) {
        int one = find(a);
        int other = find(b);
        int low = Math.min(one, other);
        int high = Math.max(one, other);
        if (low != high) {
            parents[high] = low;
            Cause cause = causes.remove(high);
            if (cause != null) {
                causes.putIfAbsent(low, cause);
            }
        }
    }

    void refuse(int atom, Cause cause) {
        causes.putIfAbsent(find(atom), cause);
    }

    Optional<Cause> cause(int atom) {
        return Optional.ofNullable(causes.get(find(atom)));
    }
}
