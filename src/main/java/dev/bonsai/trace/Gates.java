package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.ConstantOfShape;
import dev.bonsai.graph.operator.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Makes the weights of a recurrent layer, in ONNX's order of gates, of those of the engine. */
interface Gates {

    /** Returns a weight with all gates; the parameter keeps its path and shape. */
    String weight(Call call, NDArray own);

    /** Returns the biases of the input and then of the state, or no operand. */
    String biases(Call call, List<NDArray> parameters, boolean present);

    /** The engine has the same gates at other places. */
    static Gates at(int... places) {
        return new Gates() {
            @Override
            public String weight(Call call, NDArray own) {
                List<String> parts = call.nodes(new Split(0), places.length, call.of(own));
                List<String> order = new ArrayList<>();
                for (int place : places) {
                    order.add(parts.get(place));
                }
                return call.node(new Concat(0), order);
            }

            @Override
            public String biases(Call call, List<NDArray> parameters, boolean present) {
                return present
                        ? call.node(
                                new Concat(0),
                                weight(call, parameters.get(2)),
                                weight(call, parameters.get(3)))
                        : "";
            }
        };
    }

    /**
     * The engine has no gates: in a GRU, what is new always comes through, and the state is never
     * reset. The logistic function of 200 is 1, and that of -200 is 0.
     */
    static Gates none() {
        return new Gates() {
            private static final float ALWAYS = 200;

            @Override
            public String weight(Call call, NDArray own) {
                long[] shape = own.getShape().getShape().clone();
                shape[0] *= 2;
                return call.node(new Concat(0), filled(call, 0, own, shape), call.of(own));
            }

            @Override
            public String biases(Call call, List<NDArray> parameters, boolean present) {
                NDArray state = parameters.get(1);
                long hidden = state.getShape().get(1);
                String none = filled(call, 0, state, hidden);
                return call.node(
                        new Concat(0),
                        filled(call, -ALWAYS, state, hidden),
                        filled(call, ALWAYS, state, hidden),
                        present ? call.of(parameters.get(2)) : none,
                        none,
                        none,
                        present ? call.of(parameters.get(3)) : none);
            }

            private static String filled(Call call, float value, NDArray like, long... shape) {
                return call.node(
                        new ConstantOfShape(value, Values.type(like.getDataType())),
                        call.integers(LongStream.of(shape).toArray()));
            }
        };
    }
}
