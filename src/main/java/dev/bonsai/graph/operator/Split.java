package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The operand cut along an axis into as many parts as the node has results: of the sizes in the
 * second operand, or else equal ones, of which the last may be smaller. The number of results, an
 * attribute from operator set 18 on, is that of the node.
 *
 * @param axis the axis, counted from the end if it is negative
 */
public record Split(int axis) implements Operator {

    static final Schema SCHEMA =
            new Schema(
                    106,
                    "Split",
                    new Schema.Arity(1, 2),
                    Schema.Arity.atLeast(1),
                    List.of(Schema.integer("axis", 0), Schema.integer("num_outputs", 0)),
                    attributes -> new Split(attributes.integer("axis")));

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
        int count = operands.results();
        Optional<Shape> shape = operands.shape(0, 1);
        Optional<List<Long>> sizes = operands.integers(1);
        Dim whole = shape.map(known -> known.get(axis)).orElse(Dim.UNKNOWN);
        if (sizes.isEmpty() && !operands.has(1) && whole.isFixed()) {
            sizes = Optional.of(equal(whole.size(), count));
        }
        sizes.ifPresent(list -> check(list, whole, count));
        List<ValueInfo> parts = new ArrayList<>();
        for (int i = 0; i < count; ++i) {
            int part = i;
            Dim size =
                    sizes.map(list -> Dim.of(list.get(part)))
                            .or(() -> equalPart(operands, whole, count))
                            .orElse(Dim.UNKNOWN);
            parts.add(ValueInfo.of(operands.type(0), shape.map(known -> known.with(axis, size))));
        }
        return operands.numbers(0).isPresent() && sizes.isPresent()
                ? withNumbers(parts, operands.numbers(0).get(), sizes.get())
                : parts;
    }

    private static Optional<Dim> equalPart(Operands operands, Dim whole, int count) {
        return operands.has(1) ? Optional.empty() : whole.dividedBy(Dim.of(count));
    }

    private static List<ValueInfo> withNumbers(
            List<ValueInfo> parts, List<Dim> numbers, List<Long> sizes) {
        List<ValueInfo> known = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < parts.size(); ++i) {
            int to = from + sizes.get(i).intValue();
            ValueInfo part = parts.get(i);
            known.add(
                    ValueInfo.numbers(
                            part.type(), part.shape().orElseThrow(), numbers.subList(from, to)));
            from = to;
        }
        return known;
    }

    /**
     * Returns the sizes of equal parts.
     *
     * @param whole the size of the axis
     * @param count the number of parts
     * @return the sizes, of which the last may be smaller
     */
    public static List<Long> equal(long whole, int count) {
        long each = (whole + count - 1) / count;
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < count; ++i) {
            sizes.add(Math.max(0, Math.min(each, whole - i * each)));
        }
        return sizes;
    }

    private static void check(List<Long> sizes, Dim whole, int count) {
        long sum = sizes.stream().mapToLong(Long::longValue).sum();
        boolean negative = sizes.stream().anyMatch(size -> size < 0);
        if (negative || sizes.size() != count || (whole.isFixed() && whole.size() != sum)) {
            throw new GraphException(
                    "An axis of size %s can't be cut into %s parts of the sizes %s",
                    whole, count, sizes);
        }
    }
}
