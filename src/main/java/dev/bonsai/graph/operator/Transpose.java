package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The operand with its axes in another order.
 *
 * @param perm per axis of the result the axis of the operand; empty to turn the order round
 */
public record Transpose(List<Integer> perm) implements Operator {

    static final Schema SCHEMA =
            new Schema(
                    102,
                    "Transpose",
                    Schema.Arity.of(1),
                    Schema.Arity.of(1),
                    List.of(Schema.integers("perm")),
                    attributes -> new Transpose(attributes.integers("perm")));

    public Transpose {
        perm = List.copyOf(perm);
        List<Integer> sorted = perm.stream().sorted().toList();
        if (!sorted.equals(IntStream.range(0, perm.size()).boxed().toList())) {
            throw new GraphException("perm has each axis once, but got %s", perm);
        }
    }

    /**
     * Returns the order of the axes.
     *
     * @param rank the rank of the operand
     * @return per axis of the result the axis of the operand
     */
    public List<Integer> order(int rank) {
        return perm.isEmpty()
                ? IntStream.range(0, rank).map(i -> rank - 1 - i).boxed().toList()
                : perm;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(perm);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        return operands.result(operands.shape(0).map(this::transposed));
    }

    private Shape transposed(Shape shape) {
        List<Integer> order = order(shape.rank());
        if (order.size() != shape.rank()) {
            throw new GraphException("perm %s does not fit the shape %s", perm, shape);
        }
        return new Shape(new ArrayList<>(order.stream().map(shape::get).toList()));
    }
}
