package dev.bonsai.thinning;

/** A dimension of a value. */
sealed interface Axis {

    /** A dimension of which places may be removed: the atom of each place. */
    record Lane(int[] atoms) implements Axis {

        int size() {
            return atoms.length;
        }
    }

    /** A dimension that stays as it is. */
    record Fixed(Cause cause) implements Axis {}
}
