package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotNull;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.ExactWeight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What is not of 32-bit floats goes through training, file and block bit for bit. */
public class ExactParametersTest extends ToyTestBase {

    /** The types that DJL's PyTorch engine makes arrays of. */
    private static final ElementType[] MADE = {
        ElementType.FLOAT64,
        ElementType.FLOAT16,
        ElementType.INT8,
        ElementType.UINT8,
        ElementType.INT32,
        ElementType.INT64,
        ElementType.BOOLEAN
    };

    /** Passes its input on, beside parameters of every type. */
    private static FunctionBlock beside() {
        FunctionBlock block =
                new FunctionBlock(
                        (x, values) -> {
                            for (ElementType type : MADE) {
                                assertNotNull(values.apply(type.name()));
                            }
                            return x;
                        });
        for (ElementType type : MADE) {
            block.add(
                    Parameter.builder()
                            .setName(type.name())
                            .setType(Parameter.Type.OTHER)
                            .optRequiresGrad(false)
                            .optShape(new Shape(2, 4))
                            .optInitializer((manager, shape, any) -> array(manager, type, 0))
                            .build());
        }
        return block;
    }

    private static Block net() {
        return new SequentialBlock()
                .add(beside())
                .add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    /** Extremes, payloads of NaN, and what 32-bit floats round. */
    private static byte[] bytes(ElementType type, long seed) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        new Random(seed).nextBytes(bytes.array());
        switch (type) {
            case INT64, UINT64 -> bytes.putLong(9007199254740991L).putLong(Long.MIN_VALUE);
            case FLOAT64 -> bytes.putLong(0x7ff8_0000_dead_beefL).putDouble(-0.0).putDouble(1e-300);
            case FLOAT16 -> bytes.putShort((short) 0x7e55).putShort((short) 0x8000);
            case INT32 -> bytes.putInt(16_777_217).putInt(Integer.MIN_VALUE);
            case BOOLEAN -> {
                for (int i = 0; i < 8; ++i) {
                    bytes.put(i, (byte) (bytes.get(i) & 1));
                }
            }
            default -> bytes.put((byte) 0).put((byte) -1);
        }
        return bytes.array();
    }

    private static NDArray array(NDManager manager, ElementType type, long seed) {
        byte[] bytes = bytes(type, seed);
        Shape shape = new Shape(2, 4);
        return Tensors.create(bytes, DataType.valueOf(type.name()), shape, manager);
    }

    @DataProvider
    public static Object[][] fresh() {
        return new Object[][] {{false}, {true}};
    }

    @Test(dataProvider = "fresh")
    public void everyTypeComesBack(boolean initialised) throws Exception {
        Path file = Files.createTempDirectory("bonsai").resolve("exact.bonsai");
        Block trained = net();
        try (Model model = Toy.model(trained)) {
            CompressionListener listener = halvingTo4Bits();
            toy.train(model, 2, listener);
            listener.getCompressedModel().save(file);
            checkAll(trained, 0);
            List<String> notes = listener.getReport().notes();
            assertTrue(notes.stream().noneMatch(n -> n.contains("does not hold")), notes + "");
            CompressionListener more =
                    CompressionListener.builder()
                            .addTechnique(pruning(0.6f, 1))
                            .optGate(open())
                            .optContinue(listener.getCompressedModel())
                            .build();
            toy.train(model, 1, more); // refused where a value is not the file's
            checkAll(trained, 0);
        }
        CompressedModel read = CompressedModel.load(file);
        for (ElementType type : MADE) {
            ExactWeight weight =
                    (ExactWeight)
                            read.getWeights().stream()
                                    .filter(w -> w.path().endsWith("FunctionBlock_" + type.name()))
                                    .findFirst()
                                    .orElseThrow()
                                    .value();
            assertEquals(weight.type(), type);
            assertEquals(weight.data(), bytes(type, 0), type.name());
        }
        Block block = net();
        if (initialised) {
            block.initialize(toy.manager(), DataType.FLOAT32, new Shape(1, Toy.FEATURES));
            for (Map.Entry<ElementType, NDArray> each : arrays(block).entrySet()) {
                try (NDArray other = array(toy.manager(), each.getKey(), 1)) {
                    Tensors.overwrite(each.getValue(), other);
                }
            }
        }
        read.applyTo(block, toy.manager());
        checkAll(block, 0);
    }

    private static void checkAll(Block block, long seed) {
        Map<ElementType, NDArray> arrays = arrays(block);
        assertEquals(arrays.size(), MADE.length);
        arrays.forEach(
                (type, array) ->
                        assertEquals(Tensors.bytes(array), bytes(type, seed), type.name()));
        assertTrue(arrays.keySet().stream().allMatch(type -> type.bytes() > 0));
    }

    private static Map<ElementType, NDArray> arrays(Block block) {
        Map<ElementType, NDArray> arrays = new EnumMap<>(ElementType.class);
        for (Parameter parameter : block.getChildren().get(0).getValue().getParameters().values()) {
            arrays.put(ElementType.valueOf(parameter.getName()), parameter.getArray());
        }
        return arrays;
    }
}
