package dev.bonsai.search;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Leads a plan through what the journal holds: results, in the order in which they came, and for a
 * plan that follows the order of results also when each trial was asked for.
 */
final class Replay {

    private final TrialPlan plan;
    private final Map<Integer, Assignment> withoutResult = new TreeMap<>();

    Replay(TrialPlan plan) {
        this.plan = plan;
    }

    /**
     * Takes a line of the journal.
     *
     * @param where the file and the number of the line, for messages
     * @return the trial, if the line is that of a result
     * @throws JournalException if the search would not have written this line
     */
    Optional<SearchTrial> take(JsonObject line, String where) throws IOException {
        if (plan.followsOrder() && line.has(Assignment.ASKED)) {
            Assignment asked = expect(plan.next(), line, Assignment.ASKED, where);
            withoutResult.put(asked.number(), asked);
            return Optional.empty();
        }
        Assignment of = expect(find(number(line)), line, Assignment.TRIAL, where);
        withoutResult.remove(of.number());
        SearchTrial trial = read(of, line, where);
        plan.add(trial);
        return Optional.of(trial);
    }

    /** Returns 0, which no trial has, if there is none. */
    private static int number(JsonObject line) {
        try {
            return line.get(Assignment.TRIAL).getAsInt();
        } catch (RuntimeException e) { // it is missing or of another type
            return 0;
        }
    }

    /** Returns a trial without a result; if there is no such number, the one that it would be. */
    private Optional<Assignment> find(int number) {
        Optional<Assignment> found = Optional.ofNullable(withoutResult.get(number));
        Optional<Assignment> next = Optional.empty();
        while (found.isEmpty() && !plan.followsOrder()) {
            next = plan.next();
            if (next.isEmpty()) {
                break;
            }
            withoutResult.put(next.get().number(), next.get());
            found = next.filter(assignment -> assignment.number() >= number);
        }
        return found.or(() -> withoutResult.values().stream().findFirst());
    }

    private static Assignment expect(
            Optional<Assignment> expected, JsonObject line, String number, String where)
            throws IOException {
        for (String name : List.of(number, Assignment.STRATEGY, Assignment.EFFORT)) {
            String wanted =
                    expected.map(a -> a.toJson(number).get(name)).map(Object::toString).orElse("");
            String found = String.valueOf(line.get(name));
            if (!found.equals(wanted)) {
                throw JournalLine.damaged(
                        where,
                        String.format(
                                Locale.ROOT,
                                "expected %s, but its %s is %s",
                                expected.map(Object::toString).orElse("no further trial"),
                                name,
                                found));
            }
        }
        return expected.orElseThrow();
    }

    private static SearchTrial read(Assignment of, JsonObject line, String where)
            throws IOException {
        try {
            return SearchTrial.fromJson(of, line);
        } catch (RuntimeException e) { // a missing member, or a value of another type
            throw JournalLine.damaged(where, e.toString());
        }
    }

    /** Returns what was asked for and has no result, by number. */
    List<Assignment> withoutResult() {
        return List.copyOf(withoutResult.values());
    }
}
