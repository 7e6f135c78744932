package dev.bonsai.onnx;

import dev.bonsai.activation.EmbeddingTable;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.operator.Attributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tables whose rows are int8 codes with a scale each; only the rows that are picked are decoded.
 */
final class CodedTables {

    private final GraphModel model;
    private final OnnxQuantization quantization;
    private final Map<String, List<String>> written = new HashMap<>();

    CodedTables(GraphModel model, OnnxQuantization quantization) {
        this.model = model;
        this.quantization = quantization;
    }

    void write(EmbeddingTable table, MessageSketch sketch) throws OnnxExportException {
        String result = table.node().output();
        List<String> parts = written.get(table.path());
        if (parts == null) {
            parts = parts(table.path(), sketch);
            written.put(table.path(), parts);
        }
        String codes = sketch.newNode("Gather", result + "_codes", parts.get(0), table.indices());
        String scales = sketch.newNode("Gather", result + "_scale", parts.get(1), table.indices());
        String floats = sketch.fresh(result + "_floats");
        sketch.node("Cast", Attributes.NONE.with("to", 1), List.of(codes), List.of(floats));
        sketch.node("Mul", Attributes.NONE, List.of(floats, scales), List.of(result));
    }

    private List<String> parts(String path, MessageSketch sketch) throws OnnxExportException {
        EncodedWeight value = model.weights().get(path);
        IntegerWeight weight =
                IntegerWeight.of(
                        path, value, 0, quantization.weightBits(), new float[value.shape()[0]]);
        return List.of(
                sketch.newInitializer(path + "_row_codes", weight.codes()),
                sketch.newInitializer(
                        path + "_row_scale",
                        new DenseWeight(new int[] {weight.scales().length, 1}, weight.scales())));
    }
}
