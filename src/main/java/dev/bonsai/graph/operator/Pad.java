package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The operand with elements added round it, or, where their number is negative, cut off. Further
 * operands: how many before each axis and then how many behind each, perhaps the value, and perhaps
 * the axes that are meant (else all).
 *
 * @param mode what is added
 */
public record Pad(Mode mode) implements Operator {

    /** What is added. */
    public enum Mode {
        /** The value, or else 0. */
        CONSTANT,
        /** The operand mirrored at its first and last element, which are not repeated. */
        REFLECT,
        /** The first and the last element. */
        EDGE
    }

    static final Schema SCHEMA =
            new Schema(
                    125,
                    "Pad",
                    new Schema.Arity(2, 4),
                    Schema.Arity.of(1),
                    List.of(Schema.choice("mode", Mode.CONSTANT)),
                    attributes -> new Pad(attributes.choice("mode", Mode.class)));

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(mode);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.commonType(0, 2);
        operands.scalar(2);
        operands.needIndices(1);
        operands.needIndices(3);
        Optional<Shape> shape = operands.shape(0);
        boolean told =
                operands.integers(1).isPresent()
                        && (!operands.has(3) || operands.integers(3).isPresent());
        return operands.result(
                shape.map(known -> told ? padded(known, operands) : Shape.unknown(known.rank())));
    }

    private static Shape padded(Shape shape, Operands operands) {
        List<Long> pads = operands.integers(1).orElseThrow();
        List<Long> axes =
                operands.integers(3).orElse(LongStream.range(0, shape.rank()).boxed().toList());
        int[][] added = amounts(shape, pads, axes);
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < shape.rank(); ++i) {
            int sum = added[0][i] + added[1][i];
            Dim dim = shape.get(i);
            dims.add(sum == 0 ? dim : dim.isFixed() ? Dim.of(dim.size() + sum) : Dim.UNKNOWN);
        }
        return new Shape(dims);
    }

    /**
     * Returns how much is added to each axis.
     *
     * @param shape the shape of the operand
     * @param pads how much before each of the named axes, then behind each
     * @param axes the named axes
     * @return the numbers before the axes of the shape, and those behind
     */
    public static int[][] amounts(Shape shape, List<Long> pads, List<Long> axes) {
        if (pads.size() != 2 * axes.size()) {
            throw new GraphException(
                    "Pads are two numbers per axis, but there are %s for the axes %s",
                    pads.size(), axes);
        }
        int[][] amounts = new int[2][shape.rank()];
        for (int i = 0; i < axes.size(); ++i) {
            int axis = shape.axis(axes.get(i));
            amounts[0][axis] = Math.toIntExact(pads.get(i));
            amounts[1][axis] = Math.toIntExact(pads.get(i + axes.size()));
        }
        return amounts;
    }
}
