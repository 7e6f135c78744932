package dev.bonsai.checkpoint;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import com.google.gson.JsonElement;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Whatever becomes of a file, it is read or refused with the one exception, soon and in little. */
public class StateFuzzTest {

    private static final int CHANGES = 1500;

    /** Blocks, classes and texts; a file here has some 3 KB. */
    private static final long MOST_BYTES = 4L << 20;

    private Path folder;
    private Path path;
    private int refused;
    private int read;

    @BeforeClass
    void open() throws IOException {
        folder = Files.createTempDirectory("bonsai-fuzz");
        path = folder.resolve("a.state");
        read(Samples.file(Samples.everything(1, 20, true))); // loads the classes
    }

    @AfterClass
    void close() throws IOException {
        Files.deleteIfExists(path);
        Files.delete(folder);
    }

    /** What happens to the bytes of a file. */
    private enum Change {
        FLIP {
            @Override
            byte[] apply(byte[] file, Random random) {
                byte[] changed = file.clone();
                for (int i = random.nextInt(4); i >= 0; --i) {
                    changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
                }
                return changed;
            }
        },
        CUT {
            @Override
            byte[] apply(byte[] file, Random random) {
                return Arrays.copyOf(file, random.nextInt(file.length));
            }
        },
        TAKE_OUT {
            @Override
            byte[] apply(byte[] file, Random random) {
                int from = random.nextInt(file.length);
                int to = random.nextInt(from, file.length);
                return ByteBuffer.allocate(file.length - to + from)
                        .put(file, 0, from)
                        .put(file, to, file.length - to)
                        .array();
            }
        },
        LENGTHEN {
            @Override
            byte[] apply(byte[] file, Random random) {
                byte[] more = new byte[random.nextInt(1, 100)];
                random.nextBytes(more);
                int at = random.nextInt(file.length + 1);
                return ByteBuffer.allocate(file.length + more.length)
                        .put(file, 0, at)
                        .put(more)
                        .put(file, at, file.length - at)
                        .array();
            }
        },
        REPEAT {
            @Override
            byte[] apply(byte[] file, Random random) {
                int from = random.nextInt(file.length);
                int to = random.nextInt(from, file.length);
                return ByteBuffer.allocate(file.length + to - from)
                        .put(file, 0, to)
                        .put(file, from, file.length - from)
                        .array();
            }
        },
        LENGTHS {
            @Override
            byte[] apply(byte[] file, Random random) {
                byte[] changed = file.clone();
                ByteBuffer numbers = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
                int at = random.nextInt(changed.length - Long.BYTES);
                long number = (1L << random.nextInt(64)) - random.nextInt(2);
                if (random.nextBoolean()) {
                    numbers.putLong(random.nextBoolean() ? 16 : at, number);
                } else {
                    numbers.putInt(random.nextBoolean() ? 12 : at, (int) number);
                }
                return changed;
            }
        },
        DIGITS {
            @Override
            byte[] apply(byte[] file, Random random) {
                byte[] changed = file.clone();
                for (int i = 0; i < 200; ++i) {
                    int at = random.nextInt(changed.length);
                    if (changed[at] >= '0' && changed[at] <= '9') {
                        changed[at] = (byte) ('0' + random.nextInt(10));
                        return changed;
                    }
                }
                return changed;
            }
        };

        abstract byte[] apply(byte[] file, Random random);
    }

    @DataProvider
    Object[][] changes() {
        Object[][] rows = new Object[Change.values().length * 2][];
        for (int i = 0; i < rows.length; ++i) {
            rows[i] = new Object[] {Change.values()[i / 2], i % 2 == 0};
        }
        return rows;
    }

    /** The checksum is made right, so that it is what lies behind it that refuses. */
    @Test(dataProvider = "changes", timeOut = 120_000)
    void aChangedFileIsReadOrRefused(Change change, boolean present) throws IOException {
        byte[] file =
                Samples.file(Samples.everything(2, 20, present), Samples.everything(3, 0, true));
        Random random = new Random(change.name().hashCode());
        refused = 0;
        read = 0;
        for (int i = 0; i < CHANGES; ++i) {
            read(Samples.summed(change.apply(file, random)));
        }
        assertEquals(refused + read, CHANGES);
        assertTrue(refused > CHANGES / 20, "changes that count: " + refused);
        boolean mayBeRead = change == Change.FLIP || change == Change.DIGITS;
        assertTrue(!mayBeRead || read > CHANGES / 20, "changes of what may be otherwise: " + read);
    }

    private void read(byte[] file) throws IOException {
        Files.write(path, file);
        long before = allocated();
        try (StateFileReader reader = StateFileReader.open(path)) {
            for (JsonElement state : reader.root().asMap().values()) {
                Everything read = (Everything) reader.toState(state, Samples.TYPES);
                read.arrays().large().forEachBlock(block -> {});
            }
            ++read;
        } catch (StateFileException e) {
            assertTrue(e.getMessage().length() < 1000, e.getMessage());
            ++refused;
        }
        long taken = allocated() - before;
        assertTrue(taken < MOST_BYTES, taken + " bytes for a file of " + file.length);
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    @Test
    void everyBitThatIsFlippedIsFoundByTheChecksum() throws IOException {
        byte[] file = Samples.file(Samples.everything(4, 3, true));
        for (int bit = 0; bit < 8 * file.length; ++bit) {
            byte[] changed = file.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(path, changed);
            expectThrows(StateFileException.class, () -> StateFileReader.open(path));
        }
    }

    @Test
    void everyLengthThatIsCutIsFound() throws IOException {
        byte[] file = Samples.file(Samples.everything(5, 3, true));
        for (int length = 0; length < file.length; ++length) {
            for (byte[] cut :
                    new byte[][] {
                        Arrays.copyOf(file, length), Samples.summed(Arrays.copyOf(file, length))
                    }) {
                Files.write(path, cut);
                expectThrows(StateFileException.class, () -> StateFileReader.open(path));
            }
        }
    }
}
