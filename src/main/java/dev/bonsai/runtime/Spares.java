package dev.bonsai.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;

/**
 * The arrays of one run that no value needs any more, for the values that follow: an array that was
 * just read lies in the processor's cache, a new one does not. Arrays that came from elsewhere,
 * such as inputs and weights, are never among them.
 */
final class Spares {

    /** The most arrays that are kept, so that what large layers needed does not stay. */
    private static final int MOST = 8;

    private final IdentityHashMap<float[], Integer> holders = new IdentityHashMap<>();
    private final Deque<float[]> free = new ArrayDeque<>();

    /** Returns an array with anything in it. */
    float[] take(int size) {
        float[] array = find(size);
        holders.put(array, 0);
        return array;
    }

    private float[] find(int size) {
        for (Iterator<float[]> each = free.iterator(); each.hasNext(); ) {
            float[] array = each.next();
            if (array.length == size) {
                each.remove();
                return array;
            }
        }
        return new float[size];
    }

    /** Takes an array back that was taken, but became part of no value. */
    void give(float[] array) {
        if (holders.remove(array) != null) {
            free.addFirst(array);
            if (free.size() > MOST) {
                free.removeLast();
            }
        }
    }

    /** Tells whether an array was taken from here, and one place alone holds it. */
    boolean isHeldOnce(float[] array) {
        Integer count = holders.get(array);
        return count != null && count == 1;
    }

    /** Notes that a value is held in one place more. Several may share an array. */
    void hold(Tensor value) {
        if (value.data() instanceof float[] array) {
            Integer count = holders.get(array);
            if (count != null) {
                holders.put(array, count + 1);
            }
        }
    }

    /** Notes that a value is held in one place less. */
    void release(Tensor value) {
        if (value.data() instanceof float[] array) {
            Integer count = holders.get(array);
            if (count != null && count == 1) {
                give(array);
            } else if (count != null) {
                holders.put(array, count - 1);
            }
        }
    }
}
