package dev.bonsai.examples;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.command.Printer;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Technique;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import dev.bonsai.recipe.NamedStrategy;
import dev.bonsai.recipe.StrategyCatalogue;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/** A verdict is one line that a terminal of usual width takes, below the one before. */
public class GateLineTest {

    private static Trial trial(
            String technique, String level, double drop, double error, Verdict verdict) {
        return new Trial(3, technique, level, level, 0.985 - drop, 0.985, drop, error, verdict);
    }

    @CommandLine.Command
    private static final class Empty {}

    private static String printed(Ansi ansi, Trial trial) {
        StringWriter text = new StringWriter();
        CommandLine line = new CommandLine(new Empty());
        line.setOut(new PrintWriter(text));
        line.setColorScheme(Help.defaultColorScheme(ansi));
        GateLine.to(Printer.of(line.getCommandSpec())).accept(trial);
        return text.toString();
    }

    private static String line(Trial trial) {
        return printed(Ansi.OFF, trial).stripTrailing();
    }

    @DataProvider
    Object[][] verdicts() {
        return Arrays.stream(Verdict.values())
                .map(verdict -> new Object[] {verdict})
                .toArray(Object[][]::new);
    }

    @Test(dataProvider = "verdicts")
    public void theVerdictHasAColourOnATerminal(Verdict verdict) {
        Trial trial = trial("pruning", "sparsity 0.9", 0.004, 0.0028, verdict);
        String coloured = printed(Ansi.ON, trial).stripTrailing();
        assertTrue(coloured.matches(".*\u001b\\[3[123]m" + verdict + "\u001b\\[0m"), coloured);
        assertEquals(coloured.replaceAll("\u001b\\[\\d+m", ""), line(trial));
    }

    @Test
    public void theDropIsShownWithItsStandardError() {
        assertEquals(
                line(trial("pruning", "sparsity 0.9424", 0.004, 0.0028, Verdict.ACCEPTED)),
                "  gate: pruning        asked sparsity 0.9424   got sparsity 0.9424   accuracy"
                        + " 0.9810 drop +0.0040 \u00b1 0.0028  ACCEPTED");
    }

    @Test
    public void whatIsNotKnownIsADash() {
        assertEquals(
                line(trial("model", "-", 0.004, Double.NaN, Verdict.REFUSED)),
                "  gate: model          asked -                 got -                 accuracy"
                        + " 0.9810 drop +0.0040           REFUSED");
        assertEquals(
                line(trial("pruning", "2:4", Double.NaN, Double.NaN, Verdict.ROLLED_BACK)),
                "  gate: pruning        asked 2:4               got 2:4               accuracy"
                        + " -      drop -                 ROLLED_BACK");
    }

    /** All but variational dropout, whose name and level take 43 characters. */
    @Test
    public void linesOfEveryTechniqueStandInLineAndAreShort() {
        List<String> lines = new ArrayList<>();
        for (NamedStrategy strategy : StrategyCatalogue.of(55_000)) {
            for (Technique technique : strategy.techniques()) {
                Levels levels = technique.getLevels();
                for (double level : new double[] {levels.start(), levels.target()}) {
                    if (!technique.getName().equals("variational dropout")) {
                        String text = levels.format(level);
                        for (Verdict verdict : Verdict.values()) {
                            for (double drop : new double[] {-0.25, 0, 0.0002}) {
                                lines.add(
                                        line(
                                                trial(
                                                        technique.getName(),
                                                        text,
                                                        drop,
                                                        0.00089,
                                                        verdict)));
                            }
                        }
                    }
                }
            }
        }
        assertTrue(lines.size() > 500, "the catalogue has many: " + lines.size());
        lines.forEach(line -> assertTrue(line.length() < 120, line));
        for (String column : List.of(" asked ", " got ", " accuracy ", " drop ")) {
            Set<Integer> places =
                    lines.stream().map(line -> line.indexOf(column)).collect(Collectors.toSet());
            assertEquals(places.size(), 1, column + places);
        }
    }
}
