package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.EncodedWeight;
import java.util.Optional;

/** A value while a graph runs: an array of the engine, integers on Java's side, or both. */
final class Value implements AutoCloseable {

    private final Optional<Numbers> numbers;
    private final Optional<float[]> constant;
    private final Owner owner;
    private NDArray array;

    private enum Owner {
        PASS,
        MODEL,
        CONSTANTS
    }

    private Value(
            Optional<Numbers> numbers, Optional<float[]> constant, NDArray array, Owner owner) {
        this.numbers = numbers;
        this.constant = constant;
        this.array = array;
        this.owner = owner;
    }

    /** A value that was computed in this pass, and is closed by it. */
    static Value of(NDArray array) {
        return new Value(Optional.empty(), Optional.empty(), array, Owner.PASS);
    }

    /** Integers that were computed in this pass. */
    static Value of(Numbers numbers) {
        return new Value(Optional.of(numbers), Optional.empty(), null, Owner.PASS);
    }

    /** A weight, which outlives the pass. */
    static Value weight(NDArray array) {
        return new Value(Optional.empty(), Optional.empty(), array, Owner.MODEL);
    }

    /** A constant, which outlives the pass. */
    static Value constant(NDArray array, EncodedWeight value) {
        Optional<float[]> few =
                value.size() > Numbers.MOST ? Optional.empty() : Optional.of(value.decode());
        return new Value(Numbers.of(value), few, array, Owner.CONSTANTS);
    }

    /** Tells whether the pass may have this value be the receiver of an operator. */
    boolean isOwned() {
        return owner == Owner.PASS;
    }

    boolean isWeight() {
        return owner == Owner.MODEL;
    }

    /** Returns the values of a constant of few elements. */
    Optional<float[]> constant() {
        return constant;
    }

    boolean isNumbers() {
        return array == null;
    }

    Optional<Numbers> numbers() {
        return numbers;
    }

    /** Returns the value on the device; integers that are not there yet are brought there. */
    NDArray array(NDManager pass) {
        if (array == null) {
            Numbers known = numbers.orElseThrow();
            array = Tensors.exact(pass, known.bytes(), known.dataType(), known.shape());
        }
        return array;
    }

    /** Tells whether this is the array of another value. */
    boolean is(NDArray other) {
        return array == other;
    }

    @Override
    public void close() {
        if (isOwned() && array != null) {
            array.close();
        }
    }
}
