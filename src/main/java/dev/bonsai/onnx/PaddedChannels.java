package dev.bonsai.onnx;

import dev.bonsai.activation.IntegerTarget;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.type.Constants;
import java.util.List;

/** Takes the real channels of a product that was filled up with zeros. */
final class PaddedChannels {

    private PaddedChannels() {}

    static void cut(IntegerTarget target, String padded, String result, MessageSketch sketch) {
        int outputAxis = target.node().operator() == Plain.MATMUL ? -1 : 1;
        sketch.node(
                "Slice",
                Attributes.NONE,
                List.of(
                        padded,
                        sketch.newInitializer(result + "_from", Constants.integers(0)),
                        sketch.newInitializer(
                                result + "_to", Constants.integers(target.channels())),
                        sketch.newInitializer(result + "_axis", Constants.integers(outputAxis))),
                List.of(result));
    }
}
