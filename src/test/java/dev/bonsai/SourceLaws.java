package dev.bonsai;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Laws of what the source of the main classes may call, checked on its text. */
final class SourceLaws {

    private static final Pattern FORMATTED =
            Pattern.compile(
                    "String\\s*\\.\\s*format\\s*\\(\\s*+(?!Locale\\s*\\.\\s*ROOT\\b)"
                            + "|\\.\\s*printf\\s*\\(\\s*+(?!Locale\\s*\\.\\s*ROOT\\b)"
                            + "|\\.\\s*formatted\\s*\\("
                            + "|new\\s+Formatter\\s*\\("
                            + "|\\.\\s*to(?:Lower|Upper)Case\\s*\\(\\s*\\)");

    /** Rooms whose files are read by others, who must never see half of one. */
    private static final Set<String> WHOLE_FILES =
            Set.of("cli", "command", "examples", "npy", "search", "recipe");

    private static final Pattern WRITING =
            Pattern.compile(
                    "Files\\s*\\.\\s*(?:write|writeString|newOutputStream|newBufferedWriter)\\s*\\("
                            + "|new\\s+(?:FileOutputStream|FileWriter)\\s*\\("
                            + "|new\\s+PrintWriter\\s*\\(\\s*+(?!Writer\\s*\\.\\s*nullWriter)");

    /** Rooms whose arrays may become constants of a gradient's graph. */
    private static final Set<String> IN_GRAPHS =
            Set.of(
                    "block",
                    "core",
                    "distillation",
                    "lowbit",
                    "pruning",
                    "quantization",
                    "regularization",
                    "sharing",
                    "variational");

    /** What makes arrays in those rooms for use outside of graphs, or is the one that may. */
    private static final Set<String> OUTSIDE_GRAPHS =
            Set.of("dev/bonsai/core/Tensors.java", "dev/bonsai/quantization/AffineQuantizer.java");

    /** An array made of Java's values: all but one of a shape alone. */
    private static final Pattern JAVA_MEMORY =
            Pattern.compile("\\.\\s*create\\s*\\(\\s*+(?!new\\s+Shape\\b|shape\\b|\\))");

    private SourceLaws() {}

    /**
     * Checks source files.
     *
     * @param sources the text of each file, by its path such as {@code dev/bonsai/core/Levels.java}
     * @return a line for each violation
     */
    static List<String> violations(Map<String, String> sources) {
        List<String> violations = new ArrayList<>();
        new TreeMap<>(sources)
                .forEach(
                        (path, text) -> {
                            String code = LayoutLaws.codeOf(text);
                            String room = LayoutLaws.slice(path.replace('/', '.'));
                            check(path, code, FORMATTED, "name Locale.ROOT", violations);
                            if (IN_GRAPHS.contains(room) && !OUTSIDE_GRAPHS.contains(path)) {
                                check(path, code, JAVA_MEMORY, "use Tensors.constant", violations);
                            }
                            if (WHOLE_FILES.contains(room)) {
                                check(path, code, WRITING, "use AtomicFile", violations);
                            }
                        });
        return violations;
    }

    private static void check(
            String path, String code, Pattern forbidden, String remedy, List<String> violations) {
        Matcher matcher = forbidden.matcher(code);
        while (matcher.find()) {
            String found = matcher.group().replaceAll("\\s", "");
            violations.add(path + " calls " + found + ": " + remedy);
        }
    }
}
