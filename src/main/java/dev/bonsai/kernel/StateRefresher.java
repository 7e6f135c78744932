package dev.bonsai.kernel;

import dev.bonsai.core.Refresh;
import dev.bonsai.core.Technique;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Works out states anew while an epoch is trained and between two epochs, and takes a technique on
 * trial to its level part by part.
 */
final class StateRefresher {

    private final List<Technique> techniques;
    private final ProposedStates candidates;
    private int onTrial = -1;
    private double from;
    private double to;
    private int part;
    private int epoch;

    /**
     * How far the way to a level is.
     *
     * @param onTrial the technique; -1 if none is on its way
     * @param from the level that it came from
     * @param to the level that it goes to
     * @param part the part that it is in
     * @param epoch the epochs whose end has been seen to
     */
    record Way(int onTrial, double from, double to, int part, int epoch) {}

    StateRefresher(List<Technique> techniques, ProposedStates candidates) {
        this.techniques = techniques;
        this.candidates = candidates;
    }

    Way way() {
        return new Way(onTrial, from, to, part, epoch);
    }

    /** Goes on where another one was. */
    void resume(Way way) {
        onTrial = way.onTrial;
        from = way.from;
        to = way.to;
        part = way.part;
        epoch = way.epoch;
    }

    /** Returns the plan with which the way to a level begins. */
    Plan begin(int technique, double level, Plan current) {
        onTrial = technique;
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
                double next = i == onTrial ? refresh.level(from, to, ++part) : levelOf(i, current);
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
            if (i != onTrial && isDue(i, Refresh.Unit.EPOCH, ended, current)) {
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
            Refresh refresh = techniques.get(i).getRefresh();
            boolean byStep = refresh.interval() > 0 && refresh.unit() == Refresh.Unit.STEP;
            if (byStep || current.states().get(i).hooked()) {
                waiting.add(techniques.get(i).getName());
            }
        }
        if (step == 0 && !waiting.isEmpty()) {
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "%s acts between training steps, but an epoch has ended and the"
                                    + " CompressionListener was told of none: in a training loop of"
                                    + " your own call trainer.notifyListeners(l ->"
                                    + " l.onTrainingBatch(trainer, batchData)) before"
                                    + " trainer.step()",
                            waiting));
        }
        if (!measurable && !isReached(current)) {
            Refresh refresh = techniques.get(onTrial).getRefresh();
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "The epoch ended, and was validated, while %s was still on its way to"
                                    + " the level on trial in %d parts of %d steps: have fewer or"
                                    + " shorter parts, or a gate with data of its own, as in"
                                    + " Gate.builder().optEvaluation(dataset, evaluator)",
                            techniques.get(onTrial).getName(),
                            refresh.ramp(),
                            refresh.interval()));
        }
    }

    private boolean isReached(Plan current) {
        return onTrial < 0 || levelOf(onTrial, current) == to;
    }

    /** Returns the plan at the end of an epoch, when a level on trial must be reached. */
    Plan end(Plan current) {
        int technique = onTrial;
        boolean reached = isReached(current);
        onTrial = -1;
        return reached ? current : candidates.refreshed(technique, to, current);
    }

    /** Gives up whatever is under way. */
    void abandon() {
        onTrial = -1;
    }
}
