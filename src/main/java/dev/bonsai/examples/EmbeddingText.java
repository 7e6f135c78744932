package dev.bonsai.examples;

import dev.bonsai.examples.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Reads a text that a user gives, a sentence a line. */
final class EmbeddingText {

    private EmbeddingText() {}

    /**
     * Reads a file.
     *
     * @param file the file, in UTF-8
     * @return its lines but for those that are blank, at least one
     * @throws DataException if it is no such file
     */
    static List<String> read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            throw new DataException(
                    String.format(
                            Locale.ROOT,
                            "--text: %s can't be read (%s): expected a text in UTF-8, a sentence a"
                                    + " line",
                            file,
                            e),
                    e);
        }
        if (lines.isEmpty()) {
            throw new DataException(
                    "--text: "
                            + file
                            + " has no text: expected a sentence a line, or leave it out");
        }
        return lines;
    }
}
