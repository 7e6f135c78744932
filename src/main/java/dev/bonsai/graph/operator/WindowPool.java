package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One number for each window.
 *
 * @param kind what is computed
 * @param window the window
 * @param ceilMode whether the last window may reach beyond the end
 * @param option of means, whether pads count as elements; of the largest, whether the places of the
 *     second result count columns first
 */
public record WindowPool(Kind kind, Window window, boolean ceilMode, boolean option)
        implements Operator {

    /** What is computed. */
    public enum Kind {
        /** The largest element; the second result tells where in the input it stands. */
        MAX(82, "MaxPool", 2, "storage_order"),
        /** The mean. */
        AVERAGE(83, "AveragePool", 1, "count_include_pad");

        private final Schema schema;

        Kind(int number, String name, int results, String option) {
            schema =
                    Window.schema(
                            number,
                            name,
                            Schema.Arity.of(1),
                            new Schema.Arity(1, results),
                            given ->
                                    new WindowPool(
                                            this,
                                            Window.of(given),
                                            given.flag("ceil_mode"),
                                            given.flag(option)),
                            Schema.flag("ceil_mode", false),
                            Schema.flag(option, false));
        }
    }

    public WindowPool {
        window.needSize();
    }

    static List<Schema> schemas() {
        return Arrays.stream(Kind.values()).map(kind -> kind.schema).toList();
    }

    @Override
    public Schema schema() {
        return kind.schema;
    }

    @Override
    public List<?> attributeValues() {
        return window.values(ceilMode, option);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        Optional<Shape> shape = operands.shape(0, 3).map(this::pooled);
        if (kind == Kind.AVERAGE) {
            operands.floatType(0);
            return operands.result(shape);
        }
        operands.needNumbers(0);
        return List.of(
                ValueInfo.of(operands.type(0), shape), ValueInfo.of(ElementType.INT64, shape));
    }

    private Shape pooled(Shape input) {
        List<Dim> dims = new ArrayList<>(input.dims().subList(0, 2));
        dims.addAll(window.positions(input, ceilMode));
        return new Shape(dims);
    }
}
