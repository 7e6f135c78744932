package dev.bonsai.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.bonsai.activation.EmbeddingTable;
import dev.bonsai.activation.IntegerTarget;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Gemm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * 4-bit weights by block, in two operators of ONNX Runtime's own: MatMulNBits and
 * GatherBlockQuantized.
 */
final class BlockForm implements WrittenModel {

    private static final String DOMAIN = "com.microsoft";
    private static final int INT4 = 22;
    private static final int MIDDLE = 8;

    private final GraphModel model;
    private final OnnxQuantization quantization;
    private final MatrixTargets targets;
    private final Map<List<Object>, List<String>> written = new HashMap<>();

    BlockForm(GraphModel model, OnnxQuantization quantization) {
        this.model = model;
        this.quantization = quantization;
        targets = new MatrixTargets(model, quantization);
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
            table(targets.table(node), sketch);
        } else {
            NodeWriter.write(node, sketch);
        }
    }

    private void product(IntegerTarget target, MessageSketch sketch) throws OnnxExportException {
        String result = target.node().output();
        BlockWeight weight =
                BlockWeight.of(
                        target.weight(),
                        model.weights().get(target.weight()),
                        target.axis(),
                        quantization);
        float alpha = target.node().operator() instanceof Gemm gemm ? gemm.alpha() : 1f;
        float beta = target.node().operator() instanceof Gemm gemm ? gemm.beta() : 1f;
        List<String> operands = new ArrayList<>(List.of(target.data()));
        List<Object> key = List.of(target.weight(), target.axis(), alpha);
        List<String> parts = written.get(key);
        if (parts == null) {
            parts = parts(target.weight(), weight, alpha, sketch);
            written.put(key, parts);
        }
        operands.addAll(parts);
        String product = target.bias().isPresent() ? sketch.fresh(result + "_product") : result;
        sketch.foreignNode(
                DOMAIN,
                "MatMulNBits",
                Attributes.NONE
                        .with("K", weight.length())
                        .with("N", weight.rows())
                        .with("bits", BlockWeight.BITS)
                        .with("block_size", weight.block()),
                operands,
                List.of(product));
        if (target.bias().isPresent()) {
            float[] bias = target.bias().get().clone();
            for (int i = 0; i < bias.length; ++i) {
                bias[i] *= beta;
            }
            String name =
                    sketch.newInitializer(
                            result + "_bias", new DenseWeight(new int[] {bias.length}, bias));
            sketch.node("Add", Attributes.NONE, List.of(product, name), List.of(result));
        }
    }

    private List<String> parts(String path, BlockWeight weight, float alpha, MessageSketch sketch) {
        byte[] codes = BlockWeight.packed(weight.codes(), weight.block());
        int[] shape = {weight.rows(), weight.blocks(), weight.block() / 2};
        float[] scales = weight.scales().clone();
        for (int i = 0; i < scales.length; ++i) {
            scales[i] *= alpha;
        }
        List<String> parts = new ArrayList<>();
        parts.add(
                sketch.newInitializer(
                        path + "_codes", new ExactWeight(shape, ElementType.UINT8, codes)));
        parts.add(
                sketch.newInitializer(
                        path + "_scale", new DenseWeight(new int[] {scales.length}, scales)));
        if (!quantization.isSymmetric()) {
            byte[] zeros = BlockWeight.packed(weight.zeros(), weight.blocks());
            parts.add(
                    sketch.newInitializer(
                            path + "_zero",
                            new ExactWeight(new int[] {zeros.length}, ElementType.UINT8, zeros)));
        }
        return parts;
    }

    /** The rows of a table are always symmetric; their codes are signed. */
    private void table(EmbeddingTable table, MessageSketch sketch) throws OnnxExportException {
        List<Object> key = List.of(table.path());
        List<String> parts = written.get(key);
        if (parts == null) {
            BlockWeight weight =
                    BlockWeight.of(
                            table.path(),
                            model.weights().get(table.path()),
                            0,
                            OnnxQuantization.builder(OnnxForm.BLOCKS_4_BIT)
                                    .optBlockSize(quantization.blockSize())
                                    .build());
            parts =
                    List.of(
                            sketch.newInitializer(
                                    signed(sketch.fresh(table.path() + "_codes"), weight)),
                            sketch.newInitializer(
                                    table.path() + "_scale",
                                    new DenseWeight(
                                            new int[] {weight.rows(), weight.blocks()},
                                            weight.scales())));
            written.put(key, parts);
        }
        sketch.foreignNode(
                DOMAIN,
                "GatherBlockQuantized",
                Attributes.NONE
                        .with("gather_axis", 0)
                        .with("quantize_axis", 1)
                        .with("block_size", quantization.blockSize()),
                List.of(parts.get(0), table.indices(), parts.get(1)),
                table.node().outputs());
    }

    private static TensorProto signed(String name, BlockWeight weight) {
        byte[] codes = new byte[weight.rows() * weight.length()];
        int rowLength = weight.blocks() * weight.block();
        for (int i = 0; i < codes.length; ++i) {
            int at = i / weight.length() * rowLength + i % weight.length();
            codes[i] = (byte) (weight.codes()[at] - MIDDLE);
        }
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(INT4)
                .addDims(weight.rows())
                .addDims(weight.length())
                .setRawData(ByteString.copyFrom(BlockWeight.packed(codes, codes.length)))
                .build();
    }
}
