package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What LSTM and GRU have in common. Operands: the sequence x of shape (length, batch, features), w
 * of shape (directions, gates * hidden, features), r of shape (directions, gates * hidden, hidden),
 * b of shape (directions, 2 * gates * hidden), the lengths of the sequences, the initial hidden
 * state of shape (directions, batch, hidden).
 *
 * @param hidden the size of the hidden state
 * @param direction which way the sequence is read
 * @param batchFirst whether the batch stands before length and directions
 */
public record Recurrence(int hidden, Direction direction, boolean batchFirst) {

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

    static final List<Schema.Attribute> ATTRIBUTES =
            List.of(
                    Schema.integer("hidden_size"),
                    Schema.text("direction"),
                    Schema.integer("layout"),
                    new Schema.Attribute("activations", Schema.Kind.STRINGS),
                    Schema.integer("input_forget"));

    public Recurrence {
        if (hidden < 1) {
            throw new GraphException("hidden_size is at least 1, but got " + hidden);
        }
    }

    static Recurrence of(Attributes attributes, List<String> activations) {
        String text = attributes.text("direction", "forward");
        Direction direction =
                Arrays.stream(Direction.values())
                        .filter(choice -> text(choice).equals(text))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new GraphException(
                                                "direction is forward, reverse or bidirectional,"
                                                        + " but got '"
                                                        + text
                                                        + "'"));
        check(attributes.only("input_forget", 0).texts("activations"), activations, direction);
        return new Recurrence(
                attributes.integer("hidden_size", 0), direction, attributes.flag("layout", false));
    }

    /** The activations are those of the papers; no network here asks for others. */
    private static void check(List<String> given, List<String> only, Direction direction) {
        for (int i = 0; i < given.size(); ++i) {
            if (!given.get(i).equalsIgnoreCase(only.get(i % only.size()))) {
                throw new GraphException(
                        "The activations are " + only + " per direction, but got " + given);
            }
        }
        if (!given.isEmpty() && given.size() != only.size() * direction.count()) {
            throw new GraphException(
                    "There are " + only.size() + " activations per direction, but got " + given);
        }
    }

    private static String text(Direction direction) {
        return direction.name().toLowerCase(Locale.ROOT);
    }

    Attributes attributes() {
        return Attributes.NONE
                .with("hidden_size", hidden)
                .with("direction", text(direction), "forward")
                .with("layout", batchFirst, false);
    }

    /** The sequence of hidden states, the last one, and a state of the same shape. */
    List<ValueInfo> infer(Operands operands, int gates) {
        operands.floatType(0);
        operands.commonType(0, 1, 2, 3, 5, 6, 7);
        Optional<Shape> x = operands.shape(0, 3);
        Dim length = x.map(shape -> shape.get(batchFirst ? 1 : 0)).orElse(Dim.UNKNOWN);
        Dim batch = x.map(shape -> shape.get(batchFirst ? 0 : 1)).orElse(Dim.UNKNOWN);
        Dim features = x.map(shape -> shape.get(2)).orElse(Dim.UNKNOWN);
        Dim directions = Dim.of(direction.count());
        Dim size = Dim.of(hidden);
        Dim rows = Dim.of((long) gates * hidden);
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
            Elements.need(operands, 4, ElementType.INT32);
        }
        check(operands, 4, Shape.of(batch));
        check(operands, 5, last);
        check(operands, 6, last);
        check(operands, 7, Shape.of(directions, size.times(Dim.of(3))));
        ValueInfo state = ValueInfo.of(operands.type(0), last);
        return List.of(ValueInfo.of(operands.type(0), all), state, state);
    }

    private static void check(Operands operands, int i, Shape wanted) {
        Shape own = operands.optional(i).flatMap(ValueInfo::shape).orElse(wanted);
        boolean fits = own.rank() == wanted.rank();
        for (int axis = 0; fits && axis < own.rank(); ++axis) {
            fits = !own.get(axis).differs(wanted.get(axis));
        }
        if (!fits) {
            throw new GraphException(
                    "Operand " + i + " has the shape " + wanted + " here, but got " + own);
        }
    }
}
