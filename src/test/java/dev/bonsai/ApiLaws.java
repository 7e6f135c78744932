package dev.bonsai;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the public packages say of themselves, checked on the text of source files. */
final class ApiLaws {

    private static final Pattern PUBLIC_TYPE =
            Pattern.compile(
                    "^public (?:(?:final|sealed|non-sealed|abstract|static) )*"
                            + "(?:class|interface|record|enum|@interface) ",
                    Pattern.MULTILINE);

    private static final Pattern STABILITY =
            Pattern.compile("<p>Stability: (stable|may change|internal)\\b[^.]*\\.");

    /** A comment and the declaration behind it, to its body or its end. */
    private static final Pattern DOCUMENTED =
            Pattern.compile(
                    "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*"
                            + "((?:@(?!Nullable)\\w+(?:\\([^)]*\\))?\\s+)*[^;{]*)[;{]",
                    Pattern.DOTALL);

    private static final Pattern SEEN_BY_USERS =
            Pattern.compile("^(?:@\\w+\\s+)*(?:public|protected)\\b");

    /** A tag of a comment that tells of null as a value. */
    private static final Pattern TOLD =
            Pattern.compile("@(?:param|return)\\b(?:(?!\\n\\s*\\*\\s*@)[\\s\\S])*?\\bnull\\b");

    private ApiLaws() {}

    /**
     * Returns the stability that each package with a public type tells of itself.
     *
     * @param sources the text of each file, by its path
     * @return by the name of the package; empty text for one that tells none, or several
     */
    static Map<String, String> stability(Map<String, String> sources) {
        Map<String, String> told = new TreeMap<>();
        sources.forEach(
                (path, text) -> {
                    if (PUBLIC_TYPE.matcher(text).find()) {
                        String folder = path.substring(0, path.lastIndexOf('/'));
                        String info = sources.getOrDefault(folder + "/package-info.java", "");
                        List<String> found =
                                STABILITY.matcher(info).results().map(r -> r.group(1)).toList();
                        told.put(folder.replace('/', '.'), found.size() == 1 ? found.get(0) : "");
                    }
                });
        return told;
    }

    /**
     * Finds members that users see and whose comment tells of null where the declaration does not
     * say {@code @Nullable}, or the other way round.
     *
     * @param sources the text of each file, by its path
     * @return a line for each
     */
    static List<String> untoldNulls(Map<String, String> sources) {
        List<String> violations = new ArrayList<>();
        new TreeMap<>(sources)
                .forEach(
                        (path, text) -> {
                            if (PUBLIC_TYPE.matcher(text).find()) {
                                check(path, text, violations);
                            }
                        });
        return violations;
    }

    private static void check(String path, String text, List<String> violations) {
        boolean ofInterface = text.contains("\npublic interface ");
        Matcher matcher = DOCUMENTED.matcher(text);
        while (matcher.find()) {
            String declaration = matcher.group(2).strip();
            if (!ofInterface && !SEEN_BY_USERS.matcher(declaration).find()) {
                continue;
            }
            boolean told = TOLD.matcher(matcher.group(1)).find();
            if (told != declaration.contains("@Nullable")) {
                violations.add(
                        String.format(
                                Locale.ROOT,
                                "%s: %s: %s",
                                path,
                                declaration.replaceAll("\\s+", " "),
                                told
                                        ? "null may be here, so write @Nullable"
                                        : "say when null may be here"));
            }
        }
    }
}
