package dev.bonsai.file;

import dev.bonsai.encoding.NamedWeight.Role;
import java.util.function.Supplier;

/** Charges what was read of a file to the weight and the section that it belongs to. */
final class Account {

    private final Tally tally;
    private final Supplier<Length> read;
    private Length charged;

    /**
     * @param tally where it is added up
     * @param read tells how much was read so far
     */
    Account(Tally tally, Supplier<Length> read) {
        this.tally = tally;
        this.read = read;
        charged = read.get();
    }

    /** Charges what was read since the last time to the current weight. */
    void charge(Role role, Section section) {
        tally.add(role, section, next());
    }

    /** Charges what was read since the last time to no weight. */
    void charge(Section section) {
        tally.add(section, next());
    }

    private Length next() {
        Length now = read.get();
        Length next = now.minus(charged);
        charged = now;
        return next;
    }
}
