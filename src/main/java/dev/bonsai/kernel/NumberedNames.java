package dev.bonsai.kernel;

import java.util.HashSet;
import java.util.Set;

/** Tells things of one name apart: the second "pruning" is "pruning (2)". */
final class NumberedNames {

    private final Set<String> given = new HashSet<>();

    /** Returns a name that this has not returned before: the name itself, or with a number. */
    String next(String name) {
        String unique = name;
        for (int number = 2; !given.add(unique); ++number) {
            unique = name + " (" + number + ")";
        }
        return unique;
    }
}
