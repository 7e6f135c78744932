package dev.bonsai.report;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Charts say what is true, on every page. */
public class ChartTest {

    @BeforeClass
    public void setUp() {
        System.setProperty("java.awt.headless", "true");
    }

    private static Object call(Object on, Class<?> type, String method) throws Exception {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Method found : at.getDeclaredMethods()) {
                if (found.getName().equals(method) && found.getParameterCount() == 0) {
                    found.setAccessible(true);
                    return found.invoke(on);
                }
            }
        }
        throw new NoSuchMethodException(method);
    }

    /** XChart shows its ticks to nobody: the labels and the places where they are drawn. */
    private static void checkTicks(XYChart chart, boolean across) throws Exception {
        Object axis = call(chart, Chart.class, across ? "getXAxis" : "getYAxis");
        Object ticks = call(axis, axis.getClass(), "getAxisTickCalculator");
        List<?> labels = (List<?>) call(ticks, ticks.getClass(), "getTickLabels");
        List<?> places = (List<?>) call(ticks, ticks.getClass(), "getTickLocations");
        assertTrue(labels.size() >= 2, labels.toString());
        java.awt.geom.Rectangle2D bounds =
                (java.awt.geom.Rectangle2D) call(axis, axis.getClass(), "getBounds");
        double[] values = new double[labels.size()];
        for (int i = 0; i < values.length; ++i) {
            values[i] = Double.parseDouble(labels.get(i).toString().replace(",", ""));
            double place = (Double) places.get(i);
            double drawn =
                    across
                            ? chart.getScreenXFromChart(values[i]) - bounds.getX()
                            : bounds.getY()
                                    + bounds.getHeight()
                                    - chart.getScreenYFromChart(values[i]);
            // a hundredth of a pixel: both are computed in double precision
            assertEquals(place, drawn, 0.01, "label " + labels.get(i) + " of " + labels);
        }
        BigDecimal step =
                new BigDecimal(values[1] - values[0])
                        .round(new MathContext(6))
                        .stripTrailingZeros();
        assertTrue(
                List.of("1", "2", "5").contains(step.unscaledValue().toString()),
                "steps are 1, 2 or 5 times a power of ten, but " + step + " in " + labels);
    }

    @DataProvider
    Object[][] data() {
        return new Object[][] {
            {500, 1.0, 0.3, "0.0"}, // the importances of 500 elements
            {500, 1.0, 0.3, null},
            {3, 5.0, 0.9912, null},
            {7, 6.0, 12_345.0, null},
            {100, 0.7, 0.0123, null},
            {11, 32.0, 32.0, null},
            {21, 0.001, 4.2, null},
        };
    }

    @Test(dataProvider = "data")
    public void ticksLieAtRoundValuesWhereTheirLabelsSay(
            int count, double width, double height, String pattern) throws Exception {
        XYChart chart = ChartStyle.lines("t", "x", "y", 760, 320);
        chart.getStyler().setXAxisDecimalPattern(pattern);
        double[] x = IntStream.range(0, count).mapToDouble(i -> width * i / count).toArray();
        double[] y = IntStream.range(0, count).mapToDouble(i -> height * i / count).toArray();
        chart.addSeries("even distances", x, y);
        Figure.row(chart).toImage();
        checkTicks(chart, true);
        checkTicks(chart, false);
    }

    private static CompressionReport report(double unit, double bound, int epochs) {
        return report(unit, bound, epochs, Double.NaN);
    }

    private static CompressionReport report(
            double unit, double bound, int epochs, double standardError) {
        List<EpochSummary> summaries =
                IntStream.rangeClosed(0, epochs)
                        .mapToObj(
                                i ->
                                        new EpochSummary(
                                                i, unit * (0.9912 - 0.001 * i), 0.1 * i, 32 - i))
                        .toList();
        return new CompressionReport(
                "Metric",
                0.9912 * unit,
                bound,
                0.98 * unit,
                ModelSize.UNKNOWN,
                Optional.empty(),
                TrainingTime.UNKNOWN,
                summaries,
                List.of(
                        new Trial(
                                1,
                                "p",
                                "a",
                                "g",
                                0.975 * unit,
                                0.9912 * unit,
                                0.0162 * unit,
                                standardError * unit,
                                Verdict.REFUSED)),
                List.of(),
                List.of());
    }

    @DataProvider
    Object[][] units() {
        return new Object[][] {{1e-12}, {1e-6}, {1e-3}, {1.0}, {1e3}, {1e6}};
    }

    @Test(dataProvider = "units")
    public void theChartsOfTheEpochsStandInLineAndTheirTicksAreTrue(double unit) throws Exception {
        Figure figure = ReportCharts.epochs(report(unit, 0.98 * unit, 5));
        figure.toImage();
        XYChart first = (XYChart) figure.charts().get(0);
        for (Chart<?, ?> chart : figure.charts()) {
            for (double epoch : new double[] {0, 2, 5}) {
                // each is moved by whole pixels: half a pixel off, in either direction
                assertEquals(chart.getScreenXFromChart(epoch), first.getScreenXFromChart(epoch), 1);
            }
            checkTicks((XYChart) chart, true);
            checkTicks((XYChart) chart, false);
        }
    }

    @Test(dataProvider = "units")
    public void theToleranceReachesFromTheBaselineToTheBound(double unit) {
        Figure figure = ReportCharts.epochs(report(unit, 0.98 * unit, 2));
        XYChart chart = (XYChart) figure.charts().get(0);
        XYSeries band = chart.getSeriesMap().get("tolerance");
        double[] y = band.getYData();
        double baseline = chart.getSeriesMap().get("baseline").getYData()[0];
        assertEquals(y[0], baseline, 0);
        // the ratio of the two numbers, whatever unit is shown
        assertEquals(y[2] / y[0], 0.98 / 0.9912, 1e-9);
    }

    /** In the colour of its mark, which can be seen on every page; none where it is not known. */
    @Test(dataProvider = "units")
    public void theStandardErrorIsDrawnAboveAndBelowATrial(double unit) {
        double error = 0.004;
        Figure with = ReportCharts.epochs(report(unit, 0.98 * unit, 2, error));
        Figure without = ReportCharts.epochs(report(unit, 0.98 * unit, 2));
        XYSeries trial = trial(with);
        assertEquals(trial(without).getExtraValues(), null);
        // the metric and its error are shown in one unit: the rounding of two divisions
        assertEquals(
                trial.getExtraValues()[0] / trial.getYData()[0],
                error / 0.975,
                1e-9,
                "in the unit of the metric");
        BufferedImage drawn = with.toImage();
        BufferedImage plain = without.toImage();
        XYChart chart = (XYChart) with.charts().get(0);
        int x = (int) (2 * chart.getScreenXFromChart(trial.getXData()[0]));
        for (double side : new double[] {-0.9, 0.9}) { // just within the bar
            double end = trial.getYData()[0] + side * trial.getExtraValues()[0];
            int y = (int) (2 * chart.getScreenYFromChart(end));
            assertTrue(isNear(drawn, Palette.VERMILION, x, y), "a bar on " + side + " of it");
            assertFalse(isNear(plain, Palette.VERMILION, x, y), "no bar there");
        }
    }

    private static XYSeries trial(Figure figure) {
        return ((XYChart) figure.charts().get(0)).getSeriesMap().get("undone or refused");
    }

    private static boolean isNear(BufferedImage image, Color colour, int x, int y) {
        return IntStream.rangeClosed(x - 3, x + 3)
                .anyMatch(i -> image.getRGB(i, y) == colour.getRGB());
    }

    @DataProvider
    Object[][] noBounds() {
        return new Object[][] {{Double.NaN}, {Double.NEGATIVE_INFINITY}};
    }

    @Test(dataProvider = "noBounds")
    public void withoutABoundThereIsNoBand(double bound) {
        XYChart chart = (XYChart) ReportCharts.epochs(report(1, bound, 2)).charts().get(0);
        assertEquals(chart.getSeriesMap().get("tolerance"), null);
    }

    @Test
    public void thePageIsSeenBehindACharts() {
        BufferedImage image = ReportCharts.epochs(report(1, 0.98, 2)).toImage();
        long clear =
                IntStream.of(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, 1520))
                        .filter(pixel -> pixel >>> 24 == 0)
                        .count();
        assertTrue(2 * clear > (long) image.getWidth() * image.getHeight(), "most is clear");
    }

    @DataProvider
    Object[][] grounds() {
        return new Object[][] {{Color.WHITE}, {new Color(0x111111)}};
    }

    /** WCAG 2.1: 3 to 1 for graphics and large text, 4.5 to 1 for text. */
    @Test(dataProvider = "grounds")
    public void textAndLinesCanBeReadOnLightAndDark(Color ground) {
        assertTrue(contrast(Palette.INK, ground) >= 4, "text: between the two");
        for (Color line : List.of(Palette.BLUE, Palette.GREEN, Palette.VERMILION, Palette.GREY)) {
            assertTrue(contrast(line, ground) >= 3, line + " on " + ground);
        }
    }

    private static double contrast(Color a, Color b) {
        double first = luminance(a) + 0.05;
        double second = luminance(b) + 0.05;
        return Math.max(first, second) / Math.min(first, second);
    }

    private static double luminance(Color c) {
        return 0.2126 * linear(c.getRed())
                + 0.7152 * linear(c.getGreen())
                + 0.0722 * linear(c.getBlue());
    }

    private static double linear(int component) {
        double c = component / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }

    @DataProvider
    Object[][] types() {
        return new Object[][] {{BufferedImage.TYPE_INT_RGB}, {BufferedImage.TYPE_INT_ARGB}};
    }

    @Test(dataProvider = "types")
    public void aPngKeepsEveryColour(int type) throws Exception {
        BufferedImage image = new BufferedImage(97, 61, type);
        Random random = new Random(7);
        for (int i = 0; i < 97 * 61; ++i) {
            image.setRGB(i % 97, i / 97, random.nextInt());
        }
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(Png.encode(image)));
        assertEquals(
                read.getRGB(0, 0, 97, 61, null, 0, 97), image.getRGB(0, 0, 97, 61, null, 0, 97));
    }

    @Test(dataProvider = "types")
    public void aPictureOfFewColoursStaysAsItIs(int type) throws Exception {
        BufferedImage image = new BufferedImage(97, 61, type);
        Random random = new Random(8);
        int[] colours = random.ints(256).toArray();
        for (int i = 0; i < 97 * 61; ++i) {
            image.setRGB(i % 97, i / 97, colours[i < 256 ? i : random.nextInt(256)]);
        }
        BufferedImage read =
                ImageIO.read(new ByteArrayInputStream(Png.encode(FewColours.of(image))));
        assertEquals(
                read.getRGB(0, 0, 97, 61, null, 0, 97), image.getRGB(0, 0, 97, 61, null, 0, 97));
    }

    @Test
    public void aChartInFewColoursHardlyDiffersAndTakesHalfTheBytes() {
        BufferedImage image = Figure.row(manyColours()).toImage();
        BufferedImage few = FewColours.of(image);
        int different = 0;
        int farthest = 0;
        for (int i = 0; i < image.getWidth() * image.getHeight(); ++i) {
            int x = i % image.getWidth();
            int y = i / image.getWidth();
            int distance = FewColours.distance(few.getRGB(x, y), image.getRGB(x, y));
            different += distance > 0 ? 1 : 0;
            farthest = Math.max(farthest, distance);
        }
        // each of the seven lines has edges of its own
        assertTrue(different > 0, "the chart has more than 256 colours");
        assertTrue(different < 0.03 * image.getWidth() * image.getHeight(), "" + different);
        // a quarter of the way from one end of a channel to the other, in all four
        assertTrue(farthest < 4 * 64 * 64, "" + farthest);
        assertTrue(2 * Png.encode(few).length < Png.encode(image).length);
    }

    private static XYChart manyColours() {
        XYChart chart = ChartStyle.lines("Many colours", "x", "y", 480, 280);
        for (int i = 0; i < Palette.SERIES.size(); ++i) {
            XYSeries series =
                    chart.addSeries("" + i, new double[] {0, 1, 2}, new double[] {i, 7 - i, i * i});
            ChartStyle.series(series, Palette.SERIES.get(i), SeriesMarkers.CIRCLE);
        }
        return chart;
    }

    @Test
    public void longPathsAreLabelledByTheirEndsUnlessThoseAreTheSame() {
        String first = "01Encoder_02Block_03Attention_07Linear_weight";
        String second = "01Encoder_03Block_03Attention_07Linear_weight";
        String other = "02Decoder_with_a_name_that_is_long_too";
        List<String> all = List.of(first, second, other, "fc");
        assertNotEquals(ChartStyle.label(first, all), ChartStyle.label(second, all));
        assertEquals(ChartStyle.label(other, all).length(), 26);
        assertEquals(ChartStyle.label("fc", all), "fc");
    }
}
