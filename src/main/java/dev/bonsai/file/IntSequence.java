package dev.bonsai.file;

import java.util.BitSet;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;

/**
 * Whole numbers in order, which can be gone through more than once and need no array of their own.
 */
interface IntSequence {

    /** Tells how many there are. */
    int count();

    /** Goes through all of them. */
    void forEach(IntConsumer action);

    /** The numbers of an array. */
    static IntSequence of(int[] values) {
        return range(values.length).map(i -> values[i]);
    }

    /** The numbers from 0 on. */
    static IntSequence range(int count) {
        return of(
                count,
                action -> {
                    for (int i = 0; i < count; ++i) {
                        action.accept(i);
                    }
                });
    }

    /** The indices of the bits that are set. */
    static IntSequence of(BitSet bits) {
        return of(
                bits.cardinality(),
                action -> {
                    for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
                        action.accept(i);
                    }
                });
    }

    /** What is made of each number. */
    default IntSequence map(IntUnaryOperator operator) {
        return of(count(), action -> forEach(i -> action.accept(operator.applyAsInt(i))));
    }

    private static IntSequence of(int count, Consumer<IntConsumer> walk) {
        return new IntSequence() {
            @Override
            public int count() {
                return count;
            }

            @Override
            public void forEach(IntConsumer action) {
                walk.accept(action);
            }
        };
    }
}
