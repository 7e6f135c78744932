package dev.bonsai.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.onnx.OnnxFormatException.Problem;
import java.io.IOException;

/** Makes messages of bytes. */
final class OnnxParser {

    private static final int DEEPEST = 100;

    private OnnxParser() {}

    static ModelProto model(byte[] bytes) throws OnnxFormatException {
        ByteString content = UnsafeByteOperations.unsafeWrap(bytes);
        try {
            MessageBudget.check(content.newCodedInput(), bytes.length);
            ModelProto model = parse(content, ModelProto.parser());
            if (!model.hasGraph() || model.getIrVersion() <= 0) {
                throw new OnnxFormatException(
                        Problem.NOT_ONNX,
                        "The bytes are not a model of ONNX: there is no "
                                + (model.hasGraph() ? "version" : "graph")
                                + ". Give a file that ends in .onnx");
            }
            return model;
        } catch (OnnxFormatException e) {
            throw e;
        } catch (IOException e) {
            throw notOnnx(e);
        }
    }

    /** Reads a tensor that stands in a file of its own. */
    static EncodedWeight tensor(byte[] bytes) throws OnnxFormatException {
        try {
            return TensorReader.read(
                    parse(UnsafeByteOperations.unsafeWrap(bytes), TensorProto.parser()));
        } catch (InvalidProtocolBufferException e) {
            throw notOnnx(e);
        }
    }

    private static OnnxFormatException notOnnx(IOException cause) {
        return new OnnxFormatException(
                Problem.NOT_ONNX,
                "The bytes are not a model of ONNX, or only a part of one ("
                        + cause.getMessage()
                        + "): copy the file again, or export it again",
                cause);
    }

    private static <T extends com.google.protobuf.Message> T parse(
            ByteString content, Parser<T> parser) throws InvalidProtocolBufferException {
        CodedInputStream in = content.newCodedInput();
        in.enableAliasing(true); // arrays stay where the file's bytes are
        in.setRecursionLimit(DEEPEST);
        return DiscardUnknownFieldsParser.wrap(parser).parseFrom(in);
    }
}
