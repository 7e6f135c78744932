package dev.bonsai;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.trace.Tracer;

/** What a network may be made of; its parameters have the same paths in both. */
public enum Form {
    /** DJL's blocks. */
    BLOCKS,
    /** One block that runs the graph of them. */
    GRAPH;

    /** Returns a network that is not initialised, of blocks that are not either. */
    Block of(Block blocks) {
        if (this == BLOCKS) {
            return blocks;
        }
        try (NDManager scratch = NDManager.newBaseManager()) {
            Shape shape = new Shape(2, Toy.FEATURES);
            blocks.initialize(scratch, DataType.FLOAT32, shape);
            return new GraphBlock(Tracer.graph(blocks, new NDList(scratch.zeros(shape))));
        }
    }
}
