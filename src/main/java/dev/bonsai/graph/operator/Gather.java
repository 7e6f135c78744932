package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Slices of the first operand along an axis, by the indices in the second, of any shape; an index
 * may be counted from the end.
 *
 * @param axis the axis, counted from the end if it is negative
 */
public record Gather(int axis) implements Operator {

    static final Schema SCHEMA =
            new Schema(
                    108,
                    "Gather",
                    Schema.Arity.of(2),
                    Schema.Arity.of(1),
                    List.of(Schema.integer("axis", 0)),
                    attributes -> new Gather(attributes.integer("axis")));

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(axis);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.needIndices(1);
        Optional<Shape> shape =
                operands.shape(0, 1)
                        .flatMap(own -> operands.shape(1).map(indices -> gathered(own, indices)));
        Optional<List<Dim>> picked =
                operands.numbers(0)
                        .flatMap(
                                numbers ->
                                        operands.integers(1)
                                                .map(
                                                        indices ->
                                                                indices.stream()
                                                                        .map(i -> pick(numbers, i))
                                                                        .toList()));
        return List.of(ValueInfo.of(operands.type(0), shape, picked));
    }

    private static Dim pick(List<Dim> numbers, long index) {
        long front = index < 0 ? index + numbers.size() : index;
        if (front < 0 || front >= numbers.size()) {
            throw new GraphException(
                    "Index %s is outside of the %s elements", index, numbers.size());
        }
        return numbers.get((int) front);
    }

    private Shape gathered(Shape data, Shape indices) {
        int along = data.axis(axis);
        List<Dim> dims = new ArrayList<>(data.dims().subList(0, along));
        dims.addAll(indices.dims());
        dims.addAll(data.dims().subList(along + 1, data.rank()));
        return new Shape(dims);
    }
}
