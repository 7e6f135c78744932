package dev.bonsai.gate;

import ai.djl.training.Trainer;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.listener.TrainingListener;
import java.util.Optional;

/** A metric that the gate evaluates itself, on its own data set. */
final class EvaluatedMetric implements MonitoredMetric {

    private final Evaluation evaluation;

    EvaluatedMetric(Dataset dataset, Evaluator evaluator, Optional<Direction> direction) {
        evaluation = new Evaluation(dataset, evaluator, direction);
    }

    @Override
    public String name() {
        return evaluation.name();
    }

    @Override
    public void attach(Trainer trainer, TrainingListener self) {
        // Everything that is needed came with the constructor.
    }

    @Override
    public Direction direction() {
        return evaluation.direction();
    }

    @Override
    public boolean isAtWill() {
        return true;
    }

    @Override
    public double measure(Trainer trainer) {
        return evaluation.measure(trainer.getManager(), trainer.getDevices()[0], trainer::evaluate);
    }
}
