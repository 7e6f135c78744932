package dev.bonsai.recipe;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** Says all that is wrong with a recipe, and where in the file. */
public final class RecipeException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    private final transient List<Mistake> mistakes;

    /**
     * One thing that is wrong.
     *
     * @param line the line in the file, from 1; 0 where there is no file, as when a recipe is
     *     written
     * @param column the column in the line, from 1; 0 where there is no file
     * @param message what was found and what was expected
     */
    public record Mistake(int line, int column, String message) {}

    RecipeException(String file, List<Mistake> mistakes) {
        super(
                mistakes.stream()
                        .map(mistake -> place(file, mistake) + mistake.message())
                        .collect(Collectors.joining(System.lineSeparator())));
        this.mistakes = List.copyOf(mistakes);
    }

    private static String place(String file, Mistake mistake) {
        return mistake.line() == 0
                ? ""
                : file + ":" + mistake.line() + ":" + mistake.column() + ": ";
    }

    /**
     * Returns what is wrong.
     *
     * @return the mistakes, in the order of the file
     */
    public List<Mistake> getMistakes() {
        return mistakes;
    }
}
