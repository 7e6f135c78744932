package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The largest element of each window; the second result tells where in the input it stands.
 *
 * @param window the window
 * @param ceilMode whether the last window may reach beyond the end
 * @param columnMajor whether the places of the second result count columns first
 */
public record MaxPool(Window window, boolean ceilMode, boolean columnMajor) implements Operator {

    static final Schema SCHEMA =
            Window.schema(
                    82,
                    "MaxPool",
                    Schema.Arity.of(1),
                    new Schema.Arity(1, 2),
                    attributes ->
                            new MaxPool(
                                    Window.of(attributes),
                                    attributes.flag("ceil_mode"),
                                    attributes.flag("storage_order")),
                    Schema.flag("ceil_mode", false),
                    Schema.flag("storage_order", false));

    public MaxPool {
        window.needSize();
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return window.values(ceilMode, columnMajor);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        Elements.needNumbers(operands, 0);
        Optional<Shape> shape = operands.shape(0, 3).map(input -> pooled(window, ceilMode, input));
        return List.of(
                ValueInfo.of(operands.type(0), shape), ValueInfo.of(ElementType.INT64, shape));
    }

    static Shape pooled(Window window, boolean ceil, Shape input) {
        List<Dim> dims = new ArrayList<>(input.dims().subList(0, 2));
        dims.addAll(window.positions(input, ceil));
        return new Shape(dims);
    }
}
