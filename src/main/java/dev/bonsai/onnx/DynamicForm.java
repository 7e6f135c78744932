package dev.bonsai.onnx;

import dev.bonsai.activation.IntegerTarget;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Gemm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Dynamic int8: a product is DynamicQuantizeLinear of what it reads, MatMulInteger with a weight of
 * codes, and the scales, which ONNX Runtime fuses into one kernel. The rows of a table are codes
 * with a scale each.
 */
final class DynamicForm implements WrittenModel {

    private static final Attributes TO_FLOAT = Attributes.NONE.with("to", 1);

    private final GraphModel model;
    private final OnnxQuantization quantization;
    private final MatrixTargets targets;
    private final CodedTables tables;
    private final Map<String, float[]> factors;
    private final Map<String, List<String>> rounded = new HashMap<>();
    private final Map<List<Object>, List<String>> written = new HashMap<>();

    DynamicForm(Calibration calibration, OnnxQuantization quantization) {
        model = calibration.model();
        this.quantization = quantization;
        targets = new MatrixTargets(model, quantization);
        tables = new CodedTables(model, quantization);
        factors =
                quantization.isSmoothed()
                        ? Smoothing.of(calibration, targets.products())
                        : Map.of();
    }

    @Override
    public boolean isFloat() {
        return targets.isEmpty();
    }

    @Override
    public boolean keeps(String value) {
        return targets.keeps(value);
    }

    @Override
    public void node(Node node, MessageSketch sketch) throws OnnxExportException {
        if (targets.product(node) != null) {
            product(targets.product(node), sketch);
        } else if (targets.table(node) != null) {
            tables.write(targets.table(node), sketch);
        } else {
            NodeWriter.write(NodeWriter.withBiasLast(node, model), sketch);
        }
    }

    private void product(IntegerTarget target, MessageSketch sketch) throws OnnxExportException {
        String result = target.node().output();
        List<String> data = rounded.computeIfAbsent(target.data(), name -> dynamic(name, sketch));
        List<String> weight = matrix(target, sketch);
        List<String> operands = new ArrayList<>(List.of(data.get(0), weight.get(0), data.get(2)));
        operands.addAll(weight.subList(2, weight.size()));
        String sum =
                sketch.newNode("MatMulInteger", result + "_sum", operands.toArray(String[]::new));
        String floats = sketch.fresh(result + "_floats");
        sketch.node("Cast", TO_FLOAT, List.of(sum), List.of(floats));
        String scale = sketch.newNode("Mul", result + "_scale", data.get(1), weight.get(1));
        boolean isCut = target.padding() > 0;
        String last = isCut ? sketch.fresh(result + "_padded") : result;
        if (target.bias().isEmpty()) {
            sketch.node("Mul", Attributes.NONE, List.of(floats, scale), List.of(last));
        } else {
            String product = sketch.newNode("Mul", result + "_product", floats, scale);
            String bias = sketch.newInitializer(result + "_bias", bias(target));
            sketch.node("Add", Attributes.NONE, List.of(product, bias), List.of(last));
        }
        if (isCut) {
            PaddedChannels.cut(target, last, result, sketch);
        }
    }

    private List<String> dynamic(String value, MessageSketch sketch) {
        float[] smoothing = factors.get(value);
        String smooth =
                smoothing == null
                        ? value
                        : sketch.newNode(
                                "Mul",
                                value + "_smooth",
                                value,
                                sketch.newInitializer(
                                        value + "_factor", Smoothing.reciprocals(smoothing)));
        List<String> results =
                List.of(
                        sketch.fresh(value + "_codes"),
                        sketch.fresh(value + "_scale"),
                        sketch.fresh(value + "_zero"));
        sketch.node("DynamicQuantizeLinear", Attributes.NONE, List.of(smooth), results);
        return results;
    }

    private IntegerWeight codes(IntegerTarget target) throws OnnxExportException {
        EncodedWeight weight = model.weights().get(target.weight());
        float[] smoothing = factors.get(target.data());
        return IntegerWeight.of(
                target.weight(),
                smoothing == null ? weight : Smoothing.scaled(target, weight, smoothing),
                target.axis(),
                quantization.weightBits(),
                new float[target.channels()]);
    }

    /**
     * The codes as a matrix (inputs, outputs), the scales with the factor of the product, and the
     * zero point, if there is one.
     */
    private List<String> matrix(IntegerTarget target, MessageSketch sketch)
            throws OnnxExportException {
        float alpha = target.node().operator() instanceof Gemm gemm ? gemm.alpha() : 1f;
        String smoothed = factors.containsKey(target.data()) ? target.data() : "";
        List<Object> key = List.of(target.weight(), target.axis(), alpha, smoothed);
        List<String> known = written.get(key);
        if (known != null) {
            return known;
        }
        IntegerWeight weight = codes(target).padded(target.axis(), target.padding());
        IntegerWeight matrix = target.axis() == 0 ? weight.transposed() : weight;
        float[] scales = weight.scales().clone();
        for (int i = 0; i < scales.length; ++i) {
            scales[i] *= alpha;
        }
        IntegerWeight.Written codes = matrix.written();
        known = new ArrayList<>();
        known.add(sketch.newInitializer(target.weight() + "_codes", codes.codes()));
        known.add(
                sketch.newInitializer(
                        target.weight() + "_scale",
                        new DenseWeight(new int[] {scales.length}, scales)));
        if (codes.zero() != 0) {
            byte[] zero = {(byte) codes.zero()};
            known.add(
                    sketch.newInitializer(
                            target.weight() + "_zero",
                            new ExactWeight(new int[0], codes.codes().type(), zero)));
        }
        written.put(key, known);
        return known;
    }

    private static DenseWeight bias(IntegerTarget target) {
        float beta = target.node().operator() instanceof Gemm gemm ? gemm.beta() : 1f;
        float[] bias =
                Arrays.copyOf(target.bias().orElseThrow(), target.channels() + target.padding());
        for (int i = 0; i < bias.length; ++i) {
            bias[i] *= beta;
        }
        return new DenseWeight(new int[] {bias.length}, bias);
    }
}
