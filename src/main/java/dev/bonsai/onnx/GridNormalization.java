package dev.bonsai.onnx;

import dev.bonsai.graph.GraphModel;

final class GridNormalization {

    private GridNormalization() {}

    static GraphModel fold(GraphModel model) {
        return model;
    }
}
