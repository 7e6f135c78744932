package dev.bonsai.command;

import static org.testng.Assert.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.testng.annotations.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/** Colour and lines that come and go are for terminals. */
public class PrinterTest {

    @CommandLine.Command
    private static final class Empty {}

    private static String printed(Ansi ansi) {
        StringWriter text = new StringWriter();
        CommandLine line = new CommandLine(new Empty());
        line.setOut(new PrintWriter(text));
        line.setColorScheme(Help.defaultColorScheme(ansi));
        Printer printer = Printer.of(line.getCommandSpec());
        printer.pass("1 of 2");
        printer.pass("2 of 2");
        printer.say(printer.styled("good", Tone.GOOD));
        printer.next("go on");
        return text.toString().replace(System.lineSeparator(), "\n");
    }

    @Test
    public void aLogHasWholeLinesAndNoColour() {
        assertEquals(printed(Ansi.OFF), "good\nNext: go on\n");
    }

    @Test
    public void aTerminalHasColourAndALineThatGoes() {
        String clear = "\r\u001b[K";
        assertEquals(
                printed(Ansi.ON),
                clear
                        + "1 of 2"
                        + clear
                        + "2 of 2"
                        + clear
                        + "\u001b[32mgood\u001b[0m\nNext: \u001b[1mgo on\u001b[0m\n");
    }
}
