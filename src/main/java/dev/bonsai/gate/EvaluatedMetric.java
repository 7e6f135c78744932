package dev.bonsai.gate;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import java.util.List;

/** A metric that the gate evaluates itself, on its own data set. */
final class EvaluatedMetric implements MonitoredMetric {

    private final Evaluation evaluation;

    EvaluatedMetric(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    Evaluation evaluation() {
        return evaluation;
    }

    @Override
    public String name() {
        return evaluation.name();
    }

    @Override
    public void attach(Trainer trainer, TrainingListener self) {
        evaluation.beginTraining();
    }

    @Override
    public Direction direction() {
        return evaluation.direction();
    }

    @Override
    public MetricScale scale() {
        return evaluation.scale();
    }

    @Override
    public void trainedInBatchesOf(int size) {
        evaluation.suggestBatchSize(size);
    }

    @Override
    public List<String> notes() {
        return evaluation.notes();
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
