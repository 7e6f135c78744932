package dev.bonsai.text;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Columns stand in line, whatever the length of a cell. */
public class TextTableTest {

    @DataProvider
    Object[][] lengths() {
        return new Object[][] {{0}, {1}, {24}, {25}, {60}, {300}};
    }

    @Test(dataProvider = "lengths")
    public void aLongNameMovesEveryRowAlike(int length) {
        TextTable table = new TextTable("weight", "#size", "shape");
        table.row("n".repeat(length), "7", "SHAPE").row("fc", "1,000,000", "SHAPE");
        List<String> lines = table.toString().lines().toList();
        assertEquals(lines.get(1).indexOf("SHAPE"), lines.get(2).indexOf("SHAPE"));
        assertEquals(lines.get(0).indexOf("shape"), lines.get(1).indexOf("SHAPE"));
        assertEquals(lines.get(1).indexOf("7"), lines.get(2).indexOf("1,000,000") + 8);
    }

    @Test
    public void theTextIsThis() {
        TextTable table = new TextTable("weight", "#size").row("a", "10").row("bbbbbbbb", "5");
        String end = System.lineSeparator();
        assertEquals(
                table.toString(),
                "weight    size" + end + "a           10" + end + "bbbbbbbb     5");
    }

    @Test
    public void noLineEndsWithBlanks() {
        new TextTable("a", "b")
                .row("x", "")
                .row("", "yy")
                .toString()
                .lines()
                .forEach(line -> assertEquals(line, line.stripTrailing()));
    }

    @Test
    public void aLineBreakInACellIsNoRow() {
        assertEquals(new TextTable("a").row("x\r\ny\nz").toString().lines().count(), 2);
    }

    @Test
    public void aRowWithoutACellPerColumnIsRefused() {
        TextTable table = new TextTable("a", "b");
        String message =
                expectThrows(IllegalArgumentException.class, () -> table.row("x")).getMessage();
        assertTrue(message.contains("1 cells for 2 columns"), message);
    }
}
