package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.recurrent.RNN;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Recurrence;
import dev.bonsai.graph.operator.Recurrence.Direction;
import dev.bonsai.graph.operator.Recurrence.Kind;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.operator.Transpose;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Recurrent layers. The gates stand in another order in DJL than in ONNX: the graph reorders them,
 * so that the weights keep their paths and shapes. A layer without gates is a GRU whose gates stand
 * fast.
 */
final class RecurrentTranslations {

    /** The places of ONNX's gates (input, output, forget, cell) among the engine's (i, f, c, o). */
    private static final Gates LSTM_GATES = Gates.at(0, 3, 1, 2);

    /** The places of ONNX's gates (update, reset, hidden) among the engine's (r, z, n). */
    private static final Gates GRU_GATES = Gates.at(1, 0, 2);

    /** Where the settings stand that all have; a layer without gates has its activation there. */
    private static final int SETTINGS = 5;

    private RecurrentTranslations() {}

    static Map<String, Translation> table() {
        Map<String, Translation> table = new HashMap<>();
        table.put("lstm", call -> layers(call, LSTM_GATES, call.list(1), SETTINGS));
        table.put("gru", call -> layers(call, GRU_GATES, new NDList(call.array(1)), SETTINGS));
        table.put("rnn", RecurrentTranslations::plain);
        return table;
    }

    private static List<String> layers(Call call, Gates gates, NDList states, int settings) {
        return new Layers(call, gates, states, settings).translate();
    }

    private static List<String> plain(Call call) {
        Object activation = call.argument(SETTINGS);
        if (activation != RNN.Activation.TANH) {
            throw new Untranslatable("the activation " + activation);
        }
        return layers(call, Gates.none(), new NDList(call.array(1)), SETTINGS + 1);
    }

    /** The layers of one call: input, states, parameters, then the settings. */
    private static final class Layers {

        private final Call call;
        private final Gates gates;
        private final NDList states;
        private final NDList parameters;
        private final boolean biases;
        private final int count;
        private final double rate;
        private final boolean batchFirst;
        private final Direction direction;
        private final List<List<String>> parts = new ArrayList<>();
        private final List<List<String>> last = new ArrayList<>();

        Layers(Call call, Gates gates, NDList states, int settings) {
            this.call = call;
            this.gates = gates;
            this.states = states;
            parameters = call.list(2);
            biases = call.flag(3);
            count = call.integer(4);
            rate = call.real(settings);
            direction = call.flag(settings + 2) ? Direction.BIDIRECTIONAL : Direction.FORWARD;
            batchFirst = call.flag(settings + 3);
            if (call.flag(settings + 1)) {
                throw new Untranslatable("training");
            }
        }

        List<String> translate() {
            for (NDArray state : states) {
                parts.add(statesOf(state));
                last.add(new ArrayList<>());
            }
            String x = call.of(call.array(0));
            x = batchFirst ? call.node(new Transpose(List.of(1, 0, 2)), x) : x;
            for (int layer = 0; layer < count; ++layer) {
                x = layer(layer, x);
            }
            x = batchFirst ? call.node(new Transpose(List.of(1, 0, 2)), x) : x;
            List<String> results = new ArrayList<>(List.of(x));
            for (List<String> layers : last) {
                results.add(count == 1 ? layers.get(0) : call.node(new Concat(0), layers));
            }
            return results;
        }

        /** Returns the first state of each layer; none where all are zero. */
        private List<String> statesOf(NDArray state) {
            if (call.isZero(state)) {
                return List.of();
            }
            return count == 1
                    ? List.of(call.of(state))
                    : call.nodes(new Split(0), count, call.of(state));
        }

        private String layer(int layer, String x) {
            int directions = direction.count();
            int each = directions * (biases ? 4 : 2);
            List<NDArray> own = parameters.subList(layer * each, (layer + 1) * each);
            int hidden = Math.toIntExact(own.get(1).getShape().get(1));
            List<String> operands = new ArrayList<>(List.of(x));
            operands.add(joined(own, 0));
            operands.add(joined(own, 1));
            operands.add(biases(own));
            operands.add(""); // all sequences are as long as the input
            parts.forEach(list -> operands.add(list.isEmpty() ? "" : list.get(layer)));
            Operator operator =
                    states.size() == 2
                            ? new Recurrence(Kind.LSTM, hidden, direction, false, false)
                            : new Recurrence(Kind.GRU, hidden, direction, false, true);
            List<String> results =
                    call.nodes(operator, 1 + states.size(), operands.toArray(String[]::new));
            for (int i = 0; i < last.size(); ++i) {
                last.get(i).add(results.get(i + 1));
            }
            String rows = call.node(new Transpose(List.of(0, 2, 1, 3)), results.get(0));
            String sequence =
                    call.node(
                            new Reshape(false),
                            rows,
                            call.integers(0, 0, (long) directions * hidden));
            return rate == 0 || layer == count - 1
                    ? sequence
                    : call.node(
                            Plain.DROPOUT,
                            sequence,
                            call.scalar(rate, call.array(0).getDataType()));
        }

        /** The weights of one kind, those of both directions joined. */
        private String joined(List<NDArray> own, int kind) {
            List<String> directions = new ArrayList<>();
            for (int i = 0; i < direction.count(); ++i) {
                directions.add(front(gates.weight(call, own.get(2 * i + kind))));
            }
            return all(directions);
        }

        private String all(List<String> directions) {
            return directions.size() == 1
                    ? directions.get(0)
                    : call.node(new Concat(0), directions);
        }

        /** The biases, which the engine takes for one direction only. */
        private String biases(List<NDArray> own) {
            if (biases && direction == Direction.BIDIRECTIONAL) {
                throw new Untranslatable("two directions with biases");
            }
            String each = gates.biases(call, own, biases);
            return each.isEmpty() ? each : all(Collections.nCopies(direction.count(), front(each)));
        }

        private String front(String value) {
            return call.node(Plain.UNSQUEEZE, value, call.integers(0));
        }
    }
}
