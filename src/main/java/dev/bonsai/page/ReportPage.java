package dev.bonsai.page;

import com.google.gson.JsonObject;
import dev.bonsai.file.AtomicFile;
import dev.bonsai.library.OptionalLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes the page about a run. It is one file without scripts from elsewhere, fonts or pictures to
 * load: it opens from disk, on a phone too, and its tables can be read without scripts.
 *
 * <p>A browser draws the charts with Apache ECharts, which the page brings along: some 1 MB.
 */
public final class ReportPage {

    /** The name of the page. */
    public static final String PAGE = "report.html";

    /** The name of the file of numbers. */
    public static final String NUMBERS = "report.json";

    private static final String CHARTS = "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";

    private ReportPage() {}

    /**
     * Writes {@value #NUMBERS} and {@value #PAGE}, each whole or not at all.
     *
     * @param run what is known of the run
     * @param folder where to; it is there
     * @throws IOException if a file can't be written
     * @throws IllegalStateException if jte or ECharts is not on the class path; the numbers are
     *     written all the same
     */
    public static void write(RunReport run, Path folder) throws IOException {
        JsonObject json = ReportJson.of(run);
        AtomicFile.replace(
                folder.resolve(NUMBERS),
                (ReportJson.GSON.toJson(json) + "\n").getBytes(StandardCharsets.UTF_8));
        AtomicFile.replace(folder.resolve(PAGE), html(run).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the page about a run.
     *
     * @param run what is known of the run
     * @return a document in HTML
     * @throws IllegalStateException if jte or ECharts is not on the class path
     */
    public static String html(RunReport run) {
        return render("run.jte", Map.of("run", run, "data", inScript(ReportJson.of(run))));
    }

    /** Fills a template of this package. */
    static String render(String template, Map<String, Object> values) {
        OptionalLibrary.TEMPLATES.need();
        OptionalLibrary.BROWSER_CHARTS.need();
        return Templates.fill(template, values);
    }

    /** Gson writes the characters that could end a script, such as {@code <}, as escapes. */
    static String inScript(JsonObject json) {
        return ReportJson.GSON.toJson(json);
    }

    /** Returns the style sheet. */
    static String style() {
        return resource("page.css");
    }

    /** Returns what draws the charts. */
    static List<String> scripts() {
        return List.of(resource(CHARTS), resource("page.js"));
    }

    private static String resource(String name) {
        try (InputStream in =
                Objects.requireNonNull(ReportPage.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
