package dev.bonsai.npy;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.FloatFormat;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Arrays in files as NumPy writes them. */
public class NpyFileTest {

    private static final List<int[]> SHAPES =
            List.of(
                    new int[0],
                    new int[] {1},
                    new int[] {7},
                    new int[] {0, 3},
                    new int[] {2, 3, 5});

    @DataProvider
    Object[][] arrays() {
        List<Object[]> cases = new ArrayList<>();
        for (ElementType type : ElementType.values()) {
            for (int[] shape : SHAPES) {
                if (type != ElementType.BFLOAT16) {
                    cases.add(new Object[] {type, shape});
                }
            }
        }
        return cases.toArray(new Object[0][]);
    }

    private static EncodedWeight array(ElementType type, int[] shape) {
        int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        byte[] data = new byte[size * type.bytes()];
        new Random(1).nextBytes(data);
        if (type == ElementType.FLOAT32) {
            float[] values = new float[size];
            for (int i = 0; i < size; ++i) {
                values[i] = data[i];
            }
            return new DenseWeight(shape, values);
        }
        return new ExactWeight(shape, type, data);
    }

    @Test(dataProvider = "arrays")
    public void whatIsWrittenIsRead(ElementType type, int[] shape) throws Exception {
        EncodedWeight array = array(type, shape);
        Path file = Files.createTempDirectory("npy").resolve("array.npy");
        NpyFile.write(file, array);
        assertEquals(NpyFile.read(file), array);
        byte[] bytes = Files.readAllBytes(file);
        assertEquals((bytes.length - array.size() * type.bytes()) % 64, 0, "aligned");
    }

    /** The bytes that numpy 1.26 writes for {@code numpy.array([[1, 2, 3]], '>i2')}. */
    @Test
    public void theHighestByteMayComeFirst() throws Exception {
        byte[] file =
                file(
                        1,
                        "{'descr': '>i2', 'fortran_order': False, 'shape': (1, 3), }",
                        0,
                        1,
                        0,
                        2,
                        1,
                        3);
        assertEquals(NpyFile.decode(file).decode(), new float[] {1, 2, 259});
    }

    @DataProvider
    Object[][] versions() {
        return new Object[][] {{1}, {2}, {3}};
    }

    @Test(dataProvider = "versions")
    public void allVersionsAreRead(int version) throws Exception {
        byte[] file =
                file(version, "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", 5, 200);
        assertEquals(NpyFile.decode(file).decode(), new float[] {5, 200});
    }

    @Test
    public void numpysOwnBytesAreWritten() {
        byte[] bytes = NpyFile.encode(new DenseWeight(new int[] {2}, new float[] {1, -2}));
        String header = new String(bytes, 10, 118, StandardCharsets.US_ASCII);
        assertEquals(header.strip(), "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }");
        assertTrue(header.endsWith("\n"), "the header ends a line");
        assertEquals(bytes.length, 128 + 8);
    }

    @Test
    public void halfFloatsAreWrittenAsTheyDecode() throws Exception {
        DenseWeight half = new DenseWeight(new int[] {1}, new float[] {0.5f}, FloatFormat.BFLOAT16);
        assertEquals(NpyFile.decode(NpyFile.encode(half)).decode(), half.decode());
    }

    private static byte[] file(int version, String header, int... data) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        for (int i = 0; i < (version == 1 ? 2 : 4); ++i) {
            bytes.write(header.length() >> (8 * i));
        }
        bytes.writeBytes(header.getBytes(StandardCharsets.UTF_8));
        Arrays.stream(data).forEach(bytes::write);
        return bytes.toByteArray();
    }

    @DataProvider
    Object[][] hostile() {
        String good = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }";
        List<Object[]> cases = new ArrayList<>();
        for (String header :
                List.of(
                        "",
                        "{}",
                        "{'descr': '|u1', 'fortran_order': False, }",
                        good.replace("(2,)", "(2)"),
                        good.replace("(2,)", "2"),
                        good.replace("(2,)", "(-2,)"),
                        good.replace("(2,)", "(,)"),
                        good.replace("(2,)", "(2,,1)"),
                        good.replace("(2,)", "(1,)"),
                        good.replace("(2,)", "()"),
                        good.replace("(2,)", "(2, 0)"),
                        good.replace("(2,)", "(65536, 65536, 65536, 65536)"),
                        good.replace("(2,)", "(4294967298,)"),
                        good.replace("(2,)", "(99999999999999999999,)"),
                        good.replace("(2,)", "(2147483647, 2147483647)"),
                        good.replace("(2,)", "(" + "1, ".repeat(65) + "2)"),
                        good.replace("(2,)", "(" + "1,".repeat(4000) + ")"),
                        good.replace("|u1", "|O"),
                        good.replace("|u1", "<U2"),
                        good.replace("|u1", "<c8"),
                        good.replace("'|u1'", "[('a', '|u1')]"),
                        good.replace("False", "True").replace("(2,)", "(2, 2)"),
                        good.replace("False", "0"),
                        "x".repeat(20_000))) {
            for (int version : new int[] {1, 2, 3}) {
                cases.add(new Object[] {file(version, header, 1, 2)});
            }
        }
        byte[] whole = file(1, good, 1, 2);
        for (int length = 0; length < whole.length; ++length) {
            cases.add(new Object[] {Arrays.copyOf(whole, length)});
        }
        cases.add(new Object[] {Arrays.copyOf(whole, whole.length + 1)});
        for (int version : new int[] {0, 4, 255}) {
            cases.add(new Object[] {file(version, good, 1, 2)});
        }
        return cases.toArray(new Object[0][]);
    }

    @Test(dataProvider = "hostile")
    public void damagedFilesAreRefused(byte[] bytes) {
        NpyFormatException e = expectThrows(NpyFormatException.class, () -> NpyFile.decode(bytes));
        assertTrue(e.getMessage().length() < 600, e.getMessage());
    }

    /** A flipped bit is an array or a {@link NpyFormatException}, and nothing else. */
    @Test
    public void anyFlippedBitIsReadOrRefused() {
        byte[] whole = NpyFile.encode(array(ElementType.INT16, new int[] {3, 2}));
        for (int bit = 0; bit < 8 * whole.length; ++bit) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                NpyFile.decode(flipped);
            } catch (NpyFormatException e) {
                assertTrue(e.getMessage().length() < 600, e.getMessage());
            }
        }
    }

    @Test
    public void fortransOrderIsTheSameWhereOneAxisCounts() throws Exception {
        byte[] file = file(1, "{'descr': '|u1', 'fortran_order': True, 'shape': (1, 2), }", 1, 2);
        assertEquals(NpyFile.decode(file).decode(), new float[] {1, 2});
    }

    @Test
    public void theMessageNamesTheFile() throws Exception {
        Path file = Files.write(Files.createTempFile("bad", ".npy"), new byte[3]);
        NpyFormatException e = expectThrows(NpyFormatException.class, () -> NpyFile.read(file));
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        assertThrows(NoSuchFileException.class, () -> NpyFile.read(Path.of("nothing.npy")));
    }
}
