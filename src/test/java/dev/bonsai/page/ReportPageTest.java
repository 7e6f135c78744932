package dev.bonsai.page;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import dev.bonsai.report.CompressionReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class ReportPageTest {

    private Path folder;

    @BeforeClass
    public void setUp() throws Exception {
        folder = Files.createTempDirectory("bonsai");
    }

    @DataProvider
    Object[][] pages() throws Exception {
        ReportPage.write(Runs.full(folder, Runs.HOSTILE), folder);
        Path comparison = folder.resolve("comparison.html");
        ComparisonPage.write(List.of(folder, folder.resolve(ReportPage.NUMBERS)), comparison);
        Path search = folder.resolve("search.html");
        SearchPage.write(
                Runs.HOSTILE,
                Runs.HOSTILE,
                List.of(new FrontPoint(Runs.HOSTILE, 10, 0.5, true, false)),
                search);
        return new Object[][] {
            {Files.readString(folder.resolve(ReportPage.PAGE))},
            {Files.readString(comparison)},
            {Files.readString(search)},
            {ReportPage.html(RunReport.builder(Runs.HOSTILE, Runs.report(Runs.HOSTILE)).build())},
        };
    }

    /** A law of every page: no name adds an element, an attribute or a script of its own. */
    @Test(dataProvider = "pages")
    public void hostileNamesStayTexts(String html) {
        Document page = Jsoup.parse(html);
        assertEquals(page.select("script").size(), 3, "the numbers, ECharts and the page's own");
        assertEquals(page.select("script:not([type])").size(), 2);
        assertEquals(page.select("[src=x]").size(), 0);
        for (Element element : page.getAllElements()) {
            for (Attribute attribute : element.attributes()) {
                assertFalse(attribute.getKey().startsWith("on"), element.outerHtml());
            }
        }
        assertTrue(page.title().contains("alert(1)") || page.text().contains("alert(1)"));
        assertEquals(page.select("main").size(), 1);
    }

    /** A law of every page: a browser that shows it asks nobody for anything. */
    @Test(dataProvider = "pages")
    public void nothingIsLoaded(String html) {
        Document page = Jsoup.parse(html);
        Set<String> addresses = new TreeSet<>();
        for (Element element : page.select("[src], [href], [srcset], [action], [data]")) {
            String address = element.hasAttr("src") ? element.attr("src") : element.attr("href");
            if (!address.startsWith("data:") && !address.endsWith(ReportPage.PAGE)) {
                addresses.add(address);
            }
        }
        assertEquals(addresses, Set.of());
        String style = page.select("style").html();
        assertFalse(style.contains("url(") || style.contains("@import"), "styles load nothing");
        assertTrue(
                page.select("meta[http-equiv=Content-Security-Policy]")
                        .attr("content")
                        .startsWith("default-src 'none'"));
    }

    @Test
    public void thePageHoldsTheNumbersOfTheFile() throws Exception {
        ReportPage.write(Runs.full(folder, Runs.HOSTILE), folder);
        Document page = Jsoup.parse(Files.readString(folder.resolve(ReportPage.PAGE)));
        assertEquals(
                JsonParser.parseString(page.getElementById("data").data()),
                JsonParser.parseString(Files.readString(folder.resolve(ReportPage.NUMBERS))));
    }

    @Test
    public void theNumbersSayWhatTheRunDid() throws Exception {
        JsonObject json = ReportJson.of(Runs.full(folder, "made"));
        assertEquals(json.get("version").getAsInt(), ReportJson.VERSION);
        assertEquals(json.get("ratio").getAsDouble(), 20.0);
        assertEquals(json.getAsJsonObject("dense").get("made").getAsDouble(), 0.98);
        assertEquals(json.getAsJsonObject("compressed").get("bytes").getAsLong(), 2_000);
        assertEquals(json.getAsJsonObject("compressed").get("milliseconds").getAsDouble(), 0.25);
        assertEquals(json.getAsJsonObject("facts").get("seed").getAsInt(), 1);
        JsonObject weight = json.getAsJsonArray("weights").get(0).getAsJsonObject();
        assertEquals(weight.get("rows").getAsInt(), 20);
        assertEquals(weight.get("keptRows").getAsInt(), 20);
        JsonObject first = json.getAsJsonArray("trials").get(0).getAsJsonObject();
        assertTrue(first.get("explanation").getAsString().contains("0.9700"), first.toString());
        assertTrue(
                json.getAsJsonArray("trials").get(2).getAsJsonObject().get("metric").isJsonNull());
    }

    /** Steps add up: each change is that between the bytes before and behind it. */
    @Test
    public void theWaterfallEndsAtTheFile() throws Exception {
        List<ByteStep> steps = Headline.waterfall(Runs.full(folder, "made"));
        assertEquals(steps.get(0).bytes(), 40_000);
        assertEquals(steps.get(steps.size() - 1).bytes(), 2_000);
        for (int i = 1; i < steps.size(); ++i) {
            assertEquals(steps.get(i).bytes() - steps.get(i).change(), steps.get(i - 1).bytes());
        }
        assertEquals(steps.get(1).change(), -3 * 600 * Float.BYTES, "three weights, half zeros");
    }

    @Test
    public void aPageOfAlmostNothingIsStillAPage() {
        Document page =
                Jsoup.parse(ReportPage.html(RunReport.builder("m", Runs.report("acc")).build()));
        assertEquals(page.select("h1").text(), "m: 20.0 times smaller, acc 0.9800 → 0.9750");
        assertEquals(page.select("#histograms, .samples, .masks").size(), 0);
    }

    /** Floats of other types may stand beside those that are compressed. */
    @Test
    public void aDenseModelMayHaveParametersOfOtherTypes() {
        for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
            try (NDManager manager = NDManager.newBaseManager()) {
                Block block = Linear.builder().setUnits(2).build();
                block.setInitializer((m, shape, t) -> m.ones(shape, t), p -> true);
                block.initialize(manager, type, new Shape(1, 3));
                RunReport.builder("m", Runs.report("acc")).optDense(block).build();
            }
        }
    }

    @Test
    public void theWorstWeightIsMarkedWithARemedy() throws Exception {
        Document page = Jsoup.parse(ReportPage.html(Runs.full(folder, "made")));
        assertEquals(page.select("tr.worst").size(), 1);
        assertEquals(page.select("tr.worst code").text(), "made");
        assertTrue(page.text().contains("give it more bits or centroids"), page.text());
    }

    /** Only one technique has widths of single weights, and a path is no pattern. */
    @Test
    public void theRemedyIsOneThatTheTechniqueHas() {
        CompressionReport shared = Runs.report("weight sharing");
        String other = Explanations.remedy(shared.weights().get(0), shared);
        assertFalse(other.contains("addBits"), other);
        CompressionReport quantized = Runs.report("quantization[0]");
        String own = Explanations.remedy(quantized.weights().get(0), quantized);
        assertTrue(own.contains("addBits(\"^\\Qquantization[0]\\E$\", 4)"), own);
    }

    @Test
    public void aLossIsBestWhereItIsLowest() {
        RunReport run =
                RunReport.builder("m", Runs.report("loss"))
                        .addDeployed(deployed("a", Double.NaN))
                        .addDeployed(deployed("b", 12.1))
                        .addDeployed(deployed("c", 19.7))
                        .optDirection(Direction.LOWER_IS_BETTER)
                        .build();
        for (Deployed file : run.deployed) {
            boolean best =
                    Purposes.of(file, run.deployed, run.direction).contains("the best metric");
            assertEquals(best, file.file().equals("b"), file.file());
        }
    }

    private static Deployed deployed(String name, double metric) {
        return new Deployed(
                name, "an engine", 10, OptionalDouble.of(metric), OptionalDouble.empty());
    }

    @Test
    public void factsOfAnyKindAreWritten() {
        JsonObject facts =
                ReportJson.of(
                                RunReport.builder("m", Runs.report("made"))
                                        .addFact("a", Float.NaN)
                                        .addFact("b", Path.of("x"))
                                        .addFact("c", 1.5f)
                                        .build())
                        .getAsJsonObject("facts");
        assertTrue(facts.get("a").isJsonNull());
        assertEquals(facts.get("b").getAsString(), "x");
        assertEquals(facts.get("c").getAsFloat(), 1.5f);
    }

    @Test
    public void whatWasRefusedIsNotSaidToBeTooMuch() {
        Trial better = new Trial(3, "p", "p", "1", 0.982, 0.98, -0.002, 0.003, Verdict.REFUSED);
        String text = Explanations.of(better, "accuracy");
        assertTrue(text.contains("0.0020 better"), text);
        assertFalse(text.contains("more than is allowed"), text);
        Trial infinite =
                new Trial(
                        3,
                        "p",
                        "p",
                        "1",
                        Double.POSITIVE_INFINITY,
                        1,
                        Double.POSITIVE_INFINITY,
                        Double.NaN,
                        Verdict.ROLLED_BACK);
        assertTrue(Explanations.of(infinite, "loss").contains("loss infinite, infinite worse"));
    }

    @Test
    public void aRunWithoutAMeasurementHasItsBytesInAComparison() throws Exception {
        Path alone = Files.createDirectories(folder.resolve("alone"));
        ReportPage.write(RunReport.builder("m", Runs.report("made")).build(), alone);
        Path page = folder.resolve("alone.html");
        ComparisonPage.write(List.of(alone), page);
        String row = Jsoup.parse(Files.readString(page)).select("tbody tr").get(0).text();
        assertTrue(row.contains("2,000") && row.contains("20.0"), row);
    }

    @Test
    public void filesAreTakenForWhatTheyAreBestAt() throws Exception {
        JsonObject json = ReportJson.of(Runs.full(folder, "made"));
        assertEquals(
                json.getAsJsonArray("deployed")
                        .get(0)
                        .getAsJsonObject()
                        .get("takeItFor")
                        .toString(),
                "[\"the smallest\"]");
        assertEquals(
                json.getAsJsonArray("deployed")
                        .get(1)
                        .getAsJsonObject()
                        .get("takeItFor")
                        .toString(),
                "[\"the fastest\",\"the best metric\"]");
    }

    @Test
    public void runsAreComparedByTheirFiles() throws Exception {
        Path other = Files.createDirectories(folder.resolve("an other & <b>"));
        ReportPage.write(Runs.full(other, "other"), other);
        ReportPage.write(Runs.full(folder, "one"), folder);
        Path page = folder.resolve("both.html");
        ComparisonPage.write(List.of(folder, other), page);
        Document html = Jsoup.parse(Files.readString(page));
        assertEquals(html.select("tbody tr").size(), 2);
        assertEquals(
                html.select("tbody a").eachAttr("href"),
                List.of("report.html", "an%20other%20%26%20%3Cb%3E/report.html"));
        assertTrue(html.select("tbody tr").get(1).text().contains("20.0"), html.text());
    }

    @DataProvider
    Object[][] noReports() {
        return new Object[][] {
            {"", "none"},
            {"[]", "none"},
            {"{}", "no version"},
            {"{\"version\": 99}", "version 99"},
            {"{\"version\": 1}", "none"},
            {"{\"version\": 1, \"metric\": [], \"validation\": 3}", "none"},
            {"\u0000\u0001", "none"},
        };
    }

    @Test(dataProvider = "noReports")
    public void whatIsNoReportIsRefused(String text, String why) throws Exception {
        Path file = Files.writeString(folder.resolve("none.json"), text);
        Path page = folder.resolve("none.html");
        ReportFormatException e =
                expectThrows(
                        ReportFormatException.class,
                        () -> ComparisonPage.write(List.of(file), page));
        assertTrue(e.getMessage().contains(why), e.getMessage());
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
        assertFalse(Files.exists(page), "nothing is written");
    }
}
