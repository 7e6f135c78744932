package dev.bonsai.recipe;

import dev.bonsai.json.Flaw;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The name that was perhaps meant. */
final class Suggestion {

    /** So many letters of a name may be wrong: one in three. */
    private static final int LETTERS = 3;

    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

    private Suggestion() {}

    /** Returns what is added to a message; nothing where no name is near. */
    static String of(Flaw flaw) {
        return flaw.choice()
                .flatMap(choice -> nearest(choice.found(), choice.known()))
                .map(name -> ". Did you mean '" + name + "'?")
                .orElse("");
    }

    /** Returns the nearest of several names, the first of those that are as near. */
    static Optional<String> nearest(String found, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(name -> distance(found, name)))
                .filter(name -> distance(found, name) <= Math.max(1, name.length() / LETTERS));
    }

    private static int distance(String a, String b) {
        return DISTANCE.apply(a.toLowerCase(Locale.ROOT), b.toLowerCase(Locale.ROOT));
    }
}
