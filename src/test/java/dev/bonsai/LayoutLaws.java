package dev.bonsai;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The laws of the layout, checked on the text of source files. */
final class LayoutLaws {

    private static final int MAX_LINES = 400;
    private static final String ROOT = "";
    private static final String EXAMPLES = "examples";
    private static final String CLI = "cli";

    /**
     * What all commands of a command line have, which knows what the exceptions are that it shows.
     */
    private static final String COMMAND = "command";

    private static final String RECIPE = "recipe";
    private static final String KERNEL = "kernel";
    private static final String REPORT = "report";

    /** Packages that several others share, and that are no slice. */
    private static final Set<String> SHARED =
            Set.of(
                    "activation",
                    "checkpoint",
                    "core",
                    "encoding",
                    "entropy",
                    "gate",
                    "file",
                    "graph",
                    "json",
                    "library",
                    "report",
                    "rewrite",
                    "runtime",
                    "statistics",
                    "text",
                    "thinning");

    /** What those that put any technique to work know; a technique they don't. */
    private static final Set<String> KNOWN_TO_KERNEL =
            Set.of(
                    "activation",
                    "checkpoint",
                    "core",
                    "encoding",
                    "gate",
                    "graph",
                    "file",
                    "json",
                    "report",
                    "text",
                    "trace",
                    "block",
                    "distillation",
                    "thinning");

    /** The values of the report; the rest of its package draws them. */
    private static final Set<String> REPORTED =
            Set.of(
                    "CompressionReport",
                    "EpochSummary",
                    "ModelSize",
                    "NetworkCost",
                    "RunEnvironment",
                    "SensitivityReport",
                    "TrainingTime",
                    "WeightReport");

    /** What a package knows of the others where that is a short list. */
    private static final Map<String, Set<String>> KNOWS =
            Map.ofEntries(
                    Map.entry("text", Set.of()),
                    Map.entry("library", Set.of()),
                    Map.entry("encoding", Set.of()),
                    Map.entry("graph", Set.of("encoding")),
                    Map.entry("core", Set.of("encoding", "graph", "text")),
                    Map.entry("entropy", Set.of("encoding")),
                    Map.entry("file", Set.of("encoding", "entropy", "graph", "text")),
                    Map.entry("json", Set.of("core")),
                    Map.entry("checkpoint", Set.of("core", "encoding", "file", "json", "text")),
                    Map.entry("runtime", Set.of("encoding", "graph", "file")),
                    Map.entry("rewrite", Set.of("encoding", "graph", "runtime")),
                    Map.entry("activation", Set.of("encoding", "graph", "rewrite", "file", "text")),
                    Map.entry("block", Set.of("encoding", "graph", "core", "statistics")),
                    Map.entry("trace", Set.of("block", "core", "encoding", "graph")),
                    Map.entry("gate", Set.of("core", "statistics", "text")),
                    Map.entry("statistics", Set.of()),
                    Map.entry("thinning", Set.of("encoding", "graph", "text")),
                    Map.entry("tensorboard", Set.of(ROOT, "core", "gate", "library", "report")),
                    Map.entry("search", Set.of("text")),
                    Map.entry("spark", Set.of("search")),
                    Map.entry(
                            "page",
                            Set.of(
                                    "encoding",
                                    "file",
                                    "gate",
                                    "graph",
                                    "library",
                                    "report",
                                    "text",
                                    "thinning")),
                    Map.entry("npy", Set.of("encoding", "file")),
                    Map.entry(
                            COMMAND,
                            Set.of(
                                    "file", "graph", "npy", "onnx", "page", "qr", "recipe",
                                    "report", "search")),
                    Map.entry("qr", Set.of("file", "library")));

    private static final Set<String> WITHOUT_DJL =
            Set.of(
                    "activation",
                    "text",
                    "encoding",
                    "entropy",
                    "graph",
                    "file",
                    "library",
                    "npy",
                    "qr",
                    "runtime",
                    "rewrite",
                    "search",
                    "spark",
                    "statistics",
                    "thinning");

    private static final Pattern NOT_CODE =
            Pattern.compile(
                    "\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*+\"|'(?:\\\\.|[^'\\\\\n])*+'"
                            + "|//[^\n]*|/\\*.*?\\*/|^package [^;]*;",
                    Pattern.DOTALL | Pattern.MULTILINE);

    private static final Pattern REFERENCE =
            Pattern.compile("\\b(?:dev\\s*\\.\\s*bonsai|ai\\s*\\.\\s*djl)(?:\\s*\\.\\s*\\w+)*");

    private LayoutLaws() {}

    /**
     * Checks source files.
     *
     * @param sources the text of each file, by its path such as {@code dev/bonsai/core/Levels.java}
     * @return a line for each violation
     */
    static List<String> violations(Map<String, String> sources) {
        List<String> violations = new ArrayList<>();
        Set<String> folders = new TreeSet<>();
        new TreeMap<>(sources)
                .forEach(
                        (path, text) -> {
                            folders.add(path.substring(0, path.lastIndexOf('/')));
                            checkReferences(path, text, violations);
                            long lines = text.lines().count();
                            if (lines > MAX_LINES) {
                                violations.add(
                                        String.format(
                                                "%s has %d lines, more than %d: divide it",
                                                path, lines, MAX_LINES));
                            }
                        });
        for (String folder : folders) {
            if (!sources.containsKey(folder + "/package-info.java")) {
                violations.add(folder + " has no package-info.java: say what the package is for");
            }
        }
        return violations;
    }

    /** Returns a source without comments, and with a space in place of each text. */
    static String codeOf(String text) {
        return NOT_CODE.matcher(text).replaceAll(" ");
    }

    private static void checkReferences(String path, String text, List<String> violations) {
        String from = slice(path.replace('/', '.'));
        Matcher matcher = REFERENCE.matcher(codeOf(text));
        Set<String> seen = new TreeSet<>();
        while (matcher.find()) {
            String reference = matcher.group().replaceAll("\\s", "");
            if (seen.add(reference)) {
                String law = broken(from, reference);
                if (!law.isEmpty()) {
                    violations.add(path + " imports " + reference + ": " + law);
                }
            }
        }
    }

    /** Returns the law that a reference breaks; empty if none. */
    private static String broken(String from, String reference) {
        if (reference.startsWith("ai.djl")) {
            return WITHOUT_DJL.contains(from) ? from + " does without DJL" : "";
        }
        String to = slice(reference);
        if (to.equals(from)) {
            return "";
        }
        if (KNOWS.containsKey(from)) {
            Set<String> known = KNOWS.get(from);
            return known.contains(to)
                    ? ""
                    : from
                            + " knows "
                            + (known.isEmpty()
                                    ? "no other package"
                                    : new TreeSet<>(known) + " only");
        }
        if (to.equals(CLI)) {
            return "nothing is built on the command line";
        }
        if (to.equals(EXAMPLES)) {
            return from.equals(CLI) ? "" : "examples are for reading, nothing is built on them";
        }
        if (to.equals(KERNEL)) {
            return from.equals(ROOT) ? "" : "the kernel is used by the root package alone";
        }
        if (from.equals(ROOT) || (from.equals(KERNEL) && !to.equals(ROOT))) {
            return brokenByKernel(to, reference);
        }
        if (from.equals(EXAMPLES) || from.equals(CLI)) {
            return "";
        }
        if (to.equals(COMMAND)) {
            return "only commands know what commands have";
        }
        if (to.equals(RECIPE)) {
            return "a recipe is made of techniques, which know of none";
        }
        if (from.equals(RECIPE)) {
            return "";
        }
        if (to.equals(ROOT)) {
            // a report is drawn from the outside
            return from.equals(REPORT) ? "" : "only examples and report know the root package";
        }
        return SHARED.contains(to) || SHARED.contains(from) ? "" : "a slice knows no other slice";
    }

    private static String brokenByKernel(String to, String reference) {
        if (!KNOWN_TO_KERNEL.contains(to)) {
            return "root and kernel work with any technique, and know "
                    + KNOWN_TO_KERNEL.stream().sorted().toList()
                    + " only";
        }
        String[] parts = reference.split("\\.", -1);
        boolean drawing = to.equals(REPORT) && (parts.length < 4 || !REPORTED.contains(parts[3]));
        return drawing ? "root and kernel know the values of a report, not how it is drawn" : "";
    }

    /** Returns the package right below the root that a name lies in; empty for the root itself. */
    static String slice(String name) {
        String[] parts = name.split("\\.", -1);
        boolean below = parts.length > 2 && Character.isLowerCase(parts[2].charAt(0));
        return below && !parts[2].equals("package-info") ? parts[2] : ROOT;
    }
}
