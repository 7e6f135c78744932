package dev.bonsai.examples.sentence;

import dev.bonsai.examples.data.DataException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads pairs of sentences from a CSV file such as those of the STS benchmark (Cer et al. 2017, <a
 * href="https://arxiv.org/abs/1708.00055">arXiv:1708.00055</a>): rows of two sentences and a score,
 * without a header. A field in quotes may hold commas, line ends, and quotes that are doubled.
 */
public final class PairFile {

    private static final int COLUMNS = 3;
    private static final String EXPECTED = "expected rows of two sentences and a score, such as";
    private static final String SUCH_AS = "\"A plane, taking off.\",An air plane takes off.,5.0";

    private PairFile() {}

    /**
     * Reads a file.
     *
     * @param file the file, in UTF-8
     * @return the pairs in its order, at least two
     * @throws DataException if it is not there, or is no such file; the message names the row
     */
    public static List<SentencePair> read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(
                    String.format(Locale.ROOT, "%s is missing: %s %s", file, EXPECTED, SUCH_AS));
        }
        List<SentencePair> pairs = new ArrayList<>();
        try (Reader text = Files.newBufferedReader(file); // which takes no other letters for good
                CSVParser rows = CSVParser.parse(text, CSVFormat.DEFAULT)) {
            for (CSVRecord row : rows) {
                pairs.add(pair(file, row));
            }
        } catch (IOException | UncheckedIOException e) {
            throw wrong(file, pairs.size() + 1, "can't be read (" + cause(e) + ")");
        }
        if (pairs.size() < 2) {
            throw new DataException(
                    String.format(
                            Locale.ROOT,
                            "%s has %d rows, and at least 2 are needed to rank them: %s %s",
                            file,
                            pairs.size(),
                            EXPECTED,
                            SUCH_AS));
        }
        return List.copyOf(pairs);
    }

    private static SentencePair pair(Path file, CSVRecord row) {
        if (row.size() != COLUMNS) {
            throw wrong(file, row.getRecordNumber(), "has " + row.size() + " fields");
        }
        for (int i = 0; i < COLUMNS; ++i) {
            if (row.get(i).isBlank()) {
                throw wrong(file, row.getRecordNumber(), "has nothing in field " + (i + 1));
            }
        }
        try {
            return new SentencePair(row.get(0), row.get(1), Double.parseDouble(row.get(2).strip()));
        } catch (IllegalArgumentException e) { // no number, or none that can be ranked
            throw wrong(file, row.getRecordNumber(), "has the score '" + row.get(2) + "'");
        }
    }

    /** Such as a quote without an end, or letters that are not of UTF-8. */
    private static Throwable cause(Exception e) {
        return e.getCause() == null ? e : e.getCause();
    }

    private static DataException wrong(Path file, long row, String what) {
        return new DataException(
                String.format(
                        Locale.ROOT, "Row %d of %s %s: %s %s", row, file, what, EXPECTED, SUCH_AS));
    }
}
