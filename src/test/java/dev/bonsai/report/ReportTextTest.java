package dev.bonsai.report;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.WeightError;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import dev.bonsai.text.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A report can be read whatever the paths, the unit, the locale and the width of the page. */
public class ReportTextTest {

    private static final WeightError ERROR =
            WeightError.of(new float[] {1, 2}, new float[] {1.1f, 2});

    private static final String DROP = "  +0.0500 \u00b1 0.0280";

    private static CompressionReport report(String path, double unit) {
        return new CompressionReport(
                "Loss",
                1.7 * unit,
                1.9 * unit,
                1.75 * unit,
                new ModelSize(1_000_000, 12_345),
                Optional.empty(),
                new TrainingTime(100.25, 50.5),
                List.of(new EpochSummary(0, 1.7 * unit, 0, 32)),
                List.of(
                        new Trial(
                                0,
                                "pruning",
                                "a",
                                "b",
                                Double.NaN,
                                1.7 * unit,
                                Double.NaN,
                                Double.NaN,
                                Verdict.RECOVERING),
                        new Trial(
                                1,
                                "pruning (2)",
                                "a",
                                "b",
                                1.75 * unit,
                                1.7 * unit,
                                0.05 * unit,
                                Double.NaN,
                                Verdict.ACCEPTED)),
                List.of(
                        new WeightReport(path, "(10, 100)", 1000, 900, 4, 200, 40, ERROR),
                        new WeightReport("fc", "(3000)", 3000, 100, 8, 2500, 4, ERROR)),
                List.of("a note"));
    }

    @DataProvider
    Object[][] lengths() {
        return new Object[][] {{2}, {24}, {25}, {60}, {200}};
    }

    @Test(dataProvider = "lengths")
    public void longPathsLeaveTheColumnsInLine(int length) {
        List<String> lines = report("w".repeat(length), 1).toString().lines().toList();
        int title = 4;
        int bytes = lines.get(title).length();
        assertTrue(lines.get(title).endsWith("bytes"), lines.toString());
        for (int i = title; i <= title + 3; ++i) {
            assertEquals(lines.get(i).length(), bytes, "the last column is aligned right");
        }
        int shape = lines.get(title).indexOf("shape");
        assertEquals(lines.get(title + 1).indexOf("(10, 100)"), shape);
        assertEquals(lines.get(title + 2).indexOf("(3000)"), shape);
    }

    @Test
    public void theTotalCountsElementsScalesAndBytes() {
        CompressionReport report = report("w", 1);
        // 4 bits for 1000, 8 for 3000, and 44 bytes of scales
        double bits = (4 * 1000 + 8 * 3000 + 8 * 44) / 4000.0;
        assertEquals(report.bits(), bits, 1e-12); // the rounding of one division
        String total =
                report.toString()
                        .lines()
                        .filter(line -> line.startsWith("total"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(
                List.of(total.split("\\s+")), List.of("total", "4,000", "0.2500", "7.09", "2,700"));
        assertTrue(report.toString().contains("1,000,000 bytes -> 12,345 bytes, 81.0 times"));
    }

    @DataProvider
    Object[][] units() {
        return new Object[][] {{1e-9}, {1e-6}, {1e-3}, {1.0}, {1e3}};
    }

    @Test(dataProvider = "units")
    public void metricsHaveDigitsInEveryUnit(double unit) {
        CompressionReport report = report("w", unit);
        for (String text : List.of(report.toString(), ReportHtml.of(report))) {
            for (double value : new double[] {1.7 * unit, 1.75 * unit}) {
                assertTrue(text.contains(Numbers.metric(value)), text);
            }
            assertTrue(text.contains(Numbers.drop(0.05 * unit, 1.75 * unit)), text);
        }
    }

    /** Of the first row nothing is known, of the second no standard error, of the third both. */
    @Test
    public void aDropIsShownWithItsStandardErrorWhereThatIsKnown() {
        CompressionReport report = report("w", 1);
        List<Trial> trials = new ArrayList<>(report.trials());
        trials.add(new Trial(2, "q", "a", "b", 1.75, 1.7, 0.05, 0.028, Verdict.ACCEPTED));
        report =
                new CompressionReport(
                        report.metric(),
                        report.baseline(),
                        report.bound(),
                        report.achieved(),
                        report.size(),
                        report.network(),
                        report.time(),
                        report.epochs(),
                        trials,
                        report.weights(),
                        report.notes());
        List<String> lines = report.toString().lines().toList();
        int title = 0;
        while (!lines.get(title).startsWith("epoch")) {
            ++title;
        }
        int end = lines.get(title).indexOf("drop") + "drop".length();
        List<String> drops = List.of("not measured  -", "1.7500  +0.0500", DROP);
        for (int i = 0; i < drops.size(); ++i) {
            String left = lines.get(title + 1 + i).substring(0, end);
            assertTrue(left.replaceAll(" {2,}", "  ").endsWith(drops.get(i)), left);
        }
        String html = ReportHtml.of(report);
        for (String drop : List.of(">-<", ">+0.0500<", ">" + DROP.strip() + "<")) {
            assertTrue(html.contains(drop), html);
        }
    }

    @Test
    public void whatWasNotMeasuredIsSaidInWords() {
        CompressionReport report = report("w", 1);
        for (String text : List.of(report.toString(), ReportHtml.of(report))) {
            assertTrue(text.contains("not measured"), text);
            assertFalse(text.contains("NaN"), text);
        }
    }

    @Test
    public void withoutSizesTimesAndWeightsNothingIsMadeUp() {
        CompressionReport none =
                new CompressionReport(
                        "Accuracy",
                        Double.NaN,
                        Double.NaN,
                        Double.NaN,
                        ModelSize.UNKNOWN,
                        Optional.empty(),
                        TrainingTime.UNKNOWN,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of());
        for (String text : List.of(none.toString(), ReportHtml.of(none))) {
            assertTrue(text.contains("not measured"), text);
            for (String part : List.of("NaN", "total", " s of", "times smaller")) {
                assertFalse(text.contains(part), text);
            }
        }
    }

    /** On a phone a page has room for the columns at the left; the rest is scrolled. */
    @Test
    public void theVerdictStandsAtTheLeftOfATableThatScrolls() {
        String html = ReportHtml.of(report("w".repeat(60), 1));
        String trials = html.substring(html.indexOf("What the gate tried"));
        assertTrue(trials.indexOf(">verdict<") < trials.indexOf(">technique<"), trials);
        int tables = html.split("<table", -1).length;
        assertEquals(html.split("overflow-x:auto", -1).length, tables);
    }

    @DataProvider
    Object[][] locales() {
        return new Object[][] {
            {Locale.GERMANY}, {Locale.FRANCE}, {Locale.forLanguageTag("ar-EG-u-nu-arab")},
        };
    }

    private static String under(Locale locale, Supplier<String> text) {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(locale);
            return text.get();
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test(dataProvider = "locales")
    public void theTextIsTheSameUnderEveryLocale(Locale locale) {
        CompressionReport report = report("w", 0.01);
        SensitivityReport sensitivity =
                new SensitivityReport(
                        "Accuracy",
                        0.9,
                        List.of(new SensitivityReport.Row("q", "w", "8 bits", 8, 0.25, 0.65)));
        for (Supplier<String> text :
                List.<Supplier<String>>of(
                        report::toString, () -> ReportHtml.of(report), sensitivity::toString)) {
            assertEquals(under(locale, text), under(Locale.ROOT, text));
        }
    }
}
