package dev.bonsai.examples.sentence;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.examples.data.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.testng.SkipException;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Rows of two sentences and a score are read as they are meant, and others are named. */
public class PairFileTest {

    private static Path file(String text) throws IOException {
        return Files.writeString(Files.createTempFile("pairs", ".csv"), text);
    }

    @Test
    public void fieldsInQuotesHoldCommasQuotesAndLineEnds() throws IOException {
        String endOfLine = "\r\n"; // as some programs write it
        String rows =
                """
                Plain text.,Another text.,5.0
                "One, with a comma.","He said ""no"".",0END"Two
                lines",Grün und weiß, 2.25\s
                """;
        Path file = file(rows.replace("END", endOfLine));
        assertEquals(
                PairFile.read(file),
                List.of(
                        new SentencePair("Plain text.", "Another text.", 5),
                        new SentencePair("One, with a comma.", "He said \"no\".", 0),
                        new SentencePair("Two\nlines", "Grün und weiß", 2.25)));
    }

    @DataProvider
    Object[][] wrong() {
        String good = "A,B,1\n";
        return new Object[][] {
            {good + good + "A,B\n", "Row 3 ", "has 2 fields"},
            {good + "A,B,1,2\n" + good, "Row 2 ", "has 4 fields"},
            {"score,A,B\n" + good, "Row 1 ", "has the score 'B'"},
            {good + "A,B,NaN\n", "Row 2 ", "has the score 'NaN'"},
            {good + "A,B,\n", "Row 2 ", "has nothing in field 3"},
            {good + " ,B,2\n", "Row 2 ", "has nothing in field 1"},
            {good + good + "\"A,B,2\n", "Row 3 ", "can't be read"},
            {good, "has 1 rows", "at least 2"},
            {"", "has 0 rows", "at least 2"},
        };
    }

    @Test(dataProvider = "wrong")
    public void aRowThatIsNoneIsNamedWithWhatIsExpected(String text, String row, String what)
            throws IOException {
        Path file = file(text);
        String message = expectThrows(DataException.class, () -> PairFile.read(file)).getMessage();
        for (String part : List.of(row, what, file.toString(), "expected rows of two sentences")) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    public void aFileThatIsNotThereOrNoTextIsNamed() throws IOException {
        Path missing = Path.of("nowhere", "stsb-dev.csv");
        String message =
                expectThrows(DataException.class, () -> PairFile.read(missing)).getMessage();
        assertTrue(message.startsWith(missing + " is missing: expected"), message);
        Path latin =
                Files.write(
                        Files.createTempFile("pairs", ".csv"),
                        "Gr\u00fcn,B,1\nA,B,1\n".getBytes(StandardCharsets.ISO_8859_1));
        message = expectThrows(DataException.class, () -> PairFile.read(latin)).getMessage();
        assertTrue(message.contains(latin.toString()) && message.contains("Malformed"), message);
    }

    @Test
    public void theStsBenchmarkIsReadWhole() {
        Path folder = Path.of("..", "shared", "datasets", "stsb");
        if (!Files.isDirectory(folder)) {
            throw new SkipException("no data at " + folder);
        }
        assertEquals(PairFile.read(folder.resolve("stsb-train.csv")).size(), 5749);
        assertEquals(PairFile.read(folder.resolve("stsb-dev.csv")).size(), 1500);
        List<SentencePair> test = PairFile.read(folder.resolve("stsb-test.csv"));
        assertEquals(test.size(), 1379);
        assertTrue(test.stream().allMatch(pair -> pair.score() >= 0 && pair.score() <= 5));
    }
}
