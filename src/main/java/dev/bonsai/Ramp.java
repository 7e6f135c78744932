package dev.bonsai;

import dev.bonsai.core.Refresh;
import dev.bonsai.core.Technique;
import java.util.List;

/**
 * Works out states anew while an epoch is trained and between two epochs, and takes a technique on
 * trial to its level part by part.
 */
final class Ramp {

    private final List<Technique> techniques;
    private final Candidates candidates;
    private int climbing = -1;
    private double from;
    private double to;
    private int part;
    private int epoch;

    Ramp(List<Technique> techniques, Candidates candidates) {
        this.techniques = techniques;
        this.candidates = candidates;
    }

    /** Returns the plan with which the way to a level begins. */
    Plan begin(int technique, double level, Plan current) {
        climbing = technique;
        from = levelOf(technique, current);
        to = level;
        part = 1;
        double first = techniques.get(technique).getRefresh().level(from, to, part);
        return candidates.planAt(technique, first, current);
    }

    /**
     * Returns the plan that the next training step goes by.
     *
     * @param step the number of training steps so far
     */
    Plan after(long step, Plan current) {
        Plan plan = current;
        for (int i = 0; i < techniques.size(); ++i) {
            if (isDue(i, Refresh.Unit.STEP, step, current)) {
                Refresh refresh = techniques.get(i).getRefresh();
                double next = i == climbing ? refresh.level(from, to, ++part) : levelOf(i, current);
                plan = candidates.refreshed(i, next, plan);
            }
        }
        return plan;
    }

    /**
     * Returns the plan that an epoch begins with; the technique whose level has only just been
     * proposed has no need of a refresh.
     *
     * @param ended the number of epochs so far; nothing is done the second time
     */
    Plan afterEpoch(int ended, Plan current) {
        if (ended == epoch) {
            return current;
        }
        epoch = ended;
        Plan plan = current;
        for (int i = 0; i < techniques.size(); ++i) {
            if (i != climbing && isDue(i, Refresh.Unit.EPOCH, ended, current)) {
                plan = candidates.refreshed(i, levelOf(i, current), plan);
            }
        }
        return plan;
    }

    private boolean isDue(int technique, Refresh.Unit unit, long count, Plan current) {
        boolean active =
                levelOf(technique, current) != techniques.get(technique).getLevels().start();
        return active && techniques.get(technique).getRefresh().isDue(unit, count);
    }

    private static double levelOf(int technique, Plan plan) {
        return plan.states().get(technique).level();
    }

    /** Returns the plan at the end of an epoch, when a level under trial must be reached. */
    Plan end(Plan current) {
        int technique = climbing;
        climbing = -1;
        return technique < 0 || levelOf(technique, current) == to
                ? current
                : candidates.refreshed(technique, to, current);
    }

    /** Gives up whatever is under way. */
    void abandon() {
        climbing = -1;
    }
}
