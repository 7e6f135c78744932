package dev.bonsai.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertNotNull;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What a journal that is not as it was written does to a search. */
public class JournalTest extends TemporaryFiles {

    private static final int TRIALS = 5;

    /** With this clock the same search writes the same bytes. */
    private static SearchResult run(StrategySearch.Builder search) throws Exception {
        return search.optRunner(Toy.inTurn()).build().run();
    }

    private StrategySearch.Builder search() {
        return Toy.search(file("journal")).optMaxTrials(TRIALS);
    }

    private byte[] written() throws Exception {
        run(search());
        return Files.readAllBytes(file("journal"));
    }

    private String refusal(StrategySearch.Builder search) {
        String said = expectThrows(JournalException.class, () -> run(search)).getMessage();
        assertFree();
        return said;
    }

    /** Whatever was thrown, nothing is locked any more. */
    private void assertFree() {
        if (!Files.isRegularFile(file("journal"))) {
            return;
        }
        try (RandomAccessFile access = new RandomAccessFile(file("journal").toFile(), "rw");
                FileLock lock = access.getChannel().tryLock()) {
            assertNotNull(lock);
        } catch (IOException | OverlappingFileLockException e) {
            throw new AssertionError("the journal is still locked", e);
        }
    }

    private static int line(byte[] bytes, int index) {
        int line = 1;
        for (int i = 0; i < index; ++i) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }

    @Test
    void fileCutAtAnyByteIsCompletedToTheSameFile() throws Exception {
        byte[] whole = written();
        for (int length = 0; length <= whole.length; ++length) {
            Files.write(file("journal"), Arrays.copyOf(whole, length));
            List<Strategy> ran = new ArrayList<>();
            run(
                    search().setExperiment(
                                    (strategy, effort) -> {
                                        ran.add(strategy);
                                        return Toy.measure(strategy, effort);
                                    }));
            assertEquals(Files.readAllBytes(file("journal")), whole);
            int kept = Math.max(0, line(whole, length) - 2);
            assertEquals(ran.size(), TRIALS - kept, "none that was finished runs again");
        }
    }

    @Test
    void everyChangeOfOneByteIsNoticed() throws Exception {
        byte[] whole = written();
        // all but the last newline, without which the last line counts as half written
        for (int i = 0; i < whole.length - 1; ++i) {
            for (int change : new int[] {1, 0x20, 0x80, whole[i] ^ '\n'}) {
                byte[] damaged = whole.clone();
                damaged[i] ^= (byte) change;
                if (damaged[i] == whole[i]) {
                    continue;
                }
                Files.write(file("journal"), damaged);
                String said = refusal(search());
                assertTrue(said.contains("journal, line " + line(whole, i) + ": "), said);
                assertEquals(Files.readAllBytes(file("journal")), damaged, "left as it is");
            }
        }
    }

    @Test
    void trialWhoseLineIsMissingIsRunAgain() throws Exception {
        SearchResult expected = run(search());
        List<String> lines = Files.readAllLines(file("journal"));
        for (int i = 1; i < lines.size(); ++i) {
            List<String> fewer = new ArrayList<>(lines);
            String removed = fewer.remove(i);
            Files.write(file("journal"), fewer);
            List<String> ran = new ArrayList<>();
            SearchResult result =
                    run(
                            search().setExperiment(
                                            (strategy, effort) -> {
                                                ran.add(strategy.toJson().toString());
                                                return Toy.measure(strategy, effort);
                                            }));
            assertEquals(result, expected);
            assertEquals(ran.size(), 1);
            assertTrue(removed.contains(ran.get(0)), removed);
        }
    }

    @Test
    void surplusLineIsNoticed() throws Exception {
        List<String> lines = new String(written(), UTF_8).lines().toList();
        for (int i = 1; i < lines.size(); ++i) {
            List<String> more = new ArrayList<>(lines);
            more.add(lines.get(i));
            Files.write(file("journal"), more);
            String said = refusal(search());
            assertTrue(said.contains("line 7: ") && said.contains("expected trial 6"), said);
            assertTrue(said.contains("but its trial is " + i), said);
        }
    }

    @Test
    void trialBeyondTheSpaceIsNoticed() throws Exception {
        run(search().optMaxTrials(100));
        List<String> lines = new ArrayList<>(Files.readAllLines(file("journal")));
        assertEquals(lines.size(), 19);
        lines.add(lines.get(18));
        Files.write(file("journal"), lines);
        String said = refusal(search());
        assertTrue(said.contains("line 20: "), said);
        assertTrue(said.contains("expected no further trial"), said);
    }

    @Test
    void lineWithARightChecksumAndWrongContentIsNamed() throws Exception {
        List<String> lines = new String(written(), UTF_8).lines().toList();
        String last = lines.get(TRIALS);
        for (String old : List.of("bytes", "metric", "millis")) {
            // as another program would have written it
            String open = last.replace(old, "other").replaceAll(",\"crc32.*", "");
            JsonObject json = JsonParser.parseString(open + "}").getAsJsonObject();
            List<String> changed = new ArrayList<>(lines.subList(0, TRIALS));
            changed.add(new String(JournalLine.encode(json), UTF_8).strip());
            Files.write(file("journal"), changed);
            String said = refusal(search());
            assertTrue(said.contains("line " + (TRIALS + 1) + ": "), said);
        }
    }

    @DataProvider
    Object[][] otherSearches() {
        SearchSpace wider =
                SearchSpace.builder().addChoice(Toy.BITS).addChoice(Choice.of("x", 1)).build();
        return new Object[][] {
            {"the seed was 5 and is now 6", change(s -> s.optSeed(6))},
            {
                "the goal was \"the highest metric within 2000 bytes\" and is now \"the lowest",
                change(s -> s.setGoal(Goal.maxBytes(2_000, Better.LOWER)))
            },
            {
                "is now \"SuccessiveHalving[strategies=4, effort=1, factor=2]\"",
                change(s -> s.optMethod(SearchMethod.successiveHalving(4, 1, 2)))
            },
            {"is now {\"bits\":[2,3,4],\"x\":[1]}", change(s -> s.setSpace(wider))},
            {"the starts was [] and", change(s -> s.addStart(Toy.SPACE.first()))},
        };
    }

    private static UnaryOperator<StrategySearch.Builder> change(
            UnaryOperator<StrategySearch.Builder> change) {
        return change;
    }

    @Test(dataProvider = "otherSearches")
    void journalOfAnotherSearchIsRefused(
            String message, UnaryOperator<StrategySearch.Builder> change) throws Exception {
        byte[] whole = written();
        String said = refusal(change.apply(search()));
        assertTrue(said.contains(message), said);
        assertFalse(said.contains(";"), "only what differs: " + said);
        assertEquals(Files.readAllBytes(file("journal")), whole);
    }

    @Test
    void otherFilesAreLeftAsTheyAre() throws Exception {
        for (String text : List.of("notes", "notes\n", "{\"a\":1}\n", "\n", "{}")) {
            Files.writeString(file("journal"), text);
            String said = refusal(search());
            assertTrue(said.contains("this is none"), said);
            assertEquals(Files.readString(file("journal")), text);
        }
    }

    @Test
    void journalOfANewerVersionIsNamed() throws Exception {
        String whole = new String(written(), UTF_8);
        Files.writeString(file("journal"), whole.replace("Journal\":1,", "Journal\":2,"));
        assertTrue(refusal(search()).contains("Update Bonsai"));
    }

    @Test
    void folderIsRefusedAndMissingFoldersAreMade() throws Exception {
        Files.createDirectory(file("journal"));
        assertTrue(refusal(search()).contains("expected a file that can be read and written"));
        Path below = Files.writeString(file("file"), "").resolve("journal");
        String said =
                expectThrows(JournalException.class, () -> run(Toy.search(below).optMaxTrials(1)))
                        .getMessage();
        assertTrue(said.contains("take another file"), said);
        Path deep = file("a").resolve("b").resolve("journal");
        run(Toy.search(deep).optMaxTrials(1));
        assertEquals(Files.readAllLines(deep).size(), 2);
    }

    @Test
    void twoSearchesAtOnceAreRefused() throws Exception {
        List<String> said = new ArrayList<>();
        run(
                search().optMaxTrials(1)
                        .setExperiment(
                                (strategy, effort) -> {
                                    said.add(
                                            expectThrows(
                                                            JournalException.class,
                                                            () -> run(search()))
                                                    .getMessage());
                                    return new Outcome(1, 1);
                                }));
        assertTrue(said.get(0).contains("another search is using this journal"), said.get(0));
        assertEquals(run(search()).trials().size(), TRIALS, "and afterwards it is free");
    }

    @Test
    void journalThatCanNotBeWrittenIsRefused() throws Exception {
        byte[] whole = written();
        if (file("journal").toFile().setWritable(false) && !Files.isWritable(file("journal"))) {
            String said = expectThrows(JournalException.class, () -> run(search())).getMessage();
            assertTrue(said.contains("Let it be written to"), said);
        }
        assertEquals(Files.readAllBytes(file("journal")), whole); // root may write all the same
    }

    @Test
    void largeFileIsRefusedWithoutBeingHeldInMemory() throws Exception {
        byte[] whole = written();
        long large = 400L << 20; // zeros, which take no room on the disk
        for (byte[] start : List.of(new byte[0], whole, Arrays.copyOf(whole, whole.length / 2))) {
            Files.write(file("journal"), start);
            try (RandomAccessFile longer = new RandomAccessFile(file("journal").toFile(), "rw")) {
                longer.setLength(large);
            }
            long before = allocated();
            String said = refusal(search());
            // a line's most bytes, doubled as they grow, for the few times that they are copied
            assertTrue(allocated() - before < 32L * JournalLines.MOST_BYTES, said);
            assertTrue(said.contains("this is none") || said.contains("too long"), said);
            assertEquals(Files.size(file("journal")), large, "left as it is");
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    @Test
    void lockIsReleasedWhateverTheSearchEndsWith() throws Exception {
        StrategySearch.Builder search =
                search().setExperiment(
                                (strategy, effort) -> {
                                    throw new OutOfMemoryError("as if");
                                });
        expectThrows(OutOfMemoryError.class, () -> run(search));
        assertFree();
        search().build().checkJournal();
        assertFree();
        assertEquals(run(search()).trials().size(), TRIALS);
    }

    @Test
    void negativeTimeIsRefused() throws Exception {
        List<String> lines = new ArrayList<>(new String(written(), UTF_8).lines().toList());
        String open = lines.get(2).replaceAll("\"millis\":.*", "\"millis\":-1}");
        JsonObject json = JsonParser.parseString(open).getAsJsonObject();
        lines.set(2, new String(JournalLine.encode(json), UTF_8).strip());
        Files.write(file("journal"), lines);
        String said = refusal(search());
        assertTrue(said.contains("line 3: ") && said.contains("takes some time"), said);
    }

    @Test
    void failureWithALongMessageIsReadAgain() throws Exception {
        StrategySearch.Builder search =
                search().optMaxTrials(1)
                        .setExperiment(
                                (strategy, effort) -> {
                                    throw new IOException("\u4e16\n".repeat(2_000_000));
                                });
        SearchResult failed = run(search);
        assertEquals(run(search), failed);
        assertTrue(Files.size(file("journal")) < JournalLines.MOST_BYTES);
    }

    @Test
    void lineThatWouldBeTooLongIsNotBegun() {
        String name = "x".repeat(JournalLines.MOST_BYTES);
        String said = refusal(search().addCondition("data", name));
        assertTrue(said.contains("a line may have"), said);
        assertEquals(file("journal").toFile().length(), 0);
    }

    @DataProvider
    Object[][] conditions() {
        return new Object[][] {
            {List.of(), List.of("data", "a"), "the data was not given and is now \"a\""},
            {List.of("data", "a"), List.of(), "the data was \"a\" and is now not given"},
            {List.of("data", "a"), List.of("data", "b"), "the data was \"a\" and is now \"b\""},
            {List.of("data", "a"), List.of("data", "a", "epochs", "1"), "the epochs was not given"},
        };
    }

    private StrategySearch.Builder under(List<String> conditions) {
        StrategySearch.Builder search = search();
        for (int i = 0; i < conditions.size(); i += 2) {
            search.addCondition(conditions.get(i), conditions.get(i + 1));
        }
        return search;
    }

    @Test(dataProvider = "conditions")
    void journalUnderOtherConditionsIsRefused(List<String> before, List<String> now, String message)
            throws Exception {
        SearchResult result = run(under(before));
        String said = refusal(under(now));
        assertTrue(said.contains(message), said);
        assertFalse(said.contains(";"), "only what differs: " + said);
        assertEquals(run(under(before)), result);
    }

    @Test
    void conditionHasANameOfItsOwn() {
        for (String name : List.of("", " ", "seed", "space", "crc32", "data")) {
            expectThrows(
                    IllegalArgumentException.class,
                    () -> under(List.of("data", "a")).addCondition(name, "b"));
        }
    }
}
