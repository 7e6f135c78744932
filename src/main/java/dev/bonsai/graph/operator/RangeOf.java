package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** The numbers from a start up to a limit, by steps; operands: start, limit, step: ONNX's Range. */
public record RangeOf() implements Operator {

    private static final int MOST_NUMBERS = 64;

    static final Schema SCHEMA = Schema.plain(141, "Range", Schema.Arity.of(3), new RangeOf());

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        Elements.needNumbers(operands, 0);
        operands.commonType(0, 1, 2);
        for (int i = 0; i < 3; ++i) {
            operands.scalar(i);
        }
        Optional<Dim> ofFloats = countOfFloats(operands);
        if (ofFloats.isPresent()) {
            return List.of(ValueInfo.of(operands.type(0), Shape.of(ofFloats.get())));
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
            return List.of(
                    count > MOST_NUMBERS
                            ? ValueInfo.of(operands.type(0), shape)
                            : ValueInfo.numbers(
                                    operands.type(0),
                                    shape,
                                    LongStream.range(0, count)
                                            .mapToObj(i -> Dim.of(first + i * by))
                                            .toList()));
        }
        boolean upTo = told && start.get().get(0) == 0 && step.get().get(0) == 1;
        return List.of(
                ValueInfo.of(operands.type(0), Shape.of(upTo ? limit.get().get(0) : Dim.UNKNOWN)));
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
