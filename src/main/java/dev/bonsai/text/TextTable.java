package dev.bonsai.text;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes a table as lines of text. Every column is as wide as its widest cell, so that long names
 * move no other column out of line.
 *
 * <pre>{@code
 * TextTable table = new TextTable("weight", "#size");
 * table.row("fc_weight", Numbers.count(10_000));
 * }</pre>
 */
public final class TextTable {

    private static final String GAP = "  ";
    private static final String NUMBERS = "#";

    private final List<List<String>> rows = new ArrayList<>();
    private final List<Boolean> right;

    /**
     * Begins a table.
     *
     * @param titles the columns' titles; a title that begins with # is that of a column of numbers,
     *     which are aligned right, and is shown without it
     */
    public TextTable(String... titles) {
        this(List.of(titles));
    }

    /**
     * Begins a table.
     *
     * @param titles the columns' titles, as in {@link #TextTable(String...)}
     */
    public TextTable(List<String> titles) {
        right = titles.stream().map(title -> title.startsWith(NUMBERS)).toList();
        row(titles.stream().map(t -> t.startsWith(NUMBERS) ? t.substring(1) : t).toList());
    }

    /**
     * Appends a row.
     *
     * @param cells one text per column
     * @return this table
     */
    public TextTable row(String... cells) {
        return row(List.of(cells));
    }

    /**
     * Appends a row.
     *
     * @param cells one text per column
     * @return this table
     * @throws IllegalArgumentException if there is not one cell per column
     */
    public TextTable row(List<String> cells) {
        if (cells.size() != right.size()) {
            throw new IllegalArgumentException(
                    "A row has one cell per column, but got "
                            + cells.size()
                            + " cells for "
                            + right.size()
                            + " columns: "
                            + cells);
        }
        rows.add(cells.stream().map(TextTable::oneLine).toList());
        return this;
    }

    /** A line break within a cell would look like a row. */
    private static String oneLine(String cell) {
        return cell.replaceAll("\\R", " ");
    }

    /** Returns the lines, without a line break behind the last one. */
    @Override
    public String toString() {
        int[] widths = new int[right.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; ++i) {
                widths[i] = Math.max(widths[i], length(row.get(i)));
            }
        }
        return rows.stream()
                .map(row -> line(row, widths))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; ++i) {
            String padding = " ".repeat(widths[i] - length(row.get(i)));
            line.append(i == 0 ? "" : GAP);
            line.append(right.get(i) ? padding + row.get(i) : row.get(i) + padding);
        }
        return line.toString().stripTrailing();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
