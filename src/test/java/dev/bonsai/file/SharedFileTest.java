package dev.bonsai.file;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.testng.SkipException;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** Other processes and threads use the same files; some of them are killed. */
public class SharedFileTest {

    private static final byte[] BYTES = {1, 2, 3};

    private Path folder;

    @BeforeMethod
    public void createFolder() throws IOException {
        folder = Files.createTempDirectory("bonsai").toRealPath();
    }

    @Test(timeOut = 120_000)
    public void writersAndReadersOfOneFileDoNotDisturbOneAnother() throws Exception {
        Path file = folder.resolve("model.bonsai");
        BonsaiModel small = Samples.small();
        BonsaiModel large = Samples.all(1);
        BonsaiFile.write(file, small);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> running =
                    List.of(
                            threads.submit(() -> repeat(() -> BonsaiFile.write(file, small))),
                            threads.submit(() -> repeat(() -> BonsaiFile.write(file, large))),
                            threads.submit(() -> repeat(() -> BonsaiFile.read(file))),
                            threads.submit(() -> repeat(() -> BonsaiFile.ledger(file))));
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertNames("model.bonsai");
    }

    private interface Use {
        Object run() throws IOException;
    }

    private static Void repeat(Use use) throws IOException {
        for (int i = 0; i < 150; ++i) {
            use.run();
        }
        return null;
    }

    @Test
    public void whatADeadWriterLeftGoesWithTheNextWrite() throws Exception {
        Path file = folder.resolve("f");
        String live = Leftovers.temporary(file).getFileName().toString();
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        String[] parts = live.split("-");
        Path dead = folder.resolve(named(parts, ended.pid(), parts[3]));
        Path reused = folder.resolve(named(parts, ProcessHandle.current().pid(), "12345"));
        Path other = folder.resolve(dead.getFileName().toString().replace(parts[1], "0"));
        for (Path path : List.of(dead, reused, other, folder.resolve(live))) {
            Files.write(path, BYTES);
        }
        AtomicFile.replace(file, BYTES);
        assertFalse(Files.exists(dead), "its process has ended");
        assertFalse(Files.exists(reused), "its process has ended, and another has its number");
        assertTrue(Files.exists(folder.resolve(live)), "its process may still write");
        assertTrue(Files.exists(other), "it is for another file");
    }

    @Test
    public void bytesThatComePartByPartReplaceAFileAtOnce() throws IOException {
        Path file = Files.write(folder.resolve("f"), BYTES);
        byte[] large = new byte[200_003];
        new Random(1).nextBytes(large);
        AtomicFile.replace(
                file,
                channel -> {
                    for (int from = 0; from < large.length; from += 1000) {
                        int length = Math.min(1000, large.length - from);
                        channel.write(ByteBuffer.wrap(large, from, length));
                        assertEquals(Files.readAllBytes(file), BYTES, "until all are written");
                    }
                });
        assertEquals(Files.readAllBytes(file), large);
        assertNames("f");
    }

    @Test
    public void bytesThatAreNotReadBackTakeNoPlace() throws IOException {
        Path file = Files.write(folder.resolve("f"), BYTES);
        String message =
                expectThrows(
                                FileSystemException.class,
                                () ->
                                        AtomicFile.replace(
                                                file,
                                                channel -> {
                                                    channel.write(ByteBuffer.allocate(100));
                                                    spoil();
                                                }))
                        .getMessage();
        assertTrue(message.contains("was not read back"), message);
        assertEquals(Files.readAllBytes(file), BYTES);
        assertNames("f");
    }

    /** Does to a file that is being written what a faulty disk would. */
    private void spoil() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Path written =
                    files.filter(f -> f.getFileName().toString().startsWith(".bonsai-"))
                            .findFirst()
                            .orElseThrow();
            byte[] bytes = Files.readAllBytes(written);
            bytes[50] = 1;
            Files.write(written, bytes);
        }
    }

    private static String named(String[] parts, long pid, String start) {
        return String.join("-", parts[0], parts[1], Long.toString(pid), start, "0");
    }

    @Test
    public void permissionsAreKept() throws IOException {
        Path file = Files.write(folder.resolve("f"), BYTES);
        for (String permissions : List.of("rw-------", "rw-r-----", "rw-rw-rw-")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
            AtomicFile.replace(file, BYTES);
            assertEquals(
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                    permissions);
        }
    }

    @Test
    public void aNameOf255BytesIsWritten() throws IOException {
        for (String name : List.of("n".repeat(255), "ü".repeat(127))) {
            Path file = folder.resolve(name);
            AtomicFile.replace(file, BYTES);
            AtomicFile.replace(file, BYTES);
            assertEquals(Files.readAllBytes(file), BYTES);
        }
    }

    @Test
    public void aLinkStaysALink() throws IOException {
        Path file = Files.write(folder.resolve("f"), new byte[1]);
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        AtomicFile.replace(link, BYTES);
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(Files.readAllBytes(file), BYTES);
    }

    @Test(timeOut = 20_000)
    public void onlyRegularFilesAreReadAndWritten() throws Exception {
        Path pipe = folder.resolve("pipe");
        if (new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() != 0) {
            throw new SkipException("needs mkfifo");
        }
        for (Path odd : List.of(pipe, Path.of("/dev/null"), folder)) {
            IOException read = expectThrows(FileSystemException.class, () -> BonsaiFile.read(odd));
            IOException write =
                    expectThrows(
                            FileSystemException.class,
                            () -> BonsaiFile.write(odd, Samples.small()));
            assertTrue(read.getMessage().contains("expected a"), read.getMessage());
            assertTrue(write.getMessage().contains("expected a"), write.getMessage());
        }
        assertTrue(Files.exists(pipe) && !Files.isRegularFile(pipe));
    }

    private void assertNames(String... expected) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    files.map(file -> file.getFileName().toString()).toList(), List.of(expected));
        }
    }
}
