package dev.bonsai.json;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** Says all that is wrong with the JSON of a record. */
public final class RecordException extends IllegalArgumentException {

    @Serial private static final long serialVersionUID = 1;

    private final transient List<Flaw> flaws;
    private final transient JsonElement partial;

    /**
     * Constructs the exception.
     *
     * @param flaws what is wrong, at least one
     */
    public RecordException(List<Flaw> flaws) {
        this(flaws, JsonNull.INSTANCE);
    }

    /**
     * Constructs the exception of what was written but in part.
     *
     * @param flaws what can't be written, at least one
     * @param partial all that can, with a {@link JsonNull} in place of what can't
     */
    public RecordException(List<Flaw> flaws, JsonElement partial) {
        super(flaws.stream().map(Flaw::toString).collect(Collectors.joining("; ")));
        this.flaws = List.copyOf(flaws);
        this.partial = partial;
    }

    RecordException(Flaw flaw, Throwable cause) {
        this(List.of(flaw));
        initCause(cause);
    }

    /**
     * Returns what is wrong.
     *
     * @return the flaws in the order of the record's components
     */
    public List<Flaw> getFlaws() {
        return flaws;
    }

    /**
     * Returns what could be written.
     *
     * @return the JSON, in which a {@link JsonNull} stands for each flaw
     */
    public JsonElement getPartial() {
        return partial;
    }

    /**
     * Returns the flaws, seen from further out.
     *
     * @param step the name of the member, or the number of the item, that has them
     * @return the flaws
     */
    public List<Flaw> in(Object step) {
        return flaws.stream().map(flaw -> flaw.in(step)).toList();
    }
}
