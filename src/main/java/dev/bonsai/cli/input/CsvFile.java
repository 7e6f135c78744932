package dev.bonsai.cli.input;

import dev.bonsai.command.InputException;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.runtime.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** A table of numbers: a line per sample, with commas, and perhaps a line of titles first. */
final class CsvFile {

    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setIgnoreSurroundingSpaces(true).get();

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Path file;
    private final Slot slot;

    CsvFile(Path file, Slot slot) {
        this.file = file;
        this.slot = slot;
    }

    List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        try (BufferedReader text = withoutMark(Files.newBufferedReader(file));
                CSVParser parser = CSVParser.parse(text, FORMAT)) {
            for (CSVRecord line : parser) {
                if (line.getRecordNumber() > 1 || isNumber(line.get(0))) {
                    String name = file.getFileName() + "[" + rows.size() + "]";
                    rows.add(new Row(name, value(line)));
                }
            }
        } catch (MalformedInputException e) {
            throw new InputException(file + " is no text of UTF-8: give a table of numbers", e);
        } catch (UncheckedIOException e) { // the parser's iterator
            throw new InputException(file + " is no table: " + e.getCause().getMessage(), e);
        }
        return rows;
    }

    /** Passes over the byte order mark that Excel writes in front of UTF-8. */
    private static BufferedReader withoutMark(BufferedReader text) throws IOException {
        text.mark(1);
        if (text.read() != BYTE_ORDER_MARK) {
            text.reset();
        }
        return text;
    }

    private static boolean isNumber(String cell) {
        try {
            Double.parseDouble(cell);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private Tensor value(CSVRecord line) {
        int[] shape = shape(line);
        float[] floats = new float[slot.isFloat() ? line.size() : 0];
        long[] longs = new long[slot.isFloat() ? 0 : line.size()];
        for (int i = 0; i < line.size(); ++i) {
            try {
                if (slot.isFloat()) {
                    floats[i] = Float.parseFloat(line.get(i));
                } else {
                    longs[i] = Long.parseLong(line.get(i));
                }
            } catch (NumberFormatException e) {
                throw refused(line, i, e);
            }
        }
        return slot.isFloat() ? Tensor.of(floats, shape) : integers(line, longs, shape);
    }

    private Tensor integers(CSVRecord line, long[] given, int[] shape) {
        Tensor narrow = Tensor.of(slot.type(), given.clone(), shape);
        int differs = Arrays.mismatch(narrow.longs(), given);
        if (differs >= 0) {
            throw refused(line, differs, null);
        }
        return narrow;
    }

    private InputException refused(CSVRecord line, int column, @Nullable Throwable cause) {
        return new InputException(
                String.format(
                        Locale.ROOT,
                        "%s, line %d, column %d: expected a number of %s, but got '%s'",
                        file,
                        line.getRecordNumber(),
                        column + 1,
                        slot.type(),
                        line.get(column)),
                cause);
    }

    /** The shape of a line, whose length tells the size of at most one free axis. */
    private int[] shape(CSVRecord line) {
        List<Dim> sample = slot.sample();
        int[] shape = new int[sample.size() + 1];
        shape[0] = 1;
        long known = 1;
        int free = 0;
        for (Dim dim : sample) {
            known *= dim.isFixed() ? dim.size() : 1;
            free += dim.isFixed() ? 0 : 1;
        }
        boolean fits = free == 0 ? line.size() == known : free == 1 && line.size() % known == 0;
        if (!fits) {
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "%s, line %d has %d numbers, but the model takes %s, a sample per"
                                    + " line: give %s",
                            file,
                            line.getRecordNumber(),
                            line.size(),
                            slot.input(),
                            free > 1 ? "an .npy file" : known + " numbers" + more(free)));
        }
        for (int i = 0; i < sample.size(); ++i) {
            Dim dim = sample.get(i);
            shape[i + 1] = Math.toIntExact(dim.isFixed() ? dim.size() : line.size() / known);
        }
        return shape;
    }

    private static String more(int free) {
        return free == 1 ? " or a multiple of that" : "";
    }
}
