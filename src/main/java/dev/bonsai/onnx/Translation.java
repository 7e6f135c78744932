package dev.bonsai.onnx;

/** Says what a node of an ONNX file means in operators of a graph. */
@FunctionalInterface
interface Translation {

    /**
     * Adds what a node means to a graph.
     *
     * @param node the node
     * @param sketch the graph
     * @throws OnnxFormatException if a tensor in its attributes is wrong
     * @throws dev.bonsai.graph.type.GraphException if it has no such meaning
     */
    void translate(OnnxNode node, GraphSketch sketch) throws OnnxFormatException;
}
