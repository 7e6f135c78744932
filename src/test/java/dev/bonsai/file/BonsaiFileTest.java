package dev.bonsai.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.testng.Assert;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class BonsaiFileTest {

    private static final byte[] OLD = {1, 2, 3};
    private static final byte[] NEW = {4, 5, 6, 7};

    private Path folder;

    @BeforeMethod
    public void createFolder() throws IOException {
        folder = Files.createTempDirectory("bonsai");
    }

    @AfterMethod
    public void deleteFolder() throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    public void aWrittenFileIsReadBackAndItsLengthIsTheLedgersTotal() throws IOException {
        Path file = folder.resolve("new/folders/model.bonsai");
        BonsaiModel model = Samples.all(1);
        ByteLedger ledger = BonsaiFile.write(file, model);
        Assert.assertEquals(ledger.total(), Files.size(file));
        Assert.assertEquals(BonsaiFile.ledger(file), ledger);
        Assert.assertEquals(Files.readAllBytes(file), BonsaiFile.encode(model));
        Samples.assertSame(BonsaiFile.read(file), model);
        assertFiles(file.getParent(), "model.bonsai");
    }

    @Test
    public void aSecondWriteReplacesTheFirst() throws IOException {
        Path file = folder.resolve("model.bonsai");
        BonsaiFile.write(file, Samples.all(1));
        BonsaiFile.write(file, Samples.small());
        Samples.assertSame(BonsaiFile.read(file), Samples.small());
        assertFiles(folder, "model.bonsai");
    }

    @Test
    public void aFailedMoveLeavesTheOldFileAndNoOther() throws IOException {
        Path file = Files.write(folder.resolve("f"), OLD);
        IOException e =
                Assert.expectThrows(
                        IOException.class,
                        () ->
                                AtomicFile.replace(
                                        file,
                                        NEW,
                                        (from, to, options) -> {
                                            Assert.assertEquals(Files.readAllBytes(from), NEW);
                                            Assert.assertEquals(from.getParent(), folder);
                                            throw new IOException("disk full");
                                        }));
        Assert.assertEquals(e.getMessage(), "disk full");
        Assert.assertEquals(Files.readAllBytes(file), OLD);
        assertFiles(folder, "f");
    }

    @Test
    public void whereNoAtomicMoveExistsAPlainOneReplacesTheFile() throws IOException {
        Path file = Files.write(folder.resolve("f"), OLD);
        AtomicFile.replace(
                file,
                NEW,
                (from, to, options) -> {
                    if (Arrays.asList(options).contains(StandardCopyOption.ATOMIC_MOVE)) {
                        throw new AtomicMoveNotSupportedException("f", "f", "not here");
                    }
                    Files.move(from, to, options);
                });
        Assert.assertEquals(Files.readAllBytes(file), NEW);
        assertFiles(folder, "f");
    }

    @Test
    public void aFolderIsNotReplaced() throws IOException {
        Path target = Files.createDirectory(folder.resolve("f"));
        Assert.assertThrows(
                FileAlreadyExistsException.class, () -> BonsaiFile.write(target, Samples.small()));
        Assert.assertTrue(Files.isDirectory(target));
        assertFiles(folder, "f");
    }

    @Test
    public void aMissingFileIsNamed() {
        Path file = folder.resolve("missing.bonsai");
        NoSuchFileException e =
                Assert.expectThrows(NoSuchFileException.class, () -> BonsaiFile.read(file));
        Assert.assertEquals(e.getFile(), file.toString());
    }

    @Test
    public void messagesNameTheFile() throws IOException {
        Path file = Files.write(folder.resolve("short.bonsai"), OLD);
        for (Assert.ThrowingRunnable use :
                List.<Assert.ThrowingRunnable>of(
                        () -> BonsaiFile.read(file), () -> BonsaiFile.ledger(file))) {
            BonsaiFormatException e = Assert.expectThrows(BonsaiFormatException.class, use);
            Assert.assertTrue(e.getMessage().startsWith(file + ": header: "), e.getMessage());
        }
    }

    @Test
    public void aHugeForeignFileIsRefusedByItsFirstBytes() throws IOException {
        Path file = folder.resolve("huge");
        try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
            huge.setLength(1L << 40); // takes no space: a hole
        }
        Assert.assertThrows(BonsaiFormatException.class, () -> BonsaiFile.read(file));
    }

    private static void assertFiles(Path folder, String... expected) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Assert.assertEquals(
                    files.map(file -> file.getFileName().toString()).toList(), List.of(expected));
        }
    }
}
