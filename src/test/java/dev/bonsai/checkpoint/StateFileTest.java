package dev.bonsai.checkpoint;

import static dev.bonsai.checkpoint.Samples.array;
import static dev.bonsai.checkpoint.Samples.everything;
import static dev.bonsai.checkpoint.Samples.file;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import dev.bonsai.core.StateArray;
import dev.bonsai.core.StateType;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.TransformState;
import dev.bonsai.encoding.ElementType;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What is written is read again, bit for bit, and what is not as it should be is named. */
public class StateFileTest {

    private Path folder;
    private Path path;

    record Bits(BitSet bits) implements TransformState {}

    record Floats(float[] floats) implements TransformState {}

    record Whole(int number) implements TransformState {}

    record Positive(int number) implements TransformState {

        Positive {
            if (number <= 0) {
                throw new IllegalArgumentException("A number is positive, but got " + number);
            }
        }
    }

    private static final List<StateType> TYPES =
            List.of(
                    StateType.of("bits", Bits.class, MethodHandles.lookup()),
                    StateType.of("floats", Floats.class, MethodHandles.lookup()),
                    StateType.of("whole", Whole.class, MethodHandles.lookup()),
                    StateType.of("positive", Positive.class, MethodHandles.lookup()));

    @BeforeClass
    void open() throws IOException {
        folder = Files.createTempDirectory("bonsai-state");
        path = folder.resolve("a.state");
    }

    @AfterClass
    void close() throws IOException {
        Files.deleteIfExists(path);
        Files.delete(folder);
    }

    @DataProvider
    Object[][] states() {
        List<Object[]> rows = new ArrayList<>();
        int block = StateFormat.BLOCK;
        for (int size : new int[] {0, 1, 64, block / 8, block / 4 - 1, block / 4 + 1, 70_001}) {
            for (boolean present : new boolean[] {true, false}) {
                for (int seed = 0; seed < 5; ++seed) {
                    rows.add(new Object[] {everything(seed, size, present), size});
                }
            }
        }
        return rows.toArray(Object[][]::new);
    }

    /** Equal states have equal bytes, so that these tell whether all was read again. */
    @Test(dataProvider = "states")
    void everyComponentIsReadAgain(Everything state, int size) throws IOException {
        byte[] bytes = file(state);
        Files.write(path, bytes);
        try (StateFileReader reader = StateFileReader.open(path)) {
            Everything read = (Everything) reader.toState(reader.root().get("0"), Samples.TYPES);
            assertEquals(file(read), bytes);
            assertEquals(read.numbers(), state.numbers());
            assertEquals(read.lists().doubles(), state.lists().doubles());
            assertEquals(read.optionals(), state.optionals());
            assertEquals(read.arrays().codes(), state.arrays().codes());
            assertEquals(read.arrays().bits(), state.arrays().bits());
            assertEquals(
                    ByteBuffer.wrap(read.arrays().bytes()),
                    ByteBuffer.wrap(state.arrays().bytes()));
            assertEquals(Arrays.equals(read.arrays().longs(), state.arrays().longs()), true);
            assertEquals(read.arrays().large().size(), size);
        }
    }

    /** Without bfloat16, of which the engine makes no array on a processor. */
    @DataProvider
    Object[][] dataTypes() {
        List<Object[]> rows = new ArrayList<>();
        for (DataType type :
                List.of(
                        DataType.FLOAT64,
                        DataType.FLOAT32,
                        DataType.FLOAT16,
                        DataType.INT8,
                        DataType.UINT8,
                        DataType.INT32,
                        DataType.INT64,
                        DataType.BOOLEAN)) {
            for (Shape shape :
                    List.of(new Shape(), new Shape(0), new Shape(3, 5), new Shape(300, 700))) {
                rows.add(new Object[] {type, shape});
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "dataTypes")
    void arraysOfTheEngineAreReadIntoOthers(DataType type, Shape shape) throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] values = new float[(int) shape.size()];
            Random random = new Random(3);
            for (int i = 0; i < values.length; ++i) {
                values[i] = random.nextInt(100);
            }
            NDArray array = manager.create(values, shape).toType(type, true);
            StateFileWriter writer = new StateFileWriter();
            JsonObject root = new JsonObject();
            root.add("weight", writer.toJson(StateArray.of(array)));
            writer.write(path, root);
            NDArray target = manager.create(new float[values.length], shape).toType(type, true);
            NDArray alias = target.stopGradient();
            int owned = manager.getManagedArrays().size();
            try (StateFileReader reader = StateFileReader.open(path)) {
                reader.toArray(reader.root().get("weight")).copyTo(target);
            }
            assertEquals(manager.getManagedArrays().size(), owned, "arrays left behind");
            assertEquals(Tensors.bytes(target), Tensors.bytes(array));
            assertEquals(Tensors.bytes(alias), Tensors.bytes(array), "in the memory that it has");
        }
    }

    /** A transposed array is no view of its memory in order. */
    @Test
    void arraysThatAreNotInOrderAreWrittenInOrder() throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.arange(12f).reshape(3, 4).transpose();
            StateFileWriter writer = new StateFileWriter();
            JsonObject root = new JsonObject();
            root.add("weight", writer.toJson(StateArray.of(array)));
            writer.write(path, root);
            NDArray target = manager.zeros(new Shape(3, 4)).transpose();
            try (StateFileReader reader = StateFileReader.open(path)) {
                StateArray read = reader.toArray(reader.root().get("weight"));
                assertEquals(
                        read.toFloats(manager, new Shape(4, 3)).toFloatArray(),
                        array.toFloatArray());
                read.copyTo(target);
            }
            assertEquals(target.toFloatArray(), array.toFloatArray());
        }
    }

    @Test
    void anArrayOfAnotherTypeOrSizeIsRefused() {
        try (NDManager manager = NDManager.newBaseManager()) {
            StateArray floats = HeapArray.of(new float[6]);
            for (NDArray target :
                    List.of(
                            manager.zeros(new Shape(5)),
                            manager.zeros(new Shape(6), DataType.FLOAT64))) {
                String message =
                        expectThrows(IllegalArgumentException.class, () -> floats.copyTo(target))
                                .getMessage();
                assertTrue(message.contains("6 of FLOAT32"), message);
            }
            assertThrows(
                    IllegalArgumentException.class, () -> floats.toFloats(manager, new Shape(7)));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> HeapArray.of(new int[7]).toFloats(manager, new Shape(7)));
        }
    }

    @Test
    void aFileIsWrittenWholeOrNotAtAll() throws IOException {
        byte[] old = file(everything(1, 10, true));
        Files.write(path, old);
        StateFileWriter writer = new StateFileWriter();
        JsonObject root = new JsonObject();
        root.add("good", writer.toJson(HeapArray.of(new float[100_000])));
        root.add("bad", writer.toJson(ten(StateFileTest::fail)));
        assertThrows(IOException.class, () -> writer.write(path, root));
        assertEquals(Files.readAllBytes(path), old);
        try (var files = Files.list(folder)) {
            assertEquals(files.toList(), List.of(path));
        }
    }

    private static void fail(ByteBuffer block) throws IOException {
        throw new IOException("the disk is full: " + block);
    }

    /** Says that it has ten bytes. */
    private static StateArray ten(StateArray.BlockConsumer first) {
        return new StateArray() {
            @Override
            public ElementType type() {
                return ElementType.INT8;
            }

            @Override
            public int size() {
                return 10;
            }

            @Override
            public void forEachBlock(BlockConsumer consumer) throws IOException {
                ByteBuffer block = ByteBuffer.allocate(20);
                first.accept(block);
                consumer.accept(block.flip());
            }
        };
    }

    @Test
    void anArrayThatHandsOverMoreOrLessThanItSaysIsRefused() {
        for (int size : new int[] {0, 9, 11}) {
            StateFileWriter writer = new StateFileWriter();
            JsonObject root = new JsonObject();
            root.add("wrong", writer.toJson(ten(block -> block.position(size))));
            assertThrows(IllegalStateException.class, () -> writer.write(path, root));
        }
    }

    @DataProvider
    Object[][] refused() {
        byte[] one = array(12, 1, new byte[4]);
        byte[] word = array(9, 1, new byte[8]);
        return new Object[][] {
            {"{}", 0, new byte[0], "expected an object, but got null"},
            {"{state: {}}", 0, new byte[0], "JSON"},
            {"{\"state\": 3}", 0, new byte[0], "expected an object, but got 3"},
            {"{\"state\": {}}", 0, new byte[0], "the type is one of [bits, floats"},
            {state("java.lang.String", ""), 0, new byte[0], "but got \"java.lang.String\""},
            {state("whole", ""), 0, new byte[0], "The member 'number' is missing"},
            {state("whole", "\"number\": null"), 0, new byte[0], "no value at $.state.number"},
            {state("whole", "\"number\": 1, \"other\": 2"), 0, new byte[0], "no member 'other'"},
            {state("whole", "\"number\": 1, \"number\": 1"), 0, new byte[0], "a name twice"},
            {state("whole", "\"number\": 1.5"), 0, new byte[0], "number: "},
            {state("whole", "\"number\": 1e3"), 0, new byte[0], "number: "},
            {state("whole", "\"number\": 9999999999"), 0, new byte[0], "number: "},
            {
                state("whole", "\"number\": \"1\""),
                0,
                new byte[0],
                "number: Expected a whole number, but got"
            },
            {
                state("whole", "\"number\": true"),
                0,
                new byte[0],
                "number: Expected a whole number, but got"
            },
            {
                state("whole", "\"number\": [1]"),
                0,
                new byte[0],
                "number: Expected a whole number, but got"
            },
            {state("positive", "\"number\": -1"), 0, new byte[0], "A number is positive"},
            {state("floats", "\"floats\": [1, 2]"), 0, new byte[0], "values of a float[]"},
            {state("floats", "\"floats\": {\"array\": 0}"), 0, new byte[0], "each of the 0 arrays"},
            {state("floats", "\"floats\": {\"array\": -1}"), 1, one, "but got -1"},
            {state("floats", "\"floats\": {\"array\": 1}"), 1, one, "but got 1"},
            {
                state("floats", "\"floats\": {\"array\": 0, \"low\": 0}"),
                1,
                one,
                "values of a float[]"
            },
            {state("floats", "\"floats\": {\"array\": 0}"), 1, word, "1 of INT64"},
            {state("bits", "\"bits\": {\"array\": 0}"), 1, one, "1 of FLOAT32"},
            {"{\"state\": {}} 3", 0, new byte[0], "JSON"},
            {"[]", 0, new byte[0], "expected one object"},
            {"", 0, new byte[0], "JSON"},
            {"[".repeat(100_000), 0, new byte[0], "levels"},
            {"{\"a\": [" + "1,".repeat(3_000_000) + "1]}", 0, new byte[0], "values"},
            {"{}", 1, new byte[0], "array 0: expected 9 bytes, but only 0 are left"},
            {"{}", -1, new byte[0], "expected 0 or more, but got -1"},
            {"{}", Integer.MAX_VALUE, one, "array 1: expected 9 bytes"},
            {"{}", 0, one, "13 bytes follow"},
            {"{}", 1, array(13, 0), "got type 13"},
            {"{}", 1, array(255, 0), "got type 255"},
            {"{}", 1, array(12, -1), "-1 elements"},
            {"{}", 1, array(12, 2, new byte[4]), "expected 8 bytes, but only 4 are left"},
            {"{}", 1, array(9, Integer.MAX_VALUE - 16), "expected 17179869048 bytes"},
            {"{}", 1, array(12, Long.MAX_VALUE), "at most"},
        };
    }

    private static String state(String type, String members) {
        String rest = members.isEmpty() ? "" : ", " + members;
        return "{\"state\": {\"type\": \"" + type + "\"" + rest + "}}";
    }

    @Test(dataProvider = "refused")
    void whatIsWrongIsNamed(String json, int arrays, byte[] behind, String problem)
            throws IOException {
        Files.write(path, file(json, arrays, behind));
        String message = expectThrows(StateFileException.class, this::read).getMessage();
        assertTrue(message.contains(problem), message);
        assertTrue(message.startsWith(path + ": "), message);
        assertTrue(message.length() < 1000, message);
    }

    private void read() throws IOException {
        try (StateFileReader reader = StateFileReader.open(path)) {
            reader.toState(reader.root().get("state"), TYPES);
        }
    }

    /** Otherwise a short file could have one array read any number of times. */
    @Test
    void anArrayIsReadOnce() throws IOException {
        Files.write(path, file(state("floats", "\"floats\": {\"array\": 0}"), 1, array(12, 0)));
        try (StateFileReader reader = StateFileReader.open(path)) {
            reader.toState(reader.root().get("state"), TYPES);
            String message =
                    expectThrows(
                                    StateFileException.class,
                                    () -> reader.toState(reader.root().get("state"), TYPES))
                            .getMessage();
            assertTrue(message.contains("got 0 again"), message);
        }
    }

    @Test
    void otherFilesAreNamed() throws IOException {
        byte[] good = file("{}", 0);
        byte[] newer = good.clone();
        newer[8] = 2;
        byte[] other = good.clone();
        other[0] = 0;
        byte[] flipped = good.clone();
        flipped[25] ^= 1;
        assertProblem("expected a file of states", other);
        assertProblem("expected version 1, but got 2", newer);
        assertProblem("not those that were written", flipped);
        assertProblem("expected 24 bytes", new byte[5]);
        String message =
                expectThrows(StateFileException.class, () -> StateFileReader.open(folder))
                        .getMessage();
        assertTrue(message.contains("a folder"), message);
    }

    private void assertProblem(String problem, byte... bytes) throws IOException {
        Files.write(path, bytes);
        String message = expectThrows(StateFileException.class, this::read).getMessage();
        assertTrue(message.contains(problem), message);
    }

    @Test
    void aStateWithoutANameIsNotWritten() {
        String message =
                expectThrows(
                                IllegalArgumentException.class,
                                () -> new StateFileWriter().toJson(new Whole(1), Samples.TYPES))
                        .getMessage();
        assertTrue(message.contains("getStateTypes"), message);
    }
}
