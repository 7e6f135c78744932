package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.graph.type.GraphException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The operands of one node.
 *
 * <p>What an operator returns belongs to the manager of the array that it is called on. A kernel
 * calls operators on {@link #owned} arrays only, so that nothing is left in the model's manager;
 * weights stand behind. Its intermediate results go through {@link #scratch}.
 */
final class Arguments {

    private final Pass pass;
    private final Value[] operands;
    private final int results;
    private final List<NDArray> scratch = new ArrayList<>(4);

    Arguments(Pass pass, Value[] operands, int results) {
        this.pass = pass;
        this.operands = operands;
        this.results = results;
    }

    int count() {
        return operands.length;
    }

    /** Returns how many results the node names. */
    int results() {
        return results;
    }

    boolean isTraining() {
        return pass.isTraining();
    }

    NDManager manager() {
        return pass.manager();
    }

    boolean has(int i) {
        return i < operands.length && operands[i] != null;
    }

    /** Returns an operand that is not called on: a weight is the very array of the store. */
    NDArray array(int i) {
        if (!has(i)) {
            throw new GraphException("Operand " + i + " is needed, but is left out");
        }
        return operands[i].array(pass.manager());
    }

    /** Returns an operand, or null if it is left out, as DJL's operators take it. */
    NDArray arrayOrNull(int i) {
        return has(i) ? array(i) : null;
    }

    /** Returns an operand that operators may be called on. */
    NDArray owned(int i) {
        NDArray array = array(i);
        return operands[i].isOwned() ? array : view(array);
    }

    /** Returns a view of a weight or a constant that belongs to the pass; gradients go through. */
    private NDArray view(NDArray array) {
        NDArray view = array.reshape(array.getShape());
        view.attach(pass.manager());
        return scratch(view);
    }

    /** Has an intermediate result closed behind the node, unless it is a result. */
    NDArray scratch(NDArray array) {
        scratch.add(array);
        return array;
    }

    Shape shape(int i) {
        return array(i).getShape();
    }

    DataType type(int i) {
        return array(i).getDataType();
    }

    /** Tells whether an operand is a weight of the graph. */
    boolean isWeight(int i) {
        return has(i) && operands[i].isWeight();
    }

    /** Returns the values of an operand that is a constant of the graph. */
    Optional<float[]> constant(int i) {
        return has(i) ? operands[i].constant() : Optional.empty();
    }

    /** Returns the integers of an operand where they are on Java's side. */
    Optional<Numbers> numbers(int i) {
        return has(i) ? operands[i].numbers() : Optional.empty();
    }

    /** Returns the integers of an operand, from the device if they are there. */
    long[] longs(int i) {
        Optional<Numbers> known = numbers(i);
        if (known.isPresent()) {
            return known.get().values();
        }
        NDArray array = owned(i);
        NDArray wide = array.toType(DataType.INT64, false);
        if (wide != array) {
            scratch(wide);
        }
        return wide.toLongArray();
    }

    /** Returns the integers of an operand, or others if it is left out. */
    long[] longs(int i, long... standard) {
        return has(i) ? longs(i) : standard;
    }

    /** Returns the floats of an operand, or none if it is left out. */
    float[] floats(int i) {
        if (!has(i)) {
            return new float[0];
        }
        if (constant(i).isPresent()) {
            return constant(i).get();
        }
        NDArray array = owned(i);
        NDArray floats = array.toType(DataType.FLOAT32, false);
        if (floats != array) {
            scratch(floats);
        }
        return floats.toFloatArray();
    }

    /** Returns a number to compute with, in the type of an array. */
    NDArray scalar(double value, NDArray like) {
        return pass.constants().scalar(value, like.getDataType());
    }

    /** Closes the intermediate results, but not the results. */
    void close(Value[] found) {
        for (NDArray array : scratch) {
            if (!isResult(array, found)) {
                array.close();
            }
        }
        scratch.clear();
    }

    private static boolean isResult(NDArray array, Value[] found) {
        for (Value value : found) {
            if (value != null && value.is(array)) {
                return true;
            }
        }
        return false;
    }
}
