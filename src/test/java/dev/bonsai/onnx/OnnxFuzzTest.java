package dev.bonsai.onnx;

import static org.testng.Assert.assertTrue;

import ai.onnx.proto.OnnxMl.FunctionProto;
import com.sun.management.ThreadMXBean;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.onnx.OnnxImporter.Form;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Damaged files give one typed exception or a graph that holds; nothing else comes out. */
public class OnnxFuzzTest {

    /** Most of it is garbage soon. */
    private static final long MOST_TAKEN = 1L << 30;

    private static final int MUTATIONS = 4_000;

    @DataProvider
    Object[][] files() {
        return new Object[][] {{recurrent()}, {convolutional()}, {shapes()}, {old()}};
    }

    private static byte[] convolutional() {
        return OnnxModels.of(17)
                .input("x", OnnxModels.FLOAT, "n", 2, 8, 8)
                .weight("w", OnnxModels.floats(1, 4, 2, 3, 3))
                .weight("b", OnnxModels.floats(2, 4))
                .node("Conv", List.of("x", "w", "b"), List.of("c"), "pads", new int[] {1, 1, 1, 1})
                .node("MaxPool", List.of("c"), List.of("p"), "kernel_shape", new int[] {2, 2})
                .node("Flatten", List.of("p"), List.of("f"))
                .weight("v", OnnxModels.floats(3, 5, 196))
                .node("Gemm", List.of("f", "v"), List.of("g"), "transB", 1)
                .node("Softmax", List.of("g"), List.of("y"))
                .output("y")
                .bytes();
    }

    private static byte[] shapes() {
        return OnnxModels.of(17)
                .input("x", OnnxModels.FLOAT, "n", "m", 4)
                .node("Shape", List.of("x"), List.of("s"))
                .node("Constant", List.of(), List.of("two"), "value_ints", new int[] {2})
                .node("Constant", List.of(), List.of("zero"), "value_ints", new int[] {0})
                .node("Slice", List.of("s", "zero", "two"), List.of("t"))
                .node("Concat", List.of("t", "two", "two"), List.of("r"), "axis", 0)
                .node("Reshape", List.of("x", "r"), List.of("u"))
                .node("ConstantOfShape", List.of("r"), List.of("k"))
                .node("Add", List.of("u", "k"), List.of("v"))
                .node("Transpose", List.of("v"), List.of("y"), "perm", new int[] {0, 2, 1, 3})
                .node("Expand", List.of("two", "r"), List.of("z"))
                .output("y", "z")
                .bytes();
    }

    private static byte[] recurrent() {
        return OnnxModels.of(14)
                .input("x", OnnxModels.FLOAT, 3, "n", 2)
                .weight("w", OnnxModels.floats(1, 1, 12, 2))
                .weight("r", OnnxModels.floats(2, 1, 12, 3))
                .node("LSTM", List.of("x", "w", "r"), List.of("y", "h"), "hidden_size", 3)
                .node("Unsqueeze", List.of("h", "axes"), List.of("u"))
                .weight("axes", Constants.integers(0))
                .node("Split", List.of("u"), List.of("a", "b", "c"), "axis", -1)
                .output("y", "a", "b", "c")
                .bytes();
    }

    private static byte[] old() {
        return OnnxModels.of(9)
                .input("x", OnnxModels.FLOAT, "n", 3, 4, 4)
                .node("Pad", List.of("x"), List.of("p"), "pads", new int[8])
                .node("Upsample", List.of("p", "f"), List.of("u"))
                .weight("f", Constants.floats(1, 1, 2, 2))
                .node("Clip", List.of("u"), List.of("c"), "min", 0f, "max", 6f)
                .node(
                        "Slice",
                        List.of("c"),
                        List.of("s"),
                        "starts",
                        new int[] {0},
                        "ends",
                        new int[] {9})
                .node("Softmax", List.of("s"), List.of("y"))
                .output("y")
                .bytes();
    }

    @Test(dataProvider = "files")
    public void aMutatedFileIsAGraphOrATypedException(byte[] file) {
        Random random = new Random(7);
        int graphs = 0;
        for (int i = 0; i < MUTATIONS; ++i) {
            byte[] damaged = file.clone();
            for (int j = random.nextInt(3); j >= 0; --j) {
                mutate(damaged, random);
            }
            graphs += read(damaged, i % 2 == 0 ? Form.LITERAL : Form.TRAINING);
        }
        assertTrue(graphs > MUTATIONS / 100, "graphs: " + graphs);
        assertTrue(graphs < MUTATIONS, "graphs: " + graphs);
    }

    private static void mutate(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(4)) {
            case 0 -> bytes[at] = (byte) random.nextInt();
            case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0);
            default -> {
                int length = Math.min(random.nextInt(24), bytes.length - at);
                System.arraycopy(
                        bytes, random.nextInt(bytes.length - length + 1), bytes, at, length);
            }
        }
    }

    @Test(dataProvider = "files")
    public void aTruncatedFileIsATypedException(byte[] file) {
        for (int length = 0; length < file.length; ++length) {
            read(Arrays.copyOf(file, length), Form.TRAINING);
        }
    }

    @DataProvider
    Object[][] bombs() {
        return new Object[][] {
            {
                "a large constant of a shape",
                start().weight("s", Constants.integers(100_000, 100_000))
                        .node("ConstantOfShape", List.of("s"), List.of("y"))
            },
            {
                "a large repetition",
                start().weight("s", Constants.integers(1L << 30))
                        .node("Tile", List.of("c", "s"), List.of("y"))
            },
            {
                "a large expansion",
                start().weight("s", Constants.integers(1L << 20, 1L << 20, 1))
                        .node("Expand", List.of("c", "s"), List.of("y"))
            },
            {
                "a long range",
                start().weight("from", Constants.integer(0))
                        .weight("to", Constants.integer(1L << 40))
                        .weight("by", Constants.integer(1))
                        .node("Range", List.of("from", "to", "by"), List.of("y"))
            },
            {
                "wide pads",
                start().weight("s", Constants.integers(1 << 30, 1 << 30))
                        .node("Pad", List.of("c", "s"), List.of("y"))
            },
            {"joined with itself", doubled(start(), "c", "Concat")},
            {"indices of indices", doubled(start(), "i", "Gather")},
            {"products of sizes", doubled(ofShape(), "v", "Mul")},
            {"lists of sizes", doubled(ofShape(), "v", "Concat")},
            {"functions of functions", functions()},
            {"functions of long names", longNames()},
            {"a constant convolved with a constant", convolved()},
        };
    }

    /** What a call puts in place has the name of the function in front of its own. */
    private static OnnxModels longNames() {
        OnnxModels model = start();
        String name = "f".repeat(1 << 16);
        FunctionProto.Builder function =
                FunctionProto.newBuilder()
                        .setName(name)
                        .setDomain("own")
                        .addInput("a0")
                        .addOutput("a10000");
        for (int i = 0; i < 10_000; ++i) {
            function.addNode(OnnxModels.aNode("Relu", List.of("a" + i), List.of("a" + (i + 1))));
        }
        model.model().addFunctions(function);
        String last = "x";
        for (int i = 0; i < 20; ++i) {
            String next = i == 19 ? "y" : "d" + i;
            model.node(
                    OnnxModels.aNode(name, List.of(last), List.of(next)).toBuilder()
                            .setDomain("own")
                            .build());
            last = next;
        }
        return model;
    }

    /** Laid out as columns it takes 200 to the power of 4 floats. */
    private static OnnxModels convolved() {
        DenseWeight plane = new DenseWeight(new int[] {1, 1, 200, 200}, new float[40_000]);
        return start().weight("a", plane)
                .weight("b", plane)
                .node("Relu", List.of("a"), List.of("r"))
                .node("Conv", List.of("r", "b"), List.of("y"), "auto_pad", "SAME_UPPER");
    }

    private static OnnxModels start() {
        return OnnxModels.of(17)
                .input("x", OnnxModels.FLOAT, "n", 2)
                .weight("c", Constants.floats(1, 2))
                .weight("i", new ExactWeight(new int[] {1, 1}, ElementType.INT64, new byte[8]));
    }

    private static OnnxModels ofShape() {
        return start().node("Shape", List.of("x"), List.of("v"));
    }

    /** Sixty nodes, each of which takes the last result twice. */
    private static OnnxModels doubled(OnnxModels model, String first, String operator) {
        String last = first;
        for (int i = 0; i < 60; ++i) {
            String next = i == 59 ? "y" : "d" + i;
            Object[] axis = operator.equals("Mul") ? new Object[0] : new Object[] {"axis", 0};
            model.node(operator, List.of(last, last), List.of(next), axis);
            last = next;
        }
        return model;
    }

    /** Thirty functions, each of which calls the next one four times. */
    private static OnnxModels functions() {
        OnnxModels model = start();
        for (int i = 0; i < 30; ++i) {
            FunctionProto.Builder function =
                    FunctionProto.newBuilder()
                            .setName("f" + i)
                            .setDomain("own")
                            .addInput("a0")
                            .addOutput("a4");
            for (int j = 0; j < 4; ++j) {
                function.addNode(
                        OnnxModels.aNode(
                                        i == 29 ? "Relu" : "f" + (i + 1),
                                        List.of("a" + j),
                                        List.of("a" + (j + 1)))
                                .toBuilder()
                                .setDomain(i == 29 ? "" : "own"));
            }
            model.model().addFunctions(function);
        }
        return model.node(
                OnnxModels.aNode("f0", List.of("x"), List.of("y")).toBuilder()
                        .setDomain("own")
                        .build());
    }

    @Test(dataProvider = "bombs", timeOut = 60_000)
    public void aSmallFileTakesNoLargeMemory(String what, OnnxModels model) {
        byte[] bytes = model.output("y").bytes();
        for (Form form : Form.values()) {
            long before = allocated();
            read(bytes, form);
            long taken = allocated() - before;
            assertTrue(taken < MOST_TAKEN, what + " as " + form + " took " + taken);
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    private static int read(byte[] bytes, Form form) {
        try {
            OnnxImporter.read(bytes, form);
            return 1;
        } catch (OnnxFormatException e) {
            assertTrue(e.getMessage().length() > 10, e.getMessage());
            return 0;
        }
    }
}
