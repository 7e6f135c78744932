package dev.bonsai.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import java.util.List;
import java.util.Random;

/** Small models of ONNX as messages. */
final class OnnxModels {

    static final int FLOAT = 1;
    static final int INT64 = 7;

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("test");
    private final ModelProto.Builder model = ModelProto.newBuilder();

    private OnnxModels(long version) {
        model.setIrVersion(8).addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(version));
    }

    static OnnxModels of(long version) {
        return new OnnxModels(version);
    }

    OnnxModels input(String name, int type, Object... dims) {
        graph.addInput(value(name, type, dims));
        return this;
    }

    OnnxModels output(String... names) {
        for (String name : names) {
            graph.addOutput(ValueInfoProto.newBuilder().setName(name).setType(untyped()));
        }
        return this;
    }

    private static TypeProto untyped() {
        return TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(FLOAT))
                .build();
    }

    static ValueInfoProto value(String name, int type, Object... dims) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Object dim : dims) {
            if (dim instanceof String text) {
                shape.addDimBuilder().setDimParam(text);
            } else {
                shape.addDimBuilder().setDimValue(((Number) dim).longValue());
            }
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        TypeProto.newBuilder()
                                .setTensorType(
                                        TypeProto.Tensor.newBuilder()
                                                .setElemType(type)
                                                .setShape(shape)))
                .build();
    }

    OnnxModels weight(String name, EncodedWeight value) {
        graph.addInitializer(TensorWriter.write(name, value));
        return this;
    }

    OnnxModels tensor(TensorProto tensor) {
        graph.addInitializer(tensor);
        return this;
    }

    OnnxModels node(String operator, List<String> inputs, List<String> outputs, Object... more) {
        graph.addNode(aNode(operator, inputs, outputs, more));
        return this;
    }

    OnnxModels node(NodeProto node) {
        graph.addNode(node);
        return this;
    }

    static NodeProto aNode(
            String operator, List<String> inputs, List<String> outputs, Object... attributes) {
        NodeProto.Builder node =
                NodeProto.newBuilder()
                        .setOpType(operator)
                        .addAllInput(inputs)
                        .addAllOutput(outputs);
        for (int i = 0; i < attributes.length; i += 2) {
            node.addAttribute(attribute((String) attributes[i], attributes[i + 1]));
        }
        return node.build();
    }

    static AttributeProto attribute(String name, Object value) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
        if (value instanceof Integer number) {
            attribute.setType(AttributeProto.AttributeType.INT).setI(number);
        } else if (value instanceof Float number) {
            attribute.setType(AttributeProto.AttributeType.FLOAT).setF(number);
        } else if (value instanceof String text) {
            attribute
                    .setType(AttributeProto.AttributeType.STRING)
                    .setS(ByteString.copyFromUtf8(text));
        } else if (value instanceof int[] numbers) {
            attribute.setType(AttributeProto.AttributeType.INTS);
            for (int number : numbers) {
                attribute.addInts(number);
            }
        } else if (value instanceof float[] numbers) {
            attribute.setType(AttributeProto.AttributeType.FLOATS);
            for (float number : numbers) {
                attribute.addFloats(number);
            }
        } else if (value instanceof GraphProto branch) {
            attribute.setType(AttributeProto.AttributeType.GRAPH).setG(branch);
        } else {
            attribute
                    .setType(AttributeProto.AttributeType.TENSOR)
                    .setT(TensorWriter.write("", (EncodedWeight) value));
        }
        return attribute.build();
    }

    ModelProto.Builder model() {
        return model;
    }

    GraphProto.Builder graph() {
        return graph;
    }

    byte[] bytes() {
        return model.setGraph(graph).build().toByteArray();
    }

    /** Normal floats from a seed. */
    static EncodedWeight floats(long seed, int... shape) {
        Random random = new Random(seed);
        int size = 1;
        for (int dim : shape) {
            size *= dim;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; ++i) {
            values[i] = (float) random.nextGaussian();
        }
        return new DenseWeight(shape, values);
    }
}
