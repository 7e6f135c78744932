package dev.bonsai.trace;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** What a pass does that a graph has no words for: all of it goes into one error. */
final class Missing {

    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final Map<String, Caller> callers = new LinkedHashMap<>();

    void add(String what, Caller caller) {
        counts.merge(what, 1, Integer::sum);
        callers.putIfAbsent(what, caller);
    }

    void check() {
        if (counts.isEmpty()) {
            return;
        }
        StringJoiner all = new StringJoiner("; ");
        counts.forEach(
                (what, count) ->
                        all.add(
                                what
                                        + ", "
                                        + count
                                        + (count == 1 ? " time" : " times")
                                        + " ("
                                        + callers.get(what)
                                        + ")"));
        throw new TraceException(
                "A graph has no words for these operators: "
                        + all
                        + ". Say them by others, or leave them out of what is traced");
    }
}
