package dev.bonsai.page;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.testng.SkipException;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Pages as Chromium shows them, where it is installed. */
public class BrowserTest {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome");

    private String browser;
    private Path folder;

    @BeforeClass
    public void setUp() throws Exception {
        browser =
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                        .flatMap(path -> NAMES.stream().map(name -> Path.of(path, name)))
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElseThrow(() -> new SkipException("No Chromium is installed"))
                        .toString();
        folder = Files.createTempDirectory("bonsai");
    }

    /** Shows a page in a frame of a width, and returns the frame's page as it became. */
    private Document shown(Path page, int width, boolean dark) throws Exception {
        Path frame = folder.resolve("frame.html");
        Files.writeString(
                frame,
                """
                <!DOCTYPE html><body><iframe src="%1$s" style="width:%2$dpx;height:4000px;border:0"></iframe>
                <script>
                const frame = document.querySelector('iframe');
                frame.addEventListener('load', () => setTimeout(() => {
                  const inner = frame.contentDocument;
                  document.body.dataset.width = inner.documentElement.scrollWidth;
                  document.body.dataset.ground = getComputedStyle(inner.documentElement).backgroundColor;
                  document.body.dataset.out = [...inner.querySelectorAll('main *')]
                    .filter(e => !e.closest('.scroll') && e.getBoundingClientRect().right > %2$d)
                    .map(e => e.tagName + ' in ' + e.parentElement.className + ' ' + e.textContent.slice(0, 30)).join('; ');
                  const shown = document.createElement('div');
                  shown.id = 'shown';
                  shown.innerHTML = inner.querySelector('main').outerHTML;
                  document.body.append(shown);
                }, 500));
                </script></body>
                """
                        .formatted(page.getFileName(), width));
        Path log = folder.resolve("browser.log");
        Path net = folder.resolve("net.json");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                browser,
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--hide-scrollbars",
                                "--allow-file-access-from-files",
                                "--virtual-time-budget=5000",
                                "--enable-logging=stderr",
                                "--user-data-dir=" + folder.resolve("profile"),
                                "--log-net-log=" + net,
                                "--window-size=1400,1000",
                                "--dump-dom"));
        if (dark) {
            command.add("--blink-settings=preferredColorScheme=0");
        }
        command.add(frame.toUri().toString());
        Path out = folder.resolve("page.html");
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(log.toFile())
                        .start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the browser ends");
        assertNoTrouble(Files.readString(log), Files.readString(net));
        return Jsoup.parse(Files.readString(out));
    }

    private static void assertNoTrouble(String log, String net) {
        assertFalse(log.contains("CONSOLE"), log);
        String ofPages = net.replace("\"initiator\":\"not an origin\"", ""); // the browser's own
        assertFalse(ofPages.contains("\"initiator\":"), "a page has asked for something");
    }

    @DataProvider
    Object[][] widths() {
        return new Object[][] {{1280, false}, {1280, true}, {390, false}, {390, true}};
    }

    /** The law of each page at each width, light and dark: all is drawn, and nothing sticks out. */
    @Test(dataProvider = "widths")
    public void chartsAreDrawnWithinThePage(int width, boolean dark) throws Exception {
        ReportPage.write(Runs.full(folder, Runs.HOSTILE), folder);
        Document page = shown(folder.resolve(ReportPage.PAGE), width, dark);
        assertEquals(
                page.body().attr("data-width"),
                Integer.toString(width),
                "sticks out: " + page.body().attr("data-out"));
        assertEquals(
                page.body().attr("data-ground"), dark ? "rgb(17, 21, 26)" : "rgb(255, 255, 255)");
        for (String chart : List.of("#timeline", "#waterfall", "#front")) {
            assertEquals(page.select(chart + " svg").size(), 1, chart);
            assertTrue(page.select(chart + " svg path").size() > 3, chart);
        }
        assertEquals(page.select("#histograms figure").size(), 3);
        assertEquals(page.select("#histograms svg").size(), 3);
        assertEquals(
                page.select("#histograms figcaption").get(0).text(),
                Runs.HOSTILE + ", 50.0 % zero");
    }

    @Test
    public void runsBesideEachOtherAreDrawn() throws Exception {
        ReportPage.write(Runs.full(folder, "made"), folder);
        Path page = folder.resolve("comparison.html");
        ComparisonPage.write(List.of(folder, folder), page);
        assertEquals(shown(page, 390, false).select("#front svg").size(), 1);
    }

    @Test
    public void aPageOfAlmostNothingIsShownToo() throws IOException, Exception {
        Path page = folder.resolve("almost.html");
        Files.writeString(
                page, ReportPage.html(RunReport.builder("m", Runs.report("accuracy")).build()));
        assertEquals(shown(page, 390, true).select("#timeline svg").size(), 1);
    }
}
