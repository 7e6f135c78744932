package dev.bonsai.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
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
        return search.build().run(new Toy.Clock()::nanoTime);
    }

    private StrategySearch.Builder search() {
        return Toy.search(file("journal")).optMaxTrials(TRIALS);
    }

    private byte[] written() throws Exception {
        run(search());
        return Files.readAllBytes(file("journal"));
    }

    private String refusal(StrategySearch.Builder search) {
        return expectThrows(IOException.class, () -> run(search)).getMessage();
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
    void missingOrSurplusLineIsNoticed() throws Exception {
        String whole = new String(written(), UTF_8);
        List<String> lines = whole.lines().toList();
        for (int i = 1; i < lines.size() - 1; ++i) {
            List<String> fewer = new ArrayList<>(lines);
            fewer.remove(i);
            Files.write(file("journal"), fewer);
            String said = refusal(search());
            assertTrue(said.contains("line " + (i + 1) + ": "), said);
            assertTrue(said.contains("expected trial " + i), said);
        }
        List<String> more = new ArrayList<>(lines);
        more.add(lines.get(1));
        Files.write(file("journal"), more);
        assertTrue(refusal(search()).contains("line 7: "));
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
        expectThrows(IOException.class, () -> run(search()));
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
                                    said.add(refusal(search()));
                                    return new Outcome(1, 1);
                                }));
        assertTrue(said.get(0).contains("another search is using this journal"), said.get(0));
        assertEquals(run(search()).trials().size(), TRIALS, "and afterwards it is free");
    }
}
