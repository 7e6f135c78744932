package dev.bonsai.gate;

import dev.bonsai.core.Levels;
import java.util.List;
import java.util.OptionalDouble;

/** Whose turn it is, and how far each technique has come. */
final class Turns {

    private final List<GateMachine.JudgedTechnique> techniques;
    private final double[] accepted;
    private int current;
    private OptionalDouble failed = OptionalDouble.empty();

    Turns(List<GateMachine.JudgedTechnique> techniques) {
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

    GateMachine.JudgedTechnique technique() {
        return techniques.get(current);
    }

    Levels levels() {
        return technique().levels();
    }

    /** Returns the accepted level of the technique whose turn it is. */
    double accepted() {
        return accepted[current];
    }

    double accepted(int technique) {
        return accepted[technique];
    }

    /** Returns the level to ask for; empty if there is none left that is worth a trial. */
    OptionalDouble nextLevel() {
        return failed.isPresent()
                ? levels().between(accepted(), failed.getAsDouble())
                : levels().next(accepted());
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
