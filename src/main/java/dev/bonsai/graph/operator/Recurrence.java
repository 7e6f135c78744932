package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A recurrent layer. Operands: the sequence x of shape (length, batch, features), w of shape
 * (directions, gates * hidden, features), r of shape (directions, gates * hidden, hidden), b of
 * shape (directions, 2 * gates * hidden), the lengths of the sequences, the initial hidden state of
 * shape (directions, batch, hidden). Results: all hidden states, the last hidden state.
 *
 * @param kind what is computed
 * @param hidden the size of the hidden state
 * @param direction which way the sequence is read
 * @param batchFirst whether the batch stands before length and directions
 * @param linearBeforeReset of GRU, whether the reset gate acts behind the product with r, as in
 *     cuDNN and PyTorch
 */
public record Recurrence(
        Kind kind, int hidden, Direction direction, boolean batchFirst, boolean linearBeforeReset)
        implements Operator {

    /** What is computed. */
    public enum Kind {
        /**
         * Long short-term memory (Hochreiter and Schmidhuber, 1997), with the gates input, output,
         * forget, cell in this order. More operands: the initial cell state, and perhaps the
         * peephole weights of shape (directions, 3 * hidden). The third result is the last cell
         * state.
         */
        LSTM(130, 4, 8, 3, List.of("Sigmoid", "Tanh", "Tanh"), List.of()),
        /**
         * Gated recurrent unit (Cho and others, 2014), with the gates update, reset, hidden in this
         * order.
         */
        GRU(
                131,
                3,
                6,
                2,
                List.of("Sigmoid", "Tanh"),
                List.of(Schema.flag("linear_before_reset", false)));

        private final Schema schema;
        private final int gates;

        Kind(
                int number,
                int gates,
                int operands,
                int results,
                List<String> activations,
                List<Schema.Attribute> more) {
            List<Schema.Attribute> attributes = new ArrayList<>(ATTRIBUTES);
            attributes.addAll(more);
            this.gates = gates;
            schema =
                    new Schema(
                            number,
                            name(),
                            new Schema.Arity(3, operands),
                            new Schema.Arity(1, results),
                            attributes,
                            given -> of(given, activations));
        }

        private Recurrence of(Attributes given, List<String> activations) {
            Direction direction = given.choice("direction", Direction.class);
            check(given.texts("activations"), activations, direction);
            return new Recurrence(
                    this,
                    given.integer("hidden_size"),
                    direction,
                    given.flag("layout"),
                    given.flag("linear_before_reset"));
        }

        /**
         * Returns the number of gates.
         *
         * @return the number, the one of the cell or the new state included
         */
        public int gates() {
            return gates;
        }
    }

    /** Which way a sequence is read. */
    public enum Direction {
        /** From its start. */
        FORWARD(1),
        /** From its end. */
        REVERSE(1),
        /** Both, forward first. */
        BIDIRECTIONAL(2);

        private final int count;

        Direction(int count) {
            this.count = count;
        }

        /**
         * Returns how often the sequence is read.
         *
         * @return 1 or 2
         */
        public int count() {
            return count;
        }
    }

    private static final List<Schema.Attribute> ATTRIBUTES =
            List.of(
                    Schema.integer("hidden_size"),
                    Schema.choice("direction", Direction.FORWARD),
                    Schema.flag("layout", false),
                    new Schema.Attribute("activations", Schema.Kind.STRINGS, List.of(), List.of()),
                    Schema.only("input_forget", 0));

    static List<Schema> schemas() {
        return Arrays.stream(Kind.values()).map(kind -> kind.schema).toList();
    }

    public Recurrence {
        if (hidden < 1) {
            throw new GraphException("hidden_size is at least 1, but got %s", hidden);
        }
    }

    /** The activations are those of the papers; no network here asks for others. */
    private static void check(List<String> given, List<String> only, Direction direction) {
        for (int i = 0; i < given.size(); ++i) {
            if (!given.get(i).equalsIgnoreCase(only.get(i % only.size()))) {
                throw new GraphException(
                        "The activations are %s per direction, but got %s", only, given);
            }
        }
        if (!given.isEmpty() && given.size() != only.size() * direction.count()) {
            throw new GraphException(
                    "There are %s activations per direction, but got %s", only.size(), given);
        }
    }

    @Override
    public Schema schema() {
        return kind.schema;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(hidden, direction, batchFirst, List.of(), 0, linearBeforeReset);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.floatType(0);
        operands.commonType(0, 1, 2, 3, 5, 6, 7);
        Optional<Shape> x = operands.shape(0, 3);
        Dim length = x.map(shape -> shape.get(batchFirst ? 1 : 0)).orElse(Dim.UNKNOWN);
        Dim batch = x.map(shape -> shape.get(batchFirst ? 0 : 1)).orElse(Dim.UNKNOWN);
        Dim features = x.map(shape -> shape.get(2)).orElse(Dim.UNKNOWN);
        Dim directions = Dim.of(direction.count());
        Dim size = Dim.of(hidden);
        Dim rows = Dim.of((long) kind.gates * hidden);
        Shape all =
                batchFirst
                        ? Shape.of(batch, length, directions, size)
                        : Shape.of(length, directions, batch, size);
        Shape last =
                batchFirst ? Shape.of(batch, directions, size) : Shape.of(directions, batch, size);
        check(operands, 1, Shape.of(directions, rows, features));
        check(operands, 2, Shape.of(directions, rows, size));
        check(operands, 3, Shape.of(directions, rows.times(Dim.of(2))));
        if (operands.has(4)) {
            operands.need(4, ElementType.INT32);
        }
        check(operands, 4, Shape.of(batch));
        check(operands, 5, last);
        check(operands, 6, last);
        check(operands, 7, Shape.of(directions, size.times(Dim.of(3))));
        ValueInfo state = ValueInfo.of(operands.type(0), last);
        return List.of(ValueInfo.of(operands.type(0), all), state, state)
                .subList(0, kind.schema.results().most());
    }

    private static void check(Operands operands, int i, Shape wanted) {
        Shape own = operands.optional(i).flatMap(ValueInfo::shape).orElse(wanted);
        boolean fits = own.rank() == wanted.rank();
        for (int axis = 0; fits && axis < own.rank(); ++axis) {
            fits = !own.get(axis).differs(wanted.get(axis));
        }
        if (!fits) {
            throw new GraphException(
                    "Operand %s has the shape %s here, but got %s", i, wanted, own);
        }
    }
}
