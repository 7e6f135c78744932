package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The shape rules of operators of {@link Plain} that put elements elsewhere, or make them. */
final class LayoutRules {

    private static final int MOST_NUMBERS = 64;

    private LayoutRules() {}

    static List<ValueInfo> squeeze(Operands operands) {
        operands.needIndices(1);
        boolean told = !operands.has(1) || operands.integers(1).isPresent();
        Optional<Shape> shape =
                operands.shape(0)
                        .filter(known -> told && (operands.has(1) || known.isFixed()))
                        .map(known -> squeezed(known, operands.integers(1)));
        return operands.sameNumbers(shape);
    }

    private static Shape squeezed(Shape shape, Optional<List<Long>> axes) {
        Set<Integer> gone =
                axes.map(list -> list.stream().map(shape::axis).collect(Collectors.toSet()))
                        .orElse(Set.of());
        List<Dim> kept = new ArrayList<>();
        for (int i = 0; i < shape.rank(); ++i) {
            Dim dim = shape.get(i);
            if (gone.contains(i) && dim.isFixed() && !dim.is(1)) {
                throw new GraphException("Axis %s of %s does not have size 1", i, shape);
            }
            if (!(axes.isEmpty() ? dim.is(1) : gone.contains(i))) {
                kept.add(dim);
            }
        }
        return new Shape(kept);
    }

    static List<ValueInfo> unsqueeze(Operands operands) {
        operands.needIndices(1);
        Optional<Shape> shape =
                operands.shape(0)
                        .flatMap(
                                known -> operands.integers(1).map(axes -> unsqueezed(known, axes)));
        return operands.sameNumbers(shape);
    }

    private static Shape unsqueezed(Shape shape, List<Long> axes) {
        int rank = shape.rank() + axes.size();
        TreeSet<Long> places = new TreeSet<>();
        for (long axis : axes) {
            long front = axis < 0 ? axis + rank : axis;
            if (front < 0 || front >= rank || !places.add(front)) {
                throw new GraphException("The axes %s can't be added to the shape %s", axes, shape);
            }
        }
        List<Dim> dims = new ArrayList<>(shape.dims());
        places.forEach(place -> dims.add(place.intValue(), Dim.of(1)));
        return new Shape(dims);
    }

    static List<ValueInfo> expand(Operands operands) {
        return operands.result(Broadcast.of(operands.shape(0), operands.namedShape(1)));
    }

    static List<ValueInfo> tile(Operands operands) {
        operands.needIndices(1);
        List<Dim> repeats = operands.numbers(1).orElse(List.of());
        return operands.result(operands.shape(0).map(shape -> tiled(shape, repeats)));
    }

    private static Shape tiled(Shape shape, List<Dim> repeats) {
        if (repeats.isEmpty()) {
            return Shape.unknown(shape.rank());
        }
        if (repeats.size() != shape.rank()) {
            throw new GraphException(
                    "A value of shape %s can't be repeated %s times", shape, repeats);
        }
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < shape.rank(); ++i) {
            dims.add(shape.get(i).times(repeats.get(i)));
        }
        return new Shape(dims);
    }

    static List<ValueInfo> range(Operands operands) {
        operands.needNumbers(0);
        operands.commonType(0, 1, 2);
        for (int i = 0; i < 3; ++i) {
            operands.scalar(i);
        }
        Optional<Dim> ofFloats = countOfFloats(operands);
        if (ofFloats.isPresent()) {
            return operands.result(Shape.of(ofFloats.get()));
        }
        Optional<List<Long>> start = operands.integers(0);
        Optional<List<Dim>> limit = operands.numbers(1);
        Optional<List<Long>> step = operands.integers(2);
        boolean told = start.isPresent() && limit.isPresent() && step.isPresent();
        if (told && limit.get().get(0).isFixed() && step.get().get(0) != 0) {
            long first = start.get().get(0);
            long by = step.get().get(0);
            long count = Math.max(0, -Math.floorDiv(first - limit.get().get(0).size(), by));
            Shape shape = Shape.of(count);
            return count > MOST_NUMBERS
                    ? operands.result(shape)
                    : List.of(
                            ValueInfo.numbers(
                                    operands.type(0),
                                    shape,
                                    LongStream.range(0, count)
                                            .mapToObj(i -> Dim.of(first + i * by))
                                            .toList()));
        }
        boolean upTo = told && start.get().get(0) == 0 && step.get().get(0) == 1;
        return operands.result(Shape.of(upTo ? limit.get().get(0) : Dim.UNKNOWN));
    }

    private static Optional<Dim> countOfFloats(Operands operands) {
        float[] numbers = new float[3];
        for (int i = 0; i < numbers.length; ++i) {
            Optional<float[]> value = operands.floats(i).filter(list -> list.length == 1);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            numbers[i] = value.get()[0];
        }
        double count = Math.ceil(((double) numbers[1] - numbers[0]) / numbers[2]);
        return count <= Integer.MAX_VALUE && operands.type(0) == ElementType.FLOAT32
                ? Optional.of(Dim.of((long) Math.max(0, count)))
                : Optional.empty();
    }
}
