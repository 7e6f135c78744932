package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.bonsai.graph.operator.Recurrence;

/** Recurrent networks: those of the engine where it has them, else step by step. */
final class RecurrentKernels {

    static final int BIAS = 3;
    static final int LENGTHS = 4;
    static final int HIDDEN = 5;
    static final int CELL = 6;
    static final int PEEPHOLES = 7;

    /** Where PyTorch's gates input, forget, cell, output stand in ONNX's order. */
    private static final int[] LSTM_GATES = {0, 2, 3, 1};

    /** Where PyTorch's gates reset, update, new stand in ONNX's order. */
    private static final int[] GRU_GATES = {1, 0, 2};

    private RecurrentKernels() {}

    static Kernel of(Recurrence operator) {
        return switch (operator.kind()) {
            case LSTM -> lstm(operator);
            case GRU -> gru(operator);
        };
    }

    private static Kernel lstm(Recurrence operator) {
        return in -> {
            RecurrentLayer layer = new RecurrentLayer(operator, in);
            if (in.has(LENGTHS) || in.has(PEEPHOLES)) {
                return layer.results(new LstmSteps(layer, in).run(), in.results());
            }
            NDList states = new NDList(layer.state(HIDDEN), layer.state(CELL));
            NDArray x = layer.sequence();
            NDList found =
                    x.getNDArrayInternal()
                            .lstm(
                                    x,
                                    states,
                                    layer.parameters(LSTM_GATES),
                                    in.has(BIAS),
                                    1,
                                    0,
                                    in.isTraining(),
                                    layer.isBidirectional(),
                                    false);
            return layer.results(layer.separated(found), in.results());
        };
    }

    private static Kernel gru(Recurrence operator) {
        return in -> {
            RecurrentLayer layer = new RecurrentLayer(operator, in);
            if (in.has(LENGTHS) || !operator.linearBeforeReset()) {
                GruSteps steps = new GruSteps(layer, in, operator.linearBeforeReset());
                return layer.results(steps.run(), in.results());
            }
            NDArray x = layer.sequence();
            NDList found =
                    x.getNDArrayInternal()
                            .gru(
                                    x,
                                    layer.state(HIDDEN),
                                    layer.parameters(GRU_GATES),
                                    in.has(BIAS),
                                    1,
                                    0,
                                    in.isTraining(),
                                    layer.isBidirectional(),
                                    false);
            return layer.results(layer.separated(found), in.results());
        };
    }
}
