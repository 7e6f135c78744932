package dev.bonsai.onnx;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.onnx.OnnxFormatException.Problem;
import dev.bonsai.onnx.OnnxImporter.Form;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What becomes a weight, what is put in its place, and what is refused in which words. */
public class OnnxImporterTest {

    private static final List<String> X = List.of("x");
    private static final List<String> Y = List.of("y");

    private static OnnxModels twoOfX() {
        return OnnxModels.of(17).input("x", OnnxModels.FLOAT, "n", 2).output("y");
    }

    private static float[] run(OnnxModels model, float... x) throws OnnxFormatException {
        GraphModel imported = OnnxImporter.read(model.bytes());
        return PlainModel.of(imported).run(Tensor.of(x, x.length / 2, 2)).get(0).floats();
    }

    private static OnnxFormatException refused(OnnxModels model) {
        return expectThrows(
                OnnxFormatException.class, () -> OnnxImporter.read(model.bytes(), Form.LITERAL));
    }

    @Test
    public void floatsThatWeightedOperatorsTakeAreWeightsUnderTheirNames() throws Exception {
        OnnxModels model =
                twoOfX().weight("dense.weight", OnnxModels.floats(1, 2, 2))
                        .weight("dense.bias", OnnxModels.floats(2, 2))
                        .weight("factor", Constants.scalar(3f))
                        .weight("unused", OnnxModels.floats(3, 9))
                        .node("MatMul", List.of("x", "dense.weight"), List.of("a"))
                        .node(
                                "Constant",
                                List.of(),
                                List.of("shift"),
                                "value",
                                OnnxModels.floats(4, 2))
                        .node("Add", List.of("a", "dense.bias"), List.of("b"))
                        .node("Sub", List.of("b", "shift"), List.of("c"))
                        .node("Mul", List.of("c", "factor"), Y);
        GraphModel imported = OnnxImporter.read(model.bytes(), Form.LITERAL);
        assertEquals(imported.weights().keySet(), Set.of("dense.weight", "dense.bias", "shift"));
        assertEquals(imported.graph().constants().keySet(), Set.of("factor"));
    }

    @Test
    public void aWeightIsOneBehindAnIdentityToo() throws Exception {
        OnnxModels model =
                twoOfX().weight("table", OnnxModels.floats(1, 2, 2))
                        .node("Identity", List.of("table"), List.of("same"))
                        .node("MatMul", List.of("x", "same"), Y);
        assertEquals(OnnxImporter.read(model.bytes()).weights().keySet(), Set.of("table"));
    }

    @DataProvider
    Object[][] types() {
        return new Object[][] {
            {ElementType.INT8, -3L},
            {ElementType.UINT8, 200L},
            {ElementType.INT16, -300L},
            {ElementType.UINT16, 60_000L},
            {ElementType.INT32, -70_000L},
            {ElementType.UINT32, 4_000_000_000L},
            {ElementType.INT64, -5_000_000_000L},
            {ElementType.UINT64, 5L},
            {ElementType.BOOLEAN, 1L},
        };
    }

    @Test(dataProvider = "types")
    public void typedDataEqualsRawData(ElementType type, long number) throws Exception {
        TensorProto.Builder tensor =
                TensorProto.newBuilder()
                        .setName("c")
                        .addDims(1)
                        .setDataType(dev.bonsai.graph.operator.Cast.number(type));
        switch (type) {
            case INT64 -> tensor.addInt64Data(number);
            case UINT32, UINT64 -> tensor.addUint64Data(number);
            default -> tensor.addInt32Data((int) number);
        }
        EncodedWeight value = TensorReader.read(tensor.build());
        assertEquals(Constants.integers(value), List.of(number));
        assertEquals(TensorReader.read(TensorWriter.write("c", value)), value);
    }

    @Test
    public void floatsOfEveryWidthAreRead() throws Exception {
        TensorProto.Builder tensor = TensorProto.newBuilder().addDims(2);
        assertEquals(
                TensorReader.read(
                                tensor.setDataType(1).addFloatData(1.5f).addFloatData(-2f).build())
                        .decode(),
                new float[] {1.5f, -2f});
        assertEquals(
                TensorReader.read(
                                TensorProto.newBuilder()
                                        .addDims(2)
                                        .setDataType(11)
                                        .addDoubleData(1.5)
                                        .addDoubleData(-2)
                                        .build())
                        .decode(),
                new float[] {1.5f, -2f});
        assertEquals(
                TensorReader.read(
                                TensorProto.newBuilder()
                                        .addDims(1)
                                        .setDataType(10)
                                        .addInt32Data(0x3e00)
                                        .build())
                        .decode(),
                new float[] {1.5f});
    }

    @Test
    public void aLocalFunctionIsPutInItsPlace() throws Exception {
        FunctionProto function =
                FunctionProto.newBuilder()
                        .setName("Scaled")
                        .setDomain("own")
                        .addInput("a")
                        .addOutput("r")
                        .addAttribute("slope")
                        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                        .addNode(
                                NodeProto.newBuilder()
                                        .setOpType("LeakyRelu")
                                        .addInput("a")
                                        .addOutput("y")
                                        .addAttribute(
                                                OnnxModels.attribute("alpha", 0f).toBuilder()
                                                        .clearF()
                                                        .setRefAttrName("slope")))
                        .addNode(OnnxModels.aNode("Add", List.of("y", "y"), List.of("r")))
                        .build();
        OnnxModels model = twoOfX();
        model.model()
                .addFunctions(function)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("own").setVersion(1));
        model.node(scaled("x", "m", 0.5f)).node(scaled("m", "y", 0.25f));
        assertEquals(run(model, 1f, -1f), new float[] {4f, -0.5f});
    }

    private static NodeProto scaled(String from, String to, float slope) {
        return OnnxModels.aNode("Scaled", List.of(from), List.of(to), "slope", slope).toBuilder()
                .setDomain("own")
                .build();
    }

    @Test
    public void aConstantConditionChoosesABranch() throws Exception {
        GraphProto neg =
                GraphProto.newBuilder()
                        .addNode(OnnxModels.aNode("Neg", X, List.of("r")))
                        .addOutput(ValueInfoProto.newBuilder().setName("r"))
                        .build();
        GraphProto twice =
                GraphProto.newBuilder()
                        .addInitializer(TensorWriter.write("two", Constants.scalar(2f)))
                        .addNode(OnnxModels.aNode("Mul", List.of("x", "two"), List.of("r")))
                        .addOutput(ValueInfoProto.newBuilder().setName("r"))
                        .build();
        for (byte condition : new byte[] {0, 1}) {
            OnnxModels model =
                    twoOfX().weight(
                                    "c",
                                    new ExactWeight(
                                            new int[0],
                                            ElementType.BOOLEAN,
                                            new byte[] {condition}))
                            .node("If", List.of("c"), Y, "then_branch", neg, "else_branch", twice);
            assertEquals(
                    run(model, 1f, 2f),
                    condition == 1 ? new float[] {-1f, -2f} : new float[] {2f, 4f});
        }
    }

    @Test
    public void allUnknownOperatorsStandInOneErrorWithTheirCounts() {
        OnnxFormatException e =
                refused(
                        twoOfX().node("Loop", X, List.of("a"))
                                .node("Relu", List.of("missing"), List.of("never"))
                                .node("NonZero", List.of("a"), List.of("b"))
                                .node("NonZero", List.of("b"), Y));
        assertEquals(e.problem(), Problem.UNSUPPORTED);
        assertTrue(e.getMessage().contains("Loop x 1, NonZero x 2"), e.getMessage());
    }

    @Test
    public void dataOutsideOfTheFileIsRefusedWithTheRemedy() {
        TensorProto external =
                TensorProto.newBuilder()
                        .setName("w")
                        .setDataType(1)
                        .addDims(2)
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(StringStringEntryProto.newBuilder().setKey("location"))
                        .build();
        OnnxFormatException e =
                refused(twoOfX().tensor(external).node("Add", List.of("x", "w"), Y));
        assertEquals(e.problem(), Problem.UNSUPPORTED);
        assertTrue(e.getMessage().contains("save_as_external_data=False"), e.getMessage());
    }

    @DataProvider
    Object[][] wrong() {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName("w").setDataType(1);
        return new Object[][] {
            {
                "too few bytes",
                twoOfX().tensor(tensor.clone().addDims(1 << 30).addFloatData(1f).build())
                        .node("Add", List.of("x", "w"), Y),
                "1073741824"
            },
            {
                "a shape beyond any memory",
                twoOfX().tensor(tensor.clone().addDims(1L << 31).addDims(1L << 31).build())
                        .node("Add", List.of("x", "w"), Y),
                "'w'"
            },
            {
                "a negative dimension",
                twoOfX().tensor(tensor.clone().addDims(-2).build())
                        .node("Add", List.of("x", "w"), Y),
                "'w'"
            },
            {
                "texts",
                twoOfX().tensor(tensor.clone().setDataType(8).addDims(1).build())
                        .node("Add", List.of("x", "w"), Y),
                "type 8"
            },
            {"a cycle", twoOfX().node("Add", List.of("x", "y"), Y), "'y' is not defined"},
            {"two of one name", twoOfX().node("Relu", X, Y).node("Neg", X, Y), "defined twice"},
            {"no output", OnnxModels.of(17).input("x", 1, 2).node("Relu", X, Y), "output"},
            {"an old set", OnnxModels.of(5).input("x", 1, 2).node("Relu", X, Y), "Operator sets 6"},
            {
                "an unknown attribute",
                twoOfX().node("Relu", X, Y, "slope", 1f),
                "Relu has no attribute 'slope'"
            },
            {
                "training",
                twoOfX().node("BatchNormalization", X, Y, "training_mode", 1),
                "training_mode"
            },
        };
    }

    @Test(dataProvider = "wrong")
    public void whatIsWrongIsSaid(String what, OnnxModels model, String words) {
        String message = refused(model).getMessage();
        assertTrue(message.contains(words), what + ": " + message);
    }

    @Test
    public void otherBytesAreNotOnnx() {
        for (byte[] bytes :
                new byte[][] {
                    {}, {8, 8}, "PK a zip".getBytes(StandardCharsets.UTF_8), new byte[100]
                }) {
            OnnxFormatException e =
                    expectThrows(OnnxFormatException.class, () -> OnnxImporter.read(bytes));
            assertEquals(e.problem(), Problem.NOT_ONNX);
        }
        assertThrows(NoSuchFileException.class, () -> OnnxImporter.read(Path.of("missing.onnx")));
    }

    @Test
    public void manyTinyMessagesAreRefusedBeforeTheyAreObjects() {
        byte[] bytes = new byte[4_000_000];
        for (int i = 0; i < bytes.length; i += 2) {
            bytes[i] = 0x42; // opset_import, of length 0
        }
        OnnxFormatException e =
                expectThrows(OnnxFormatException.class, () -> OnnxImporter.read(bytes));
        assertTrue(e.getMessage().contains("messages"), e.getMessage());
    }

    @Test
    public void axesThatAreAConstantAreAnAttribute() throws Exception {
        OnnxModels model =
                OnnxModels.of(18)
                        .input("x", OnnxModels.FLOAT, "n", 2)
                        .weight("axes", Constants.integers(1))
                        .node("ReduceMean", List.of("x", "axes"), Y)
                        .output("y");
        GraphModel imported = OnnxImporter.read(model.bytes(), Form.LITERAL);
        Node node = imported.graph().nodes().get(0);
        assertEquals(node.toString(), "y = ReduceMean(x; axes=[1])");
        assertTrue(imported.graph().constants().isEmpty());
    }
}
