package dev.bonsai.gate;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A metric that the gate evaluates itself, on its own data set. */
final class EvaluatedMetric implements MonitoredMetric {

    private final Evaluation evaluation;
    private final Optional<Evaluation> more;

    /**
     * @param more the same metric on further data
     */
    EvaluatedMetric(Evaluation evaluation, Optional<Evaluation> more) {
        this.evaluation = evaluation;
        this.more = more;
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
        more.ifPresent(Evaluation::beginTraining);
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
        more.ifPresent(further -> further.suggestBatchSize(size));
    }

    @Override
    public List<String> notes() {
        return Stream.concat(
                        evaluation.notes().stream(),
                        more.stream().flatMap(further -> further.notes().stream()))
                .toList();
    }

    @Override
    public boolean isAtWill() {
        return true;
    }

    @Override
    public Measurement measure(Trainer trainer) {
        return measure(evaluation, trainer);
    }

    @Override
    public boolean hasMoreData() {
        return more.isPresent();
    }

    @Override
    public Measurement measureMore(Trainer trainer, Measurement measured) {
        return more.map(further -> measured.and(measure(further, trainer))).orElse(measured);
    }

    private static Measurement measure(Evaluation evaluation, Trainer trainer) {
        return evaluation.measure(trainer.getManager(), trainer.getDevices()[0], trainer::evaluate);
    }
}
