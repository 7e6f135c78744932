package dev.bonsai.file;

import dev.bonsai.file.Container.Chunk;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A file that is not as it was written gives a clear exception, and nothing else. */
public class DamageTest {

    private static final byte[] FILE = BonsaiFile.encode(Samples.small(), FileForm.PACKED);

    @Test
    public void everyTruncationIsNoticed() {
        for (int length = 0; length < FILE.length; ++length) {
            assertRefused(Arrays.copyOf(FILE, length), "");
        }
    }

    @Test
    public void everyAppendedByteIsNoticed() {
        for (int extra = 0; extra < 256; ++extra) {
            byte[] longer = Arrays.copyOf(FILE, FILE.length + 1);
            longer[FILE.length] = (byte) extra;
            assertRefused(longer, "header: ");
        }
    }

    @Test
    public void everyChangeOfOneByteIsNoticed() {
        for (int i = 0; i < FILE.length; ++i) {
            for (int change = 1; change < 256; ++change) {
                byte[] altered = FILE.clone();
                altered[i] ^= (byte) change;
                assertRefused(altered, "");
            }
        }
    }

    @Test
    public void everyLostByteIsNoticed() {
        for (int i = 0; i < FILE.length; ++i) {
            byte[] shorter = Arrays.copyOf(FILE, FILE.length - 1);
            System.arraycopy(FILE, i + 1, shorter, i, FILE.length - 1 - i);
            assertRefused(shorter, "");
        }
    }

    @Test
    public void messagesSayWhereAndWhatToDo() {
        assertRefused(new byte[0], "header: this is no .bonsai file");
        assertRefused("PK\3\4 a zip file".getBytes(StandardCharsets.UTF_8), "BonsaiFile.write");
        assertRefused(Arrays.copyOf(FILE, 100), "cut short. Copy the file again");
        assertRefused(Arrays.copyOf(FILE, FILE.length + 1), "has grown");
        byte[] newer = FILE.clone();
        newer[4] = 4;
        assertRefused(newer, "version 4 of the format, but this Bonsai reads up to 3. Update");
        newer[4] = 2;
        assertRefused(newer, "expected version 1 for a file of these sections, but got 2");
        byte[] altered = FILE.clone();
        altered[FILE.length / 2] ^= 1;
        assertRefused(altered, "section 'M': expected the checksum");
    }

    @Test
    public void unknownSectionsAreKeptWhenSmallAndRefusedWhenCapital() throws Exception {
        Chunk model =
                new Chunk(
                        'M',
                        ModelWriter.write(
                                Samples.small(), new PackedWriter(), MemoryBudget.ofWriter()));
        byte[] optional = Container.write(List.of(new Chunk('h', new byte[9]), model));
        ModelReader.Content content = ModelReader.read(optional);
        Samples.assertSame(content.model(), Samples.small());
        Assert.assertEquals(content.ledger().total(), optional.length);
        byte[] again = BonsaiFile.encode(content.model(), FileForm.PACKED);
        Assert.assertEquals(
                BonsaiFile.decode(again).extras(),
                List.of(new BonsaiModel.Extra('h', new byte[9])));
        Chunk needed = new Chunk('G', new byte[9]);
        assertRefused(Container.write(List.of(model, needed)), "section 'G': the file needs it");
        assertRefused(Container.write(List.of(model, model)), "section 'M': expected it once");
        assertRefused(Container.write(List.of()), "but this one ends without");
        assertRefused(Container.write(List.of(new Chunk('7', new byte[0]))), "section '0x37'");
    }

    /** Behind a right checksum every change of a byte gives a model or a clear exception. */
    @Test(timeOut = 60_000)
    public void forgedChecksumsDoNoHarm() {
        byte[] payload =
                ModelWriter.write(Samples.small(), new PackedWriter(), MemoryBudget.ofWriter());
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < payload.length; ++i) {
            for (int change : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 255, random.nextInt(255)}) {
                byte[] altered = payload.clone();
                altered[i] ^= (byte) change;
                refused += reads(forged(altered)) ? 0 : 1;
            }
            refused += reads(forged(Arrays.copyOf(payload, i))) ? 0 : 1;
        }
        Assert.assertTrue(refused > payload.length, "truncated ones at least: " + refused);
    }

    @DataProvider
    public static Object[][] hostile() {
        return new Object[][] {
            {"ffffffff07", "bytes for the number of input shapes, but only"},
            {"01ffffffff07", "bytes for the rank of an input shape, but only"},
            {"0101ffffffff0f", "expected at most 2147483648 for a dimension of an input"},
            {"00ffffffff07", "bytes for the number of weights, but only"},
            {"0001ffffffff07", "at most 0 for the shared part of its path"},
            {"000100ffffffff07", "bytes for its path, but only"},
            {"00010001ff00", "expected its path in UTF-8"},
            {"000100017703", "weight 'w': it has role 3"},
            {"00010001770c010107", "float format 7, which is unknown. Update"},
            {"00010001770c010100" + "007c", "has values of that format, but got Infinity"},
            {"00010001770c01ffff7f00" + "100000000000000000", "bytes for its values, but only"},
            {"00010001770c010801" + "88" + "00" + "00", "of 7 bits, but the file leaves out 8"},
            {"00010001770c010801" + "c7" + "00" + "8004", "have 8 bits each, but the file has 256"},
            {"00010001770c010801" + "80" + "00" + "01", "have 16 bits each, but the file has -1"},
            {"000100017770", "coding 7, which is unknown. Update"},
            {"000100017784", "it has kind 5, which is unknown. Update"},
            {"00010001778001010c", "element type 12, which is unknown. Update"},
            {"00010001778001010009", "expected 8 bytes for its values, but only"},
            {"000100017700ffffffff07", "bytes for its rank, but only"},
            {"0001000177200102ffffffff07", "at most 2 for the number of nonzeros"},
            {"00010001772001ffffffff0700", "has at most 2147483631 elements"},
            {"00010001772001ffffff7f00", "takes more memory than a file of 24 bytes may"},
            {"0001000177000380808008808080088001", "has at most 2147483631 elements"},
            {"00010001770001ffff7f2000000000", "bytes for its values, but only"},
            {"0001000177000140210000000000", "at most 32 bits each, but the file says 33"},
            {"0001000177200140011f0000", "Rice parameter is at most 30, but the file says 31"},
            {"000100017720014001000101010101ff", "expected its end"},
            {"00010001772001080100ffff", "lead beyond the end"},
            {"0001000177100101020000803f", "lead beyond the end"},
            {"0001000177040106210100" + "0000803f" + "0000", "from 2 to 32 bits"},
            {"0001000177040106040100" + "00000000" + "0000", "positive and finite, but got 0.0"},
            {"0001000177040106440100" + "807f" + "0000", "and finite, but got Infinity"},
            {"0001000177040106040400000000", "cannot be cut into 4 rows"},
            {"0001000177040101200100" + "0000803f" + "01feffffff0f01", "have 32 bits, but"},
            {"000100017704010604030300", "at most 2 for the length of a group"},
            {"0001000177080104000000", "from 1 to 65536 values besides zero, but got 0"},
            {"00010001770801048280048000", "at most 65537 for the size of its codebook"},
            {"000100017728010401" + "0000803f" + "00", "expected a zero in its codebook"},
            {
                "0002" + "00017700" + "00" + "0000803f" + "0100" + "0000" + "0000803f",
                "two have 'w'"
            },
        };
    }

    @Test(dataProvider = "hostile", timeOut = 60_000)
    public void aWrongDeclarationIsRefusedBeforeMemoryIsTaken(String hex, String message) {
        byte[] file = forged(HexFormat.of().parseHex(hex));
        long before = allocated();
        assertRefused(file, message);
        // a message and a checksum: far below what the declarations ask for
        Assert.assertTrue(allocated() - before < 4 << 20, "took " + (allocated() - before));
    }

    /** Short files can hold large weights of zeros; the limit keeps this harmless. */
    @Test
    public void aShortFileTakesLittleMemory() {
        byte[] largest = HexFormat.of().parseHex("00010001772001" + "80808002" + "00");
        long before = allocated();
        Assert.assertTrue(reads(forged(largest)));
        // 2^22 elements of 4 bytes, and working memory
        Assert.assertTrue(allocated() - before < 64 << 20, "took " + (allocated() - before));
    }

    private static byte[] forged(byte[] payload) {
        return Container.write(List.of(new Chunk('M', payload)));
    }

    private static boolean reads(byte[] file) {
        try {
            BonsaiFile.decode(file);
            return true;
        } catch (BonsaiFormatException e) {
            return false;
        }
    }

    private static void assertRefused(byte[] file, String message) {
        BonsaiFormatException e =
                Assert.expectThrows(BonsaiFormatException.class, () -> BonsaiFile.decode(file));
        Assert.assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }
}
