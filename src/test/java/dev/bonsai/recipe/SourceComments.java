package dev.bonsai.recipe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the comment of a record says of it and of its components. */
final class SourceComments {

    private static final Pattern TAG =
            Pattern.compile("@param (\\w+) (.*?)(?=@param|@throws|$)", Pattern.DOTALL);
    private static final Pattern INLINE =
            Pattern.compile("\\{@(?:link|code)\\s+(?:[\\w.]*\\.)?#?([^}]*)\\}", Pattern.DOTALL);

    private final String text;
    private final Map<String, String> components = new LinkedHashMap<>();

    private SourceComments(String comment) {
        String plain = comment.replaceAll("(?m)^ *\\* ?", "").replaceAll("\\s+", " ");
        text = sentence(plain.replaceAll("(<p>|<pre>|@param).*", ""));
        Matcher tags = TAG.matcher(plain);
        while (tags.find()) {
            components.put(tags.group(1), sentence(tags.group(2)));
        }
    }

    static SourceComments of(Class<?> type) {
        Class<?> top = type;
        while (top.getEnclosingClass() != null) {
            top = top.getEnclosingClass();
        }
        Path file = Path.of("src", "main", "java", top.getName().replace('.', '/') + ".java");
        try {
            String source = Files.readString(file);
            int record = source.indexOf("record " + type.getSimpleName() + "(");
            int begin = source.lastIndexOf("/**", record);
            return new SourceComments(source.substring(begin + 3, source.indexOf("*/", begin)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sentence(String comment) {
        String plain = INLINE.matcher(comment).replaceAll("$1").strip();
        plain = plain.replace("#", ".");
        return plain.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + plain.substring(1);
    }

    String ofRecord() {
        return text;
    }

    /** Returns what is said of a component, which is never nothing. */
    String of(String component) {
        if (!components.containsKey(component)) {
            throw new IllegalStateException("No comment says what " + component + " is");
        }
        return components.get(component);
    }
}
