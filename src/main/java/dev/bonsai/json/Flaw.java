package dev.bonsai.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One thing that is wrong with the JSON of a record.
 *
 * @param path where: the names of members and the numbers, from 0, of items of lists
 * @param part whether the name or the value of the last member is wrong
 * @param message what is wrong, and what was expected
 * @param choice the name that is not known, and those that are; empty where it is not about a name
 */
public record Flaw(List<Object> path, Part part, String message, Optional<Choice> choice) {

    /** What of a member is wrong. */
    public enum Part {
        /** Its name. */
        NAME,
        /** Its value, or that of the whole object where the path is empty. */
        VALUE
    }

    /**
     * A name where one of several is expected.
     *
     * @param found the name that was found
     * @param known those that are known
     */
    public record Choice(String found, List<String> known) {

        /** Copies the list. */
        public Choice {
            known = List.copyOf(known);
        }
    }

    /** Copies the path. */
    public Flaw {
        path = List.copyOf(path);
    }

    /**
     * Says that a value is wrong.
     *
     * @param message what is wrong, and what was expected
     * @return a flaw of a whole value
     */
    public static Flaw of(String message) {
        return new Flaw(List.of(), Part.VALUE, message, Optional.empty());
    }

    /**
     * Says that a value is none of several.
     *
     * @param message what is wrong, and what was expected
     * @param choice what was found, and what is known
     * @return a flaw of a whole value
     */
    public static Flaw of(String message, Choice choice) {
        return new Flaw(List.of(), Part.VALUE, message, Optional.of(choice));
    }

    /** Says that the name of a member is not known. */
    static Flaw ofName(String name, String message, List<String> known) {
        return new Flaw(List.of(name), Part.NAME, message, Optional.of(new Choice(name, known)));
    }

    /**
     * Returns the same flaw, seen from further out.
     *
     * @param step the name of the member, or the number of the item, that has the flaw
     * @return the flaw
     */
    public Flaw in(Object step) {
        List<Object> longer = new ArrayList<>(path);
        longer.add(0, step);
        return new Flaw(longer, part, message, choice);
    }

    /** Such as {@code ownBits[0]: A width of ...}; a wrong name stands in the message itself. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        List<Object> steps = part == Part.NAME ? path.subList(0, path.size() - 1) : path;
        for (Object step : steps) {
            boolean item = step instanceof Integer;
            text.append(item ? "[" + step + "]" : (text.isEmpty() ? "" : ".") + step);
        }
        return text.isEmpty() ? message : text + ": " + message;
    }
}
