package dev.bonsai;

import dev.bonsai.core.Refresh;
import dev.bonsai.core.Technique;
import java.util.ArrayList;
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

    /**
     * Checks at the end of an epoch that training steps were heard of where they are needed, and
     * that what is about to be judged is a level that was asked for.
     *
     * @param step the number of training steps so far
     * @param measurable whether the gates measure the model themselves, from now on
     * @throws IllegalStateException if not
     */
    void checkEpoch(long step, Plan current, boolean measurable) {
        List<String> waiting = new ArrayList<>();
        for (int i = 0; i < techniques.size(); ++i) {
            if (techniques.get(i).getRefresh().interval() > 0 || current.states().get(i).hooked()) {
                waiting.add(techniques.get(i).getName());
            }
        }
        if (step == 0 && !waiting.isEmpty()) {
            throw new IllegalStateException(
                    String.format(
                            "%s acts between training steps, but an epoch has ended and the"
                                    + " CompressionListener was told of none: in a training loop of"
                                    + " your own call trainer.notifyListeners(l ->"
                                    + " l.onTrainingBatch(trainer, batchData)) before"
                                    + " trainer.step()",
                            waiting));
        }
        if (!measurable && !isReached(current)) {
            Refresh refresh = techniques.get(climbing).getRefresh();
            throw new IllegalStateException(
                    String.format(
                            "The epoch ended, and was validated, while %s was still on its way to"
                                    + " the level under trial in %d parts of %d steps: have fewer or"
                                    + " shorter parts, or a gate with data of its own, as in"
                                    + " Gate.builder().setEvaluation(dataset, evaluator)",
                            techniques.get(climbing).getName(),
                            refresh.ramp(),
                            refresh.interval()));
        }
    }

    private boolean isReached(Plan current) {
        return climbing < 0 || current.states().get(climbing).level() == to;
    }

    /** Returns the plan at the end of an epoch, when a level under trial must be reached. */
    Plan end(Plan current) {
        int technique = climbing;
        boolean reached = isReached(current);
        climbing = -1;
        return reached ? current : candidates.refreshed(technique, to, current);
    }

    /** Gives up whatever is under way. */
    void abandon() {
        climbing = -1;
    }
}
