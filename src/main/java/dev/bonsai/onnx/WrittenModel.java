package dev.bonsai.onnx;

import dev.bonsai.graph.Node;

/** How a graph is said in ONNX: node by node, in floats unless a form says otherwise. */
interface WrittenModel {

    /** All in floats. */
    WrittenModel FLOATS = new WrittenModel() {};

    /** Whether a weight or a result is needed as it is. */
    default boolean keeps(String value) {
        return true;
    }

    /** Whether nothing of it is in integers. */
    default boolean isFloat() {
        return true;
    }

    /** Writes what stands before the nodes. */
    default void start(MessageSketch sketch) throws OnnxExportException {}

    /** Writes a node. */
    default void node(Node node, MessageSketch sketch) throws OnnxExportException {
        NodeWriter.write(node, sketch);
    }
}
