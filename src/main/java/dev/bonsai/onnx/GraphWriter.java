package dev.bonsai.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.Map;

/** Makes a message of a graph: operator set 17, IR version 8, weights as initialisers. */
final class GraphWriter {

    static final long OPERATOR_SET = 17;

    private static final long IR_VERSION = 8;

    private GraphWriter() {}

    static byte[] write(GraphModel model) throws OnnxExportException {
        return write(model, WrittenModel.FLOATS);
    }

    /** Writes a graph in a form. */
    static byte[] write(GraphModel model, WrittenModel form) throws OnnxExportException {
        Graph graph = model.graph();
        Map<String, EncodedWeight> weights = model.weights();
        long bytes = 0;
        for (Graph.Weight weight : graph.weights()) {
            bytes += (long) weights.get(weight.path()).size() * weight.type().bytes();
        }
        if (bytes > Integer.MAX_VALUE - (1 << 24)) {
            throw new OnnxExportException(
                    "A file of ONNX has at most 2 GiB, but the weights alone have "
                            + bytes
                            + " bytes: make the model smaller");
        }
        MessageSketch sketch = new MessageSketch(graph);
        ModelProto.Builder file =
                ModelProto.newBuilder()
                        .setIrVersion(IR_VERSION)
                        .setProducerName(ModelReader.PRODUCER)
                        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
                        .setGraph(message(graph, weights, form, sketch));
        sketch.domains()
                .forEach(
                        domain ->
                                file.addOpsetImport(
                                        OperatorSetIdProto.newBuilder()
                                                .setDomain(domain)
                                                .setVersion(1)));
        return file.build().toByteArray();
    }

    private static GraphProto message(
            Graph graph,
            Map<String, EncodedWeight> weights,
            WrittenModel form,
            MessageSketch sketch)
            throws OnnxExportException {
        GraphProto.Builder message = sketch.message();
        graph.inputs()
                .forEach(
                        input ->
                                message.addInput(
                                        value(
                                                input.name(),
                                                ValueInfo.of(input.type(), input.shape()))));
        for (Graph.Weight weight : graph.weights()) {
            if (form.keeps(weight.path())) {
                message.addInitializer(
                        TensorWriter.write(weight.path(), weights.get(weight.path())));
            }
        }
        graph.constants().forEach(sketch::constant);
        form.start(sketch);
        for (Node node : graph.nodes()) {
            if (node.outputs().stream().anyMatch(form::keeps)) {
                form.node(node, sketch);
            }
        }
        graph.outputs().forEach(output -> message.addOutput(value(output, sketch.value(output))));
        return message.build();
    }

    private static ValueInfoProto value(String name, ValueInfo info) {
        TypeProto.Tensor.Builder tensor =
                TypeProto.Tensor.newBuilder().setElemType(Cast.number(info.type()));
        info.shape().ifPresent(shape -> tensor.setShape(shape(shape)));
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    private static TensorShapeProto shape(Shape shape) {
        TensorShapeProto.Builder message = TensorShapeProto.newBuilder();
        for (Dim dim : shape.dims()) {
            TensorShapeProto.Dimension.Builder one = message.addDimBuilder();
            if (dim.isFixed()) {
                one.setDimValue(dim.size());
            } else if (dim.isKnown()) {
                one.setDimParam(dim.toString());
            }
        }
        return message.build();
    }
}
