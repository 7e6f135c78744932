package dev.bonsai.gate;

import dev.bonsai.core.Levels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Whose turn it is, and how far each technique has come.
 *
 * @param techniques the techniques in the order of their turns
 * @param earlier where they have been before
 * @param now what changes
 */
record Turns(List<JudgedTechnique> techniques, EarlierRun earlier, GateState.Turn now) {

    Turns {
        techniques = List.copyOf(techniques);
    }

    /** Returns the turns before the first step. */
    static Turns of(List<JudgedTechnique> techniques, EarlierRun earlier) {
        List<Double> starts = techniques.stream().map(t -> t.levels().start()).toList();
        return new Turns(
                techniques, earlier, new GateState.Turn(starts, 0, OptionalDouble.empty()));
    }

    boolean allDone() {
        return now.current() >= techniques.size();
    }

    /** Returns the index of the technique whose turn it is. */
    int index() {
        return now.current();
    }

    JudgedTechnique technique() {
        return techniques.get(now.current());
    }

    Levels levels() {
        return technique().levels();
    }

    /** Returns the accepted level of the technique whose turn it is. */
    double accepted() {
        return accepted(now.current());
    }

    double accepted(int technique) {
        return now.accepted().get(technique);
    }

    /** Returns the accepted level of each technique, by its name. */
    Map<String, Double> acceptedByName() {
        Map<String, Double> levels = new LinkedHashMap<>();
        for (int i = 0; i < techniques.size(); ++i) {
            levels.put(techniques.get(i).name(), accepted(i));
        }
        return levels;
    }

    /** Returns the level to ask for; empty if there is none left that is worth a trial. */
    OptionalDouble nextLevel() {
        if (now.failed().isPresent()) {
            return levels().between(accepted(), now.failed().getAsDouble());
        }
        OptionalDouble before =
                accepted() == levels().start()
                        ? earlier.level(technique())
                        : OptionalDouble.empty();
        return before.isPresent() ? before : levels().next(accepted());
    }

    Turns accept(double level) {
        List<Double> accepted = new ArrayList<>(now.accepted());
        accepted.set(now.current(), level);
        return at(new GateState.Turn(accepted, now.current(), OptionalDouble.empty()));
    }

    /** Has the next level lie below one that was undone. */
    Turns fail(double level) {
        return at(new GateState.Turn(now.accepted(), now.current(), OptionalDouble.of(level)));
    }

    /** Goes on to the next technique. */
    Turns end() {
        return at(new GateState.Turn(now.accepted(), now.current() + 1, OptionalDouble.empty()));
    }

    Turns at(GateState.Turn other) {
        return new Turns(techniques, earlier, other);
    }
}
