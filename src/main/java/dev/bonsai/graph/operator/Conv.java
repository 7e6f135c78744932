package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A convolution over any number of spatial axes. Operands: the input of shape (batch, channels,
 * ...), the weight of shape (output channels, channels / group, ...), and perhaps a bias per output
 * channel.
 *
 * @param window the window
 * @param group the parts into which the channels are cut; each is convolved by itself
 */
public record Conv(Window window, int group) implements Operator {

    static final Schema SCHEMA =
            Window.schema(
                    80,
                    "Conv",
                    new Schema.Arity(2, 3),
                    Schema.Arity.of(1),
                    attributes -> new Conv(Window.of(attributes), attributes.integer("group")),
                    Schema.integer("group", 1));

    public Conv {
        if (group < 1) {
            throw new GraphException("group is at least 1, but got %s", group);
        }
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return window.values(group);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.floatType(0);
        operands.commonType(0, 1, 2);
        Optional<Shape> input = operands.shape(0, 3);
        Optional<Shape> weight = operands.shape(1, 3).filter(Shape::isFixed);
        if (input.isEmpty() || weight.isEmpty()) {
            return operands.result(input.map(Conv::unknown));
        }
        Dim channels = weight.get().get(1).times(Dim.of(group));
        check(operands, group, weight.get(), channels, weight.get().get(0));
        List<Dim> dims = new ArrayList<>(List.of(input.get().get(0), weight.get().get(0)));
        dims.addAll(window.sized(weight.get()).positions(input.get(), false));
        return operands.result(new Shape(dims));
    }

    /** The shape of a result of which only the batch is known. */
    static Shape unknown(Shape input) {
        return Shape.unknown(input.rank()).with(0, input.get(0));
    }

    /** Checks the group, the weight and the bias of a convolution against its input. */
    static void check(Operands operands, int group, Shape weight, Dim taken, Dim made) {
        Shape input = operands.shape(0).orElseThrow();
        if (input.rank() != weight.rank()
                || taken.differs(input.get(1))
                || weight.get(0).size() % group != 0) {
            throw new GraphException(
                    "A weight of shape %s and %s group(s) do not fit an input of shape %s",
                    weight, group, input);
        }
        Optional<Shape> bias = operands.optional(2).flatMap(ValueInfo::shape);
        if (bias.isPresent() && (bias.get().rank() != 1 || bias.get().get(0).differs(made))) {
            throw new GraphException(
                    "A bias has a number for each of %s channels, but its shape is %s",
                    made, bias.get());
        }
    }
}
