package dev.bonsai;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractSymbolBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;

/**
 * A linear layer that behaves like an imported one: it reads its own array, never asks the store,
 * and notes what it read.
 */
public final class OpaqueDouble extends AbstractSymbolBlock {

    private final Parameter weight =
            Parameter.builder().setName("weight").setType(Parameter.Type.WEIGHT).build();
    private final List<float[]> inTraining = new ArrayList<>();
    private final List<float[]> inEvaluation = new ArrayList<>();

    /** Returns the weight that each training pass used. */
    public List<float[]> inTraining() {
        return inTraining;
    }

    /** Returns the weight that each other pass used. */
    public List<float[]> inEvaluation() {
        return inEvaluation;
    }

    /** Returns the weight as it lies in the block. */
    public float[] weight() {
        return weight.getArray().toFloatArray();
    }

    @Override
    public ParameterList getDirectParameters() {
        ParameterList parameters = new ParameterList();
        parameters.add("weight", weight);
        return parameters;
    }

    @Override
    protected void prepare(Shape[] inputShapes) {
        weight.setShape(new Shape(Toy.CLASSES, inputShapes[0].get(1)));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {new Shape(inputShapes[0].get(0), Toy.CLASSES)};
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store,
            NDList inputs,
            boolean training,
            PairList<String, Object> params) {
        NDArray own = weight.getArray();
        (training ? inTraining : inEvaluation).add(own.toFloatArray());
        NDArray input = inputs.head();
        return input.getNDArrayInternal().linear(input, own, null);
    }
}
