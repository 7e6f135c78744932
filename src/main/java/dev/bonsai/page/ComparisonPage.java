package dev.bonsai.page;

import com.google.gson.JsonObject;
import dev.bonsai.file.AtomicFile;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes one page that shows several runs beside each other. */
public final class ComparisonPage {

    private ComparisonPage() {}

    /**
     * Reads the reports of runs and writes the page.
     *
     * @param reports files such as {@code report.json}, or the folders that they lie in; at least
     *     one
     * @param page the file to write
     * @throws ReportFormatException if a file is no report
     * @throws IOException if a file can't be read or written
     */
    public static void write(List<Path> reports, Path page) throws IOException {
        if (reports.isEmpty()) {
            throw new IllegalArgumentException(
                    "A comparison is of at least 1 report, but got none");
        }
        List<RunSummary> runs = new ArrayList<>();
        for (Path report : reports) {
            runs.add(RunSummary.read(report));
        }
        Path folder = page.toAbsolutePath().getParent();
        String html =
                ReportPage.render(
                        "compare.jte",
                        Map.of(
                                "runs",
                                runs,
                                "folder",
                                folder,
                                "data",
                                ReportPage.inScript(data(runs))));
        AtomicFile.replace(page, html.getBytes(StandardCharsets.UTF_8));
    }

    /** The runs as points, for the chart that a search has. */
    private static JsonObject data(List<RunSummary> runs) {
        List<FrontPoint> points = new ArrayList<>();
        for (RunSummary run : runs) {
            if (run.compressed().bytes() > 0) {
                points.add(
                        new FrontPoint(
                                name(run),
                                run.compressed().bytes(),
                                run.compressed().metric(),
                                false,
                                false));
            }
        }
        JsonObject json = new JsonObject();
        boolean same = runs.stream().map(RunSummary::metric).distinct().count() == 1;
        json.addProperty("metric", same ? runs.get(0).metric() : "metric");
        json.add("front", ReportJson.GSON.toJsonTree(points));
        return json;
    }

    /** Returns what tells a run from others of the same title: its folder. */
    static String name(RunSummary run) {
        Path folder = run.file().toAbsolutePath().normalize().getParent();
        return folder == null || folder.getFileName() == null
                ? run.file().toString()
                : folder.getFileName().toString();
    }

    /** Returns where the page of a run lies, as seen from this one; blank if there is none. */
    static String link(RunSummary run, Path folder) {
        return run.page().map(page -> link(page.toAbsolutePath(), folder)).orElse("");
    }

    private static String link(Path page, Path folder) {
        if (!page.getRoot().equals(folder.getRoot())) { // another drive
            return page.toUri().toString();
        }
        StringBuilder link = new StringBuilder();
        for (Path part : folder.relativize(page)) {
            String name = URLEncoder.encode(part.toString(), StandardCharsets.UTF_8);
            link.append(link.isEmpty() ? "" : "/").append(name.replace("+", "%20"));
        }
        return link.toString();
    }
}
