package dev.bonsai.onnx;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Compares types and shapes that a graph tells of its outputs with those that are expected. */
final class ShapeRules implements ConformanceConsumer {

    @Override
    public String name() {
        return "shapes";
    }

    @Override
    public List<EncodedWeight> run(GraphModel model, ConformanceCase.DataSet data) {
        Map<String, ValueInfo> values =
                model.graph()
                        .values(
                                data.inputs().stream()
                                        .map(input -> Shape.of(input.shape()))
                                        .toList());
        for (int i = 0; i < data.outputs().size(); ++i) {
            EncodedWeight expected = data.outputs().get(i);
            ValueInfo told = values.get(model.graph().outputs().get(i));
            if (told.type() != Constants.type(expected) || !fits(told, expected.shape())) {
                throw new AssertionError(
                        told
                                + " was told, but "
                                + Constants.type(expected)
                                + Arrays.toString(expected.shape())
                                + " is right");
            }
        }
        return data.outputs();
    }

    private static boolean fits(ValueInfo told, int[] shape) {
        if (told.shape().isEmpty()) {
            return true;
        }
        if (told.shape().get().rank() != shape.length) {
            return false;
        }
        for (int i = 0; i < shape.length; ++i) {
            if (told.shape().get().get(i).differs(Dim.of(shape[i]))) {
                return false;
            }
        }
        return true;
    }
}
