package dev.bonsai;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.function.Consumer;
import java.util.function.Function;

/** A block of parameters of any kind, whose forward pass is a function. */
public final class FunctionBlock extends AbstractBlock {

    private final Forward forward;
    private Consumer<NDManager> first = manager -> {};
    private Function<Shape, Shape> output = input -> input;

    /** What a pass computes. */
    @FunctionalInterface
    public interface Forward {

        /**
         * Computes the output.
         *
         * @param x the input
         * @param values asks the store for a parameter by its name
         */
        NDArray apply(NDArray x, Function<String, NDArray> values);
    }

    /** Makes a block whose output has the shape of its input. */
    public FunctionBlock(Forward forward) {
        this.forward = forward;
    }

    /** Adds a parameter. */
    public FunctionBlock add(Parameter parameter) {
        addParameter(parameter);
        return this;
    }

    /** Adds a weight of a shape that is known, which is trained. */
    public FunctionBlock add(String name, long... shape) {
        return add(weight(name).optShape(new Shape(shape)).build());
    }

    /** Begins a weight. */
    public static Parameter.Builder weight(String name) {
        return Parameter.builder().setName(name).setType(Parameter.Type.WEIGHT);
    }

    /** Has the parameters that have no shape come by their arrays when the block is initialised. */
    public FunctionBlock initially(Consumer<NDManager> action) {
        first = action;
        return this;
    }

    /** Has the output be a matrix of so many columns. */
    public FunctionBlock columns(int columns) {
        output = input -> new Shape(input.get(0), columns);
        return this;
    }

    /** Returns a parameter. */
    public Parameter parameter(String name) {
        return parameters.get(name);
    }

    @Override
    public void initialize(NDManager manager, DataType type, Shape... shapes) {
        if (!isInitialized()) {
            first.accept(manager);
        }
        super.initialize(manager, type, shapes);
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store,
            NDList inputs,
            boolean training,
            PairList<String, Object> params) {
        NDArray x = inputs.head();
        return new NDList(
                forward.apply(
                        x, name -> store.getValue(parameters.get(name), x.getDevice(), training)));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] shapes) {
        return new Shape[] {output.apply(shapes[0])};
    }
}
