package dev.bonsai.runtime;

import dev.bonsai.graph.operator.Recurrence;
import dev.bonsai.graph.operator.Recurrence.Direction;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.runtime.arithmetic.Matrix;
import dev.bonsai.runtime.arithmetic.PackedMatrix;
import dev.bonsai.runtime.arithmetic.Write;
import java.util.List;

/** One run of a recurrent layer over sequences: the part that LSTM and GRU have in common. */
final class RecurrentRun {

    private static final int BIAS = 3;
    private static final int LENGTHS = 4;
    private static final int HIDDEN_STATE = 5;
    private static final Transpose SWAP = new Transpose(List.of(1, 0, 2));
    private static final Transpose BATCH_FIRST = new Transpose(List.of(2, 0, 1, 3));

    /** One step of one sequence. */
    @FunctionalInterface
    interface Cell {

        /**
         * Replaces the hidden state.
         *
         * @param gates the gates' sums over the features, with their biases, per sequence
         * @param inner the gates' sums over the hidden state, with their biases, per sequence
         * @param state the hidden state
         * @param at where the state of the sequence begins
         * @param sequence the sequence
         */
        void step(float[] gates, float[] inner, float[] state, int at, int sequence);
    }

    /** Makes the cell of a direction. */
    @FunctionalInterface
    interface CellFactory {
        Cell of(int direction, Weights weights);
    }

    /** What the weights of one direction are packed to. */
    private record Packed(PackedMatrix all, PackedMatrix lastGate) {}

    /** The weights of one direction. */
    final class Weights {

        private final PackedMatrix features;
        private final Packed state;
        private final float[] bias;

        private Weights(PackedMatrix features, Packed state, float[] bias) {
            this.features = features;
            this.state = state;
            this.bias = bias;
        }

        /** The product of a state with the last gate's weight, with its bias. */
        float[] lastGate(float[] reset) {
            float[] product = new float[hidden];
            System.arraycopy(bias, bias.length - hidden, product, 0, hidden);
            arguments
                    .arithmetic()
                    .multiply(
                            Matrix.of(reset, 1, hidden),
                            state.lastGate(),
                            Matrix.of(product, 1, hidden),
                            Write.ADD);
            return product;
        }
    }

    private final Recurrence recurrence;
    private final Arguments arguments;
    private final int gates;
    private final Tensor x;
    private final int length;
    private final int batch;
    private final int hidden;
    private final float[] states;
    private final float[] all;

    RecurrentRun(Recurrence recurrence, Arguments arguments) {
        this.recurrence = recurrence;
        this.arguments = arguments;
        x = recurrence.batchFirst() ? transposed(arguments.get(0), SWAP) : arguments.get(0);
        length = x.dims()[0];
        batch = x.dims()[1];
        hidden = recurrence.hidden();
        gates = recurrence.kind().gates() * hidden;
        states = state(HIDDEN_STATE);
        all = new float[length * directions() * batch * hidden];
    }

    private Tensor transposed(Tensor value, Transpose order) {
        return LayoutKernels.transpose(order, arguments.with(value)).get(0);
    }

    private int directions() {
        return recurrence.direction().count();
    }

    int batch() {
        return batch;
    }

    /** A copy of an initial state per direction and sequence, or zeros where it is left out. */
    float[] state(int operand) {
        if (!arguments.has(operand)) {
            return new float[directions() * batch * hidden];
        }
        Tensor given = arguments.get(operand);
        Tensor ordered = recurrence.batchFirst() ? transposed(given, SWAP) : given;
        return ordered.floats().clone();
    }

    void forEachDirection(CellFactory factory) {
        for (int direction = 0; direction < directions(); ++direction) {
            Weights weights = weights(direction);
            boolean reverse = recurrence.direction() == Direction.REVERSE || direction == 1;
            run(direction, weights, factory.of(direction, weights), reverse);
        }
    }

    private Weights weights(int direction) {
        int features = x.dims()[2];
        float[] bias = new float[2 * gates];
        if (arguments.has(BIAS)) {
            System.arraycopy(arguments.floats(BIAS), direction * bias.length, bias, 0, bias.length);
        }
        PackedMatrix[] ofFeatures =
                arguments.prepared(1, PackedMatrix[].class, w -> packed(w, gates, features));
        Packed[] ofState = arguments.prepared(2, Packed[].class, this::packedState);
        return new Weights(ofFeatures[direction], ofState[direction], bias);
    }

    private PackedMatrix[] packed(Tensor weight, int rows, int columns) {
        PackedMatrix[] packed = new PackedMatrix[directions()];
        for (int i = 0; i < packed.length; ++i) {
            Matrix matrix = Matrix.of(weight.floats(), i * rows * columns, rows, columns);
            packed[i] = arguments.arithmetic().packTransposed(matrix);
        }
        return packed;
    }

    private Packed[] packedState(Tensor weight) {
        PackedMatrix[] all = packed(weight, gates, hidden);
        Packed[] packed = new Packed[all.length];
        for (int i = 0; i < packed.length; ++i) {
            int last = (i * gates + gates - hidden) * hidden;
            Matrix matrix = Matrix.of(weight.floats(), last, hidden, hidden);
            packed[i] = new Packed(all[i], arguments.arithmetic().packTransposed(matrix));
        }
        return packed;
    }

    private void run(int direction, Weights weights, Cell cell, boolean reverse) {
        float[] sums = repeated(weights.bias, 0, length * batch);
        int features = x.dims()[2];
        arguments
                .arithmetic()
                .multiply(
                        Matrix.of(x.floats(), length * batch, features),
                        weights.features,
                        Matrix.of(sums, length * batch, gates),
                        Write.ADD);
        float[] row = new float[batch * gates];
        int first = direction * batch * hidden;
        for (int step = 0; step < length; ++step) {
            float[] inner = repeated(weights.bias, gates, batch);
            arguments
                    .arithmetic()
                    .multiply(
                            Matrix.of(states, first, batch, hidden),
                            weights.state.all(),
                            Matrix.of(inner, batch, gates),
                            Write.ADD);
            for (int b = 0; b < batch; ++b) {
                int own = lengthOf(b);
                if (step < own) {
                    int time = reverse ? own - 1 - step : step;
                    int at = first + b * hidden;
                    System.arraycopy(sums, (time * batch + b) * gates, row, b * gates, gates);
                    cell.step(row, inner, states, at, b);
                    int to = ((time * directions() + direction) * batch + b) * hidden;
                    System.arraycopy(states, at, all, to, hidden);
                }
            }
        }
    }

    private float[] repeated(float[] bias, int from, int rows) {
        float[] sums = new float[rows * gates];
        for (int row = 0; row < rows; ++row) {
            System.arraycopy(bias, from, sums, row * gates, gates);
        }
        return sums;
    }

    private int lengthOf(int sequence) {
        if (!arguments.has(LENGTHS)) {
            return length;
        }
        long own = arguments.longs(LENGTHS)[sequence];
        if (own < 0 || own > length) {
            throw new GraphException(
                    "A sequence has from 0 to %s steps, but its length is %s", length, own);
        }
        return (int) own;
    }

    /** All hidden states; 0 behind the end of a sequence. */
    Tensor sequence() {
        int[] shape = {length, directions(), batch, hidden};
        Tensor sequence = Tensor.of(x.type(), all, shape);
        return recurrence.batchFirst() ? transposed(sequence, BATCH_FIRST) : sequence;
    }

    Tensor last() {
        return asState(states);
    }

    Tensor asState(float[] values) {
        Tensor state = Tensor.of(x.type(), values, new int[] {directions(), batch, hidden});
        return recurrence.batchFirst() ? transposed(state, SWAP) : state;
    }
}
