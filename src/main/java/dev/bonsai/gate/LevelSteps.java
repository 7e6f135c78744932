package dev.bonsai.gate;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * The steps from level to level: tried out, adopted at once, put on trial or made smaller.
 *
 * @param at where the machine stands
 * @param stage the model
 * @param judge says what the gates can say
 * @param log the record
 * @param recoveryEpochs how many epochs a step may be trained before it is judged for good
 */
record LevelSteps(Standing at, Stage stage, Judge judge, TrialLog log, int recoveryEpochs) {

    void tryNext(int epoch) {
        at.tryFromHere();
        while (!at.turns().allDone()) {
            OptionalDouble asked = at.turns().nextLevel();
            if (asked.isPresent() && tryLevel(epoch, asked.getAsDouble())) {
                return;
            }
            finish(epoch);
        }
    }

    /** Returns false if no step at all, however small, is worth a trial. */
    private boolean tryLevel(int epoch, double asked) {
        Optional<Metrics> metrics = stage.tryOut(at.turns().index(), asked);
        if (metrics.isEmpty()) {
            Metrics none = Metrics.none(at.reference().gates().size());
            startTrial(epoch, asked, new Tried(asked, none, Judgement.FAILS));
            return true;
        }
        Tried tried = judged(asked, metrics.get());
        boolean recovers = recoveryEpochs > 0;
        if (mayAdopt(tried)) {
            adopt(epoch, asked, tried);
            return true;
        }
        if (recovers && at.reference().withinShock(tried.metrics())) {
            startTrial(epoch, asked, tried);
            return true;
        }
        Optional<Tried> best =
                bisect(
                        asked,
                        recovers ? t -> at.reference().withinShock(t.metrics()) : this::mayAdopt);
        if (best.isEmpty()) {
            add(epoch, asked, at.turns().accepted(), tried.metrics(), Verdict.REFUSED);
            return false;
        }
        if (mayAdopt(best.get())) {
            adopt(epoch, asked, best.get());
        } else {
            startTrial(epoch, asked, best.get());
        }
        return true;
    }

    /** Tells whether a state need not be trained first: it passes, or there is no training. */
    private boolean mayAdopt(Tried tried) {
        return recoveryEpochs > 0
                ? tried.judgement() == Judgement.PASSES
                : judge.acceptsAtLast(tried.judgement());
    }

    void goAsFarAsPossible(int epoch) {
        double target = at.turns().levels().target();
        if (at.turns().levels().next(at.turns().accepted()).isPresent()) {
            stage.tryOut(at.turns().index(), target)
                    .ifPresent(metrics -> goTowards(epoch, judged(target, metrics)));
        }
        finish(epoch);
    }

    private void goTowards(int epoch, Tried target) {
        Predicate<Tried> passes = tried -> judge.acceptsAtLast(tried.judgement());
        Optional<Tried> best =
                passes.test(target) ? Optional.of(target) : bisect(target.level(), passes);
        if (best.isPresent()) {
            adopt(epoch, target.level(), best.get());
        } else {
            add(epoch, target.level(), at.turns().accepted(), target.metrics(), Verdict.REFUSED);
        }
    }

    private Optional<Tried> bisect(double bad, Predicate<Tried> passes) {
        return Tried.furthest(
                at.turns().levels(),
                at.turns().accepted(),
                bad,
                level -> judged(level, stage.tryOut(at.turns().index(), level).orElseThrow()),
                passes);
    }

    private void adopt(int epoch, double asked, Tried tried) {
        stage.adopt(at.turns().index(), tried.level());
        at.accept(tried.level());
        add(epoch, asked, tried.level(), tried.metrics(), Verdict.ACCEPTED);
        at.keep(tried.metrics());
        at.rest();
    }

    private void startTrial(int epoch, double asked, Tried tried) {
        stage.propose(at.turns().index(), tried.level());
        at.onTrial(tried);
        add(epoch, asked, tried.level(), tried.metrics(), still(tried.judgement()));
    }

    private void finish(int epoch) {
        add(epoch, at.turns().levels().target(), at.turns().accepted(), at.kept(), Verdict.DONE);
        at.endTurn();
    }

    private Tried judged(double level, Metrics metrics) {
        Tried tried = new Tried(level, metrics, Judgement.UNDECIDED);
        return judge.judge(
                at.reference(), tried, first -> stage.tryOutMore(at.turns().index(), level, first));
    }

    /** Returns the verdict on a state that trains on. */
    Verdict still(Judgement judgement) {
        return judgement == Judgement.UNDECIDED ? Verdict.UNDECIDED : Verdict.RECOVERING;
    }

    /** Adds a row about the technique whose turn it is. */
    void add(int epoch, double asked, double got, Metrics metrics, Verdict verdict) {
        log.add(epoch, at.turns().technique(), asked, got, at.reference(), metrics, verdict);
    }
}
