package dev.bonsai.runtime;

import dev.bonsai.graph.operator.Recurrence;
import java.util.List;

/** Recurrent layers. */
final class RecurrentKernels {

    private static final int CELL_STATE = 6;
    private static final int PEEPHOLES = 7;

    private RecurrentKernels() {}

    static List<Tensor> run(Recurrence operator, Arguments arguments) {
        RecurrentRun run = new RecurrentRun(operator, arguments);
        return operator.kind() == Recurrence.Kind.LSTM
                ? lstm(operator, run, arguments)
                : gru(operator, run);
    }

    private static List<Tensor> lstm(Recurrence operator, RecurrentRun run, Arguments arguments) {
        int hidden = operator.hidden();
        int gateCount = operator.kind().gates();
        float[] cells = run.state(CELL_STATE);
        run.forEachDirection(
                (direction, weights) -> {
                    int first = direction * run.batch() * hidden;
                    int peep = direction * 3 * hidden;
                    float[] peepholes =
                            arguments.has(PEEPHOLES)
                                    ? arguments.floats(PEEPHOLES)
                                    : new float[peep + 3 * hidden];
                    return (gates, inner, state, at, b) ->
                            lstm(
                                    gates,
                                    inner,
                                    b * gateCount * hidden,
                                    peepholes,
                                    peep,
                                    cells,
                                    first + b * hidden,
                                    state,
                                    at,
                                    hidden);
                });
        return List.of(run.sequence(), run.last(), run.asState(cells));
    }

    /** The gates lie in the order input, output, forget, cell. */
    private static void lstm(
            float[] gates,
            float[] inner,
            int g,
            float[] peepholes,
            int p,
            float[] cells,
            int c,
            float[] state,
            int at,
            int hidden) {
        for (int k = 0; k < hidden; ++k) {
            int i = g + k;
            int o = i + hidden;
            int f = o + hidden;
            int n = f + hidden;
            float cell = cells[c + k];
            double input = sigmoid(gates[i] + inner[i] + peepholes[p + k] * cell);
            double forget = sigmoid(gates[f] + inner[f] + peepholes[p + 2 * hidden + k] * cell);
            double news = Math.tanh(gates[n] + inner[n]);
            float next = (float) (forget * cell + input * news);
            double output = sigmoid(gates[o] + inner[o] + peepholes[p + hidden + k] * next);
            cells[c + k] = next;
            state[at + k] = (float) (output * Math.tanh(next));
        }
    }

    private static double sigmoid(double x) {
        return RealFunctions.sigmoid(x);
    }

    private static List<Tensor> gru(Recurrence operator, RecurrentRun run) {
        int hidden = operator.hidden();
        int gateCount = operator.kind().gates();
        run.forEachDirection(
                (direction, weights) ->
                        (gates, inner, state, at, b) -> {
                            int g = b * gateCount * hidden;
                            if (operator.linearBeforeReset()) {
                                gru(gates, inner, g, state, at, hidden);
                            } else {
                                float[] reset = reset(gates, inner, g, state, at, hidden);
                                float[] product = weights.lastGate(reset);
                                gru(gates, inner, g, product, state, at, hidden);
                            }
                        });
        return List.of(run.sequence(), run.last());
    }

    /** The gates lie in the order update, reset, hidden; the reset gate acts behind the product. */
    private static void gru(
            float[] gates, float[] inner, int g, float[] state, int at, int hidden) {
        for (int k = 0; k < hidden; ++k) {
            int z = g + k;
            int r = z + hidden;
            int h = r + hidden;
            double update = sigmoid(gates[z] + inner[z]);
            double reset = sigmoid(gates[r] + inner[r]);
            double news = Math.tanh(gates[h] + reset * inner[h]);
            state[at + k] = (float) ((1 - update) * news + update * state[at + k]);
        }
    }

    /** The state times the reset gate. */
    private static float[] reset(
            float[] gates, float[] inner, int g, float[] state, int at, int hidden) {
        float[] reset = new float[hidden];
        for (int k = 0; k < hidden; ++k) {
            int r = g + hidden + k;
            reset[k] = (float) (sigmoid(gates[r] + inner[r]) * state[at + k]);
        }
        return reset;
    }

    /** The reset gate has acted before the product. */
    private static void gru(
            float[] gates,
            float[] inner,
            int g,
            float[] product,
            float[] state,
            int at,
            int hidden) {
        for (int k = 0; k < hidden; ++k) {
            double update = sigmoid(gates[g + k] + inner[g + k]);
            double news = Math.tanh(gates[g + 2 * hidden + k] + product[k]);
            state[at + k] = (float) ((1 - update) * news + update * state[at + k]);
        }
    }
}
