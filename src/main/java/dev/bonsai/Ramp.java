package dev.bonsai;

import dev.bonsai.core.Refresh;
import dev.bonsai.core.Technique;
import java.util.List;

/**
 * Works out states anew while an epoch is trained, and takes a technique on trial to its level part
 * by part.
 */
final class Ramp {

    private final List<Technique> techniques;
    private final Candidates candidates;
    private int climbing = -1;
    private double from;
    private double to;
    private int part;

    Ramp(List<Technique> techniques, Candidates candidates) {
        this.techniques = techniques;
        this.candidates = candidates;
    }

    /** Returns the plan with which the way to a level begins. */
    Plan begin(int technique, double level, Plan current) {
        climbing = technique;
        from = current.states().get(technique).level();
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
            Refresh refresh = techniques.get(i).getRefresh();
            double level = current.states().get(i).level();
            boolean active = level != techniques.get(i).getLevels().start();
            if (active && refresh.interval() > 0 && step % refresh.interval() == 0) {
                double next = i == climbing ? refresh.level(from, to, ++part) : level;
                plan = candidates.refreshed(i, next, plan);
            }
        }
        return plan;
    }

    /** Returns the plan at the end of an epoch, when a level under trial must be reached. */
    Plan end(Plan current) {
        int technique = climbing;
        climbing = -1;
        return technique < 0 || current.states().get(technique).level() == to
                ? current
                : candidates.refreshed(technique, to, current);
    }

    /** Gives up whatever is under way. */
    void abandon() {
        climbing = -1;
    }
}
