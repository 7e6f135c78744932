package dev.bonsai.file;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.NamedWeight.Role;
import dev.bonsai.encoding.ScaleLayout;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What is encoded can be decoded; what is decoded takes memory in proportion to its bytes. */
public class BoundsTest {

    /** What MemoryBudget says about reading. */
    private static final long READING = 2;

    @DataProvider
    public static Object[][] legitimate() {
        return new Object[][] {
            {new int[] {5_000_000, 0}},
            {new int[] {0, 65_536, 65_536}},
            {new int[] {1 << 22}},
            {new int[] {6_000_000}},
            {new int[] {2, 10_000_000}},
            {new int[] {}},
        };
    }

    @Test(dataProvider = "legitimate")
    public void equalValuesAreReadBack(int[] shape) throws IOException {
        int size = IntStream.of(shape).reduce(1, (a, b) -> a == 0 || b == 0 ? 0 : a * b);
        for (float value : new float[] {0, 1}) {
            float[] values = new float[size];
            Arrays.fill(values, value);
            assertReadBack(new DenseWeight(shape, values));
            assertReadBack(new CodebookWeight(shape, new float[] {value}, new int[size]));
        }
    }

    @Test
    public void aScalePerElementIsReadBack() throws IOException {
        int size = 5_000_000;
        float[] scales = new float[size];
        Arrays.fill(scales, 1);
        ScaleLayout layout = new ScaleLayout(size, 1, 1);
        int[] shape = {size};
        assertReadBack(new GridWeight(shape, 2, layout, new int[size], scales, new int[size]));
    }

    @Test
    public void manyLargeCodebooksAreReadBack() throws IOException {
        float[] codebook = new float[CodebookWeight.MAX_SIZE];
        Arrays.fill(codebook, 1);
        List<NamedWeight> weights = new ArrayList<>();
        String prefix = "block".repeat(2_000);
        for (int i = 0; i < 1_000; ++i) {
            EncodedWeight empty = new CodebookWeight(new int[] {0}, codebook, new int[0]);
            weights.add(new NamedWeight(prefix + i, Role.WEIGHT, empty));
        }
        BonsaiModel model = new BonsaiModel(weights, List.of());
        assertEquals(BonsaiFile.decode(BonsaiFile.encode(model)).weights().size(), 1_000);
    }

    @Test
    public void aFileIsPaddedOnlyWhereItsModelNeedsIt() throws IOException {
        int free = (int) (MemoryBudget.FREE / Float.BYTES);
        assertTrue(BonsaiFile.encode(zeros(free)).length < 200);
        int more = free + 1_000_000;
        BonsaiModel model = zeros(more);
        byte[] padded = BonsaiFile.encode(model);
        // 4,000,000 bytes at 1,024 per byte of file
        assertEquals(padded.length, 3907, 10);
        assertEquals(BonsaiFile.ledger(model).total(), padded.length);
    }

    /** Files with right checksums, whose counts, repeats and lengths are extreme. */
    @Test(timeOut = 600_000)
    public void memoryAndTimeAreInProportionToTheBytesOfAHostileFile() {
        Random random = new Random(5);
        int read = 0;
        for (int i = 0; i < 600; ++i) {
            read += readsWithinBounds(HostileFiles.next(random), "file " + i) ? 1 : 0;
        }
        assertTrue(read > 30, "some are sound: " + read);
        assertTrue(read < 570, "many are not: " + read);
    }

    @DataProvider
    public static Object[][] amplified() {
        int most = CodebookWeight.MAX_SIZE;
        return new Object[][] {
            {"codebooks of empty weights", WeightTag.CODEBOOK, 0, most, 0, 3_000},
            {"codebooks of scalars", WeightTag.CODEBOOK, 1, most, 0, 3_000},
            {"a scale per element", WeightTag.GRID, 4_096, 9, 0, 3_000},
            {"a scale and a zero point per element", WeightTag.GRID, 4_096, 8_191, 0, 3_000},
            {"equal values", WeightTag.DENSE, most, 0, 0, 3_000},
            {"equal short values", WeightTag.SHORT, most, 0, 0, 3_000},
            {"one path in all weights", WeightTag.DENSE, 0, 0, 150_000, 20_000},
        };
    }

    @Test(dataProvider = "amplified", timeOut = 60_000)
    public void whatIsToldOnceIsCountedEachTime(
            String what, int kind, int usual, int usualLength, int pathLength, int count) {
        byte[] file = HostileFiles.of(kind, usual, usualLength, pathLength, count);
        readsWithinBounds(file, what);
    }

    static boolean readsWithinBounds(byte[] file, String what) {
        long before = allocated();
        long start = System.nanoTime();
        boolean read = true;
        try {
            BonsaiFile.decode(file);
        } catch (BonsaiFormatException e) {
            read = false;
            assertTrue(e.getMessage().length() < 700, e.getMessage());
        }
        long perByte = MemoryBudget.ELEMENTS_PER_BYTE + MemoryBudget.OTHERS_PER_BYTE;
        long bound = READING * (2 * MemoryBudget.FREE + perByte * file.length);
        long taken = allocated() - before;
        String which = what + " of " + file.length + " bytes took " + taken;
        assertTrue(taken <= bound, which);
        // an array of 16 MiB takes milliseconds; the machine may be busy
        assertTrue(System.nanoTime() - start < 10_000_000_000L, which);
        return read;
    }

    private static BonsaiModel zeros(int size) {
        return Samples.model(new DenseWeight(new int[] {size}, new float[size]));
    }

    private static void assertReadBack(EncodedWeight weight) throws IOException {
        EncodedWeight read =
                BonsaiFile.decode(BonsaiFile.encode(Samples.model(weight)))
                        .weights()
                        .get(0)
                        .value();
        Assert.assertEquals(read.shape(), weight.shape());
        assertTrue(Arrays.equals(read.decode(), weight.decode()));
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }
}
