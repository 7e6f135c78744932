package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.ValueInfo;
import java.util.List;

/**
 * The mean of each window.
 *
 * @param window the window
 * @param ceilMode whether the last window may reach beyond the end
 * @param countPads whether pads count as elements
 */
public record AveragePool(Window window, boolean ceilMode, boolean countPads) implements Operator {

    static final Schema SCHEMA =
            Window.schema(
                    83,
                    "AveragePool",
                    Schema.Arity.of(1),
                    Schema.Arity.of(1),
                    attributes ->
                            new AveragePool(
                                    Window.of(attributes),
                                    attributes.flag("ceil_mode"),
                                    attributes.flag("count_include_pad")),
                    Schema.flag("ceil_mode", false),
                    Schema.flag("count_include_pad", false));

    public AveragePool {
        window.needSize();
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return window.values(ceilMode, countPads);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        return List.of(
                ValueInfo.of(
                        operands.floatType(0),
                        operands.shape(0, 3)
                                .map(input -> MaxPool.pooled(window, ceilMode, input))));
    }
}
