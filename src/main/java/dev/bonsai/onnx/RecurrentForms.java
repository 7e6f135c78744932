package dev.bonsai.onnx;

import java.util.List;

/** LSTM and GRU, whose activations can be changed in ONNX. */
final class RecurrentForms {

    private RecurrentForms() {}

    static void translate(OnnxNode node, GraphSketch sketch) {
        node.need("input_forget", 0L);
        node.need("clip", 0f);
        node.need("activation_alpha", List.of());
        node.need("activation_beta", List.of());
        Translations.plain(
                node,
                sketch,
                "input_forget",
                "clip",
                "activation_alpha",
                "activation_beta",
                "output_sequence");
    }
}
