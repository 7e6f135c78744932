package dev.bonsai;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/** A net with a weight that its forward pass never asks the store for. */
public final class MuteBlock extends AbstractBlock {

    private final Block body = addChildBlock("body", Toy.mlp());
    private final Parameter mute =
            addParameter(
                    Parameter.builder()
                            .setName("mute")
                            .setType(Parameter.Type.WEIGHT)
                            .optShape(new Shape(4, 4))
                            .build());

    /** Returns the values of the weight that is not asked for. */
    public float[] mute() {
        return mute.getArray().toFloatArray();
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store,
            NDList inputs,
            boolean training,
            PairList<String, Object> params) {
        return body.forward(store, inputs, training, params);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return body.getOutputShapes(inputShapes);
    }

    @Override
    protected void initializeChildBlocks(
            NDManager manager, DataType dataType, Shape... inputShapes) {
        body.initialize(manager, dataType, inputShapes);
    }
}
