package dev.bonsai.page;

import com.google.gson.JsonObject;
import dev.bonsai.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes one page about a search: what was tried, and what no other trial is better than. */
public final class SearchPage {

    private SearchPage() {}

    /**
     * Writes the page.
     *
     * @param title which model on which data, and the goal
     * @param metric the name of the metric
     * @param trials the trials that came to an end, in the order in which they ran
     * @param page the file to write
     * @throws IOException if it can't be written
     */
    public static void write(String title, String metric, List<FrontPoint> trials, Path page)
            throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("metric", metric);
        json.add("front", ReportJson.GSON.toJsonTree(trials));
        String html =
                ReportPage.render(
                        "search.jte",
                        Map.of(
                                "title", title,
                                "metric", metric,
                                "trials", trials,
                                "data", ReportPage.inScript(json)));
        AtomicFile.replace(page, html.getBytes(StandardCharsets.UTF_8));
    }
}
