package dev.bonsai.report;

import java.util.List;
import java.util.Locale;

/**
 * A table in HTML that brings its own style, because a notebook keeps no style sheets. On a narrow
 * page long names are broken, and what is still too wide can be scrolled within the table.
 */
final class HtmlTable {

    private static final String LEFT = "text-align:left;padding:2px 10px 2px 0;vertical-align:top";
    private static final String RIGHT =
            "text-align:right;padding:2px 10px 2px 0;vertical-align:top;white-space:nowrap;"
                    + "font-variant-numeric:tabular-nums";

    private final StringBuilder html = new StringBuilder();
    private final List<String> titles;

    /**
     * @param caption what the table shows
     * @param titles the columns' titles; those that begin with # are of numbers, aligned right
     */
    HtmlTable(String caption, List<String> titles) {
        this.titles = titles;
        html.append("<div style=\"overflow-x:auto;max-width:100%\">\n");
        html.append("<table style=\"border-collapse:collapse;margin:0.5em 0 1em 0\">\n");
        html.append("<caption style=\"text-align:left;font-weight:bold;padding:4px 0\">")
                .append(escape(caption))
                .append("</caption>\n");
        List<String> shown =
                titles.stream().map(t -> escape(t.startsWith("#") ? t.substring(1) : t)).toList();
        row("th", "border-bottom:1px solid #888;", shown);
    }

    /** Appends a row of cells that are HTML already. */
    void row(List<String> cells) {
        row("td", "", cells);
    }

    /** Appends a row under a line. */
    void lastRow(List<String> cells) {
        row("td", "border-top:1px solid #888;", cells);
    }

    private void row(String element, String style, List<String> cells) {
        html.append("<tr>");
        for (int i = 0; i < titles.size(); ++i) {
            String align = titles.get(i).startsWith("#") ? RIGHT : LEFT;
            html.append(
                    String.format(
                            Locale.ROOT,
                            "<%s style=\"%s%s\">%s</%s>",
                            element,
                            style,
                            align,
                            cells.get(i),
                            element));
        }
        html.append("</tr>\n");
    }

    @Override
    public String toString() {
        return html + "</table>\n</div>\n";
    }

    static String code(String text) {
        return "<code style=\"display:inline-block;min-width:8em;overflow-wrap:anywhere\">"
                + escape(text)
                + "</code>";
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
