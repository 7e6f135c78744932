package dev.bonsai;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;

/** Looks at the weights that its child is about to see. */
public final class ZeroCounter extends AbstractBlock {

    private final Block child;
    private final List<Long> inTraining = new ArrayList<>();

    public ZeroCounter(Block child) {
        this.child = addChildBlock("child", child);
    }

    /** Returns the number of zeros among all weights, for each training pass. */
    public List<Long> inTraining() {
        return inTraining;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store,
            NDList inputs,
            boolean training,
            PairList<String, Object> params) {
        long zeros = 0;
        for (Parameter parameter : child.getParameters().values()) {
            if (parameter.getType() == Parameter.Type.WEIGHT) {
                NDArray seen = store.getValue(parameter, inputs.head().getDevice(), training);
                zeros += Toy.zeros(seen.toFloatArray());
            }
        }
        if (training) {
            inTraining.add(zeros);
        }
        return child.forward(store, inputs, training, params);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return child.getOutputShapes(inputShapes);
    }

    @Override
    protected void initializeChildBlocks(
            NDManager manager, DataType dataType, Shape... inputShapes) {
        child.initialize(manager, dataType, inputShapes);
    }

    @Override
    public String toString() {
        return "zeros in training passes: " + inTraining;
    }
}
