package dev.bonsai.runtime;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.runtime.arithmetic.Arithmetic;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.LongStream;

/** The operands that a kernel is given. */
final class Arguments {

    /** What is made of operands that are the same in every run. */
    static final class Prepared {

        private final boolean[] fixed;
        private final boolean[] last;
        private final AtomicReferenceArray<Object> made;

        /** Takes which operands are the same in every run, and which nothing reads afterwards. */
        Prepared(boolean[] fixed, boolean[] last) {
            this.fixed = fixed;
            this.last = last;
            made = new AtomicReferenceArray<>(fixed.length);
        }
    }

    private static final Prepared NOTHING = new Prepared(new boolean[0], new boolean[0]);

    private final Tensor[] values;
    private final int results;
    private final Arithmetic arithmetic;
    private final Prepared prepared;
    private final Spares spares;

    /** Takes the operands, null where one is left out, and the number of results asked for. */
    Arguments(
            Tensor[] values, int results, Arithmetic arithmetic, Prepared prepared, Spares spares) {
        this.values = values;
        this.results = results;
        this.arithmetic = arithmetic;
        this.prepared = prepared;
        this.spares = spares;
    }

    /** Takes operands of which none stands fast. */
    static Arguments of(int results, Tensor... values) {
        return new Arguments(values, results, Arithmetic.best(), NOTHING, new Spares());
    }

    /** Takes other operands of the same run, for one result. */
    Arguments with(Tensor... others) {
        return new Arguments(others, 1, arithmetic, NOTHING, spares);
    }

    Arithmetic arithmetic() {
        return arithmetic;
    }

    /**
     * Returns what is made of an operand. Of one that is the same in every run it is made once; a
     * kernel asks for one thing per operand only.
     */
    <T> T prepared(int i, Class<T> type, Function<Tensor, T> maker) {
        if (i >= prepared.fixed.length || !prepared.fixed[i]) {
            return maker.apply(get(i));
        }
        Object made = prepared.made.get(i);
        if (made == null) {
            made = maker.apply(get(i));
            prepared.made.set(i, made);
        }
        return type.cast(made);
    }

    /** Returns an array for floats, with anything in it: all of it must be written. */
    float[] array(int size) {
        return spares.take(size);
    }

    /**
     * Returns an array for floats each of which is computed from no others of the operands of this
     * size than those at its place: that of such an operand if nothing reads it afterwards.
     */
    float[] arrayInPlace(int size) {
        for (int i = 0; i < Math.min(prepared.last.length, values.length); ++i) {
            if (prepared.last[i]
                    && values[i] != null
                    && values[i].data() instanceof float[] own
                    && own.length == size
                    && spares.isHeldOnce(own)) {
                return own;
            }
        }
        return array(size);
    }

    /** Returns an array of the kind of another, with anything in it: all of it must be written. */
    Object arrayLike(Object data, int size) {
        return data instanceof float[] ? array(size) : Types.zerosLike(data, size);
    }

    /** Takes an array back that became part of no result. */
    void giveBack(float[] array) {
        spares.give(array);
    }

    int count() {
        return values.length;
    }

    int results() {
        return results;
    }

    boolean has(int i) {
        return i < values.length && values[i] != null;
    }

    Tensor get(int i) {
        if (!has(i)) {
            throw new GraphException("Operand %s is needed, but is left out", i);
        }
        return values[i];
    }

    Optional<Tensor> optional(int i) {
        return has(i) ? Optional.of(values[i]) : Optional.empty();
    }

    int[] shape(int i) {
        return get(i).dims();
    }

    ElementType type(int i) {
        return get(i).type();
    }

    float[] floats(int i) {
        return get(i).floats();
    }

    long[] longs(int i) {
        return get(i).longs();
    }

    /** The integers of an operand, or empty if it is left out. */
    Optional<List<Long>> integers(int i) {
        return optional(i).map(value -> LongStream.of(value.longs()).boxed().toList());
    }

    /** The one element of an operand, or a standard value if it is left out. */
    float scalar(int i, float standard) {
        if (!has(i)) {
            return standard;
        }
        if (get(i).size() != 1) {
            throw new GraphException("Operand %s is one number, but is %s", i, get(i));
        }
        return (float) Types.real(get(i).data(), 0);
    }
}
