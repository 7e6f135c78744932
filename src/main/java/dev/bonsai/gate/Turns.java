package dev.bonsai.gate;

import dev.bonsai.core.Levels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Whose turn it is, and how far each technique has come. */
final class Turns {

    private final List<JudgedTechnique> techniques;
    private final double[] accepted;
    private int current;
    private final EarlierRun earlier;
    private OptionalDouble failed = OptionalDouble.empty();

    /**
     * @param earlier where the techniques have been before
     */
    Turns(List<JudgedTechnique> techniques, EarlierRun earlier) {
        this.earlier = earlier;
        this.techniques = List.copyOf(techniques);
        accepted = techniques.stream().mapToDouble(t -> t.levels().start()).toArray();
    }

    boolean allDone() {
        return current >= techniques.size();
    }

    /** Returns the index of the technique whose turn it is. */
    int index() {
        return current;
    }

    JudgedTechnique technique() {
        return techniques.get(current);
    }

    Levels levels() {
        return technique().levels();
    }

    /** Returns the accepted level of the technique whose turn it is. */
    double accepted() {
        return accepted[current];
    }

    /** Returns the accepted level of each technique, by its name. */
    Map<String, Double> acceptedByName() {
        Map<String, Double> levels = new LinkedHashMap<>();
        for (int i = 0; i < accepted.length; ++i) {
            levels.put(techniques.get(i).name(), accepted[i]);
        }
        return levels;
    }

    double accepted(int technique) {
        return accepted[technique];
    }

    /** Returns the level to ask for; empty if there is none left that is worth a trial. */
    OptionalDouble nextLevel() {
        if (failed.isPresent()) {
            return levels().between(accepted(), failed.getAsDouble());
        }
        OptionalDouble before =
                accepted() == levels().start()
                        ? earlier.level(technique())
                        : OptionalDouble.empty();
        return before.isPresent() ? before : levels().next(accepted());
    }

    void accept(double level) {
        accepted[current] = level;
        failed = OptionalDouble.empty();
    }

    /** Has the next level lie below one that was undone. */
    void fail(double level) {
        failed = OptionalDouble.of(level);
    }

    void end() {
        failed = OptionalDouble.empty();
        ++current;
    }
}
