package dev.bonsai.encoding;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Whole numbers that can't be changed, each in the 1, 2 or 4 bytes that the range of all needs: the
 * codes of a grid, or the assignments to a codebook.
 *
 * <p>Two of them are equal when they hold equal numbers in the same order.
 */
public final class Codes {

    private final Store store;
    private final int size;

    /** Where the numbers are, as their distances from the lowest of the range. */
    private sealed interface Store permits Bytes, Chars, Ints {

        int get(int index);

        void set(int index, int value);
    }

    private record Bytes(byte[] distances, int low) implements Store {

        @Override
        public int get(int index) {
            return low + (distances[index] & 0xff);
        }

        @Override
        public void set(int index, int value) {
            distances[index] = (byte) (value - low);
        }
    }

    private record Chars(char[] distances, int low) implements Store {

        @Override
        public int get(int index) {
            return low + distances[index];
        }

        @Override
        public void set(int index, int value) {
            distances[index] = (char) (value - low);
        }
    }

    private record Ints(int[] values) implements Store {

        @Override
        public int get(int index) {
            return values[index];
        }

        @Override
        public void set(int index, int value) {
            values[index] = value;
        }
    }

    private Codes(Store store, int size) {
        this.store = store;
        this.size = size;
    }

    /**
     * Copies numbers.
     *
     * @param values the numbers
     * @return the same numbers, in as little memory as their range allows
     */
    public static Codes of(int... values) {
        int low = Integer.MAX_VALUE;
        int high = Integer.MIN_VALUE;
        for (int value : values) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        return values.length == 0
                ? of(0, 0, 0, i -> i)
                : of(values.length, low, high, i -> values[i]);
    }

    /**
     * Works numbers out.
     *
     * @param size how many there are
     * @param low the lowest that can occur
     * @param high the highest that can occur
     * @param number the number of an index; asked for in ascending order, once each
     * @return the numbers
     * @throws IllegalArgumentException if a number lies outside the range
     */
    public static Codes of(int size, int low, int high, IntUnaryOperator number) {
        Builder builder = builder(size, low, high);
        for (int i = 0; i < size; ++i) {
            builder.set(i, number.applyAsInt(i));
        }
        return builder.build();
    }

    /**
     * Starts numbers that are set one by one.
     *
     * @param size how many there are
     * @param low the lowest that can occur, and what those are that are never set
     * @param high the highest that can occur
     * @return a builder
     */
    public static Builder builder(int size, int low, int high) {
        return new Builder(size, low, high);
    }

    /**
     * Returns one of the numbers.
     *
     * @param index its index, from 0
     * @return the number
     */
    public int get(int index) {
        return store.get(index);
    }

    /**
     * Tells how many numbers there are.
     *
     * @return the count
     */
    public int size() {
        return size;
    }

    /**
     * Returns a copy of the numbers.
     *
     * @return a new array
     */
    public int[] toArray() {
        int[] values = new int[size];
        for (int i = 0; i < size; ++i) {
            values[i] = store.get(i);
        }
        return values;
    }

    /**
     * Returns the first number outside a range.
     *
     * @param low the lowest of the range
     * @param high the highest of the range
     * @return its index, or -1 if there is none
     */
    int firstOutside(int low, int high) {
        for (int i = 0; i < size; ++i) {
            int value = store.get(i);
            if (value < low || value > high) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Codes that) || size != that.size) {
            return false;
        }
        for (int i = 0; i < size; ++i) {
            if (store.get(i) != that.store.get(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < size; ++i) {
            hash = 31 * hash + store.get(i);
        }
        return hash;
    }

    @Override
    public String toString() {
        return size + " codes";
    }

    /** Collects numbers of a known range. */
    public static final class Builder {

        private final int low;
        private final int high;
        private final int size;
        private final Store store;
        private boolean built;

        private Builder(int size, int low, int high) {
            if (size < 0 || low > high) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "Codes need a size of at least 0 and low <= high, but got size %d,"
                                        + " low %d and high %d",
                                size,
                                low,
                                high));
            }
            this.size = size;
            this.low = low;
            this.high = high;
            store = store(size, low, (long) high - low);
        }

        private static Store store(int size, int low, long range) {
            if (range <= 0xff) {
                return new Bytes(new byte[size], low);
            }
            if (range <= Character.MAX_VALUE) {
                return new Chars(new char[size], low);
            }
            int[] values = new int[size];
            Arrays.fill(values, low);
            return new Ints(values);
        }

        /**
         * Tells how many numbers there are.
         *
         * @return the count
         */
        public int size() {
            return size;
        }

        /**
         * Sets one of the numbers.
         *
         * @param index its index, from 0
         * @param value the number
         * @return this builder
         * @throws IllegalArgumentException if it lies outside the range
         * @throws IllegalStateException if the numbers were handed out
         */
        public Builder set(int index, int value) {
            checkOpen();
            if (value < low || value > high) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "A code lies in [%d, %d], but got %d at %d",
                                low,
                                high,
                                value,
                                index));
            }
            store.set(index, value);
            return this;
        }

        /**
         * Returns the numbers, once.
         *
         * @return the numbers
         */
        public Codes build() {
            checkOpen();
            built = true;
            return new Codes(store, size);
        }

        private void checkOpen() {
            if (built) {
                throw new IllegalStateException(
                        "The numbers were handed out already: start a builder per Codes");
            }
        }
    }
}
