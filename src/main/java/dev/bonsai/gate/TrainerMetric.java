package dev.bonsai.gate;

import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The trainer's own validation metric, as {@link EvaluatorTrainingListener} records it. It is known
 * at the end of an epoch only, so that every step needs an epoch to be judged.
 */
final class TrainerMetric implements MonitoredMetric {

    private static final String MENDING =
            "add TrainingListener.Defaults.logging() before the CompressionListener and pass a"
                    + " validation set to EasyTrain.fit, or give the gate data of its own with"
                    + " Gate.builder().setEvaluation(dataset, evaluator)";

    private final Optional<String> evaluatorName;
    private final Optional<Direction> givenDirection;
    private String name;
    private Direction direction;
    private EvaluatorTrainingListener recorder;

    TrainerMetric(Optional<String> evaluatorName, Optional<Direction> givenDirection) {
        this.evaluatorName = evaluatorName;
        this.givenDirection = givenDirection;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void attach(Trainer trainer, TrainingListener self) {
        List<Evaluator> evaluators = trainer.getEvaluators();
        Evaluator evaluator =
                evaluators.stream()
                        .filter(e -> evaluatorName.map(e.getName()::equals).orElse(true))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                String.format(
                                                        "The gate monitors '%s', but the trainer"
                                                                + " has the evaluators %s: add it"
                                                                + " with"
                                                                + " config.addEvaluator(...)",
                                                        evaluatorName.orElseThrow(),
                                                        evaluators.stream()
                                                                .map(Evaluator::getName)
                                                                .toList())));
        name = evaluator.getName();
        direction = givenDirection.orElseGet(() -> Direction.of(evaluator));
        List<TrainingListener> listeners = new ArrayList<>();
        trainer.notifyListeners(listeners::add);
        // The first one: it resets the evaluators, so that a second one records NaN.
        recorder =
                listeners.stream()
                        .takeWhile(listener -> listener != self)
                        .filter(EvaluatorTrainingListener.class::isInstance)
                        .map(EvaluatorTrainingListener.class::cast)
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "The gate goes by the trainer's validation result,"
                                                        + " but no EvaluatorTrainingListener stands"
                                                        + " before the CompressionListener: "
                                                        + MENDING));
    }

    @Override
    public void detach() {
        recorder = null;
    }

    @Override
    public Direction direction() {
        return direction;
    }

    @Override
    public double measure(Trainer trainer) {
        Map<String, Float> latest = recorder.getLatestEvaluations();
        Float value = latest.get("validate_" + name());
        if (value == null || (value.isNaN() && !isNanMeant(latest))) {
            throw new IllegalStateException(
                    String.format(
                            "The gate found no validation %s at the end of the epoch: %s",
                            name(), MENDING));
        }
        return value;
    }

    /** Tells a model that has diverged from a validation that did not take place: both are NaN. */
    private static boolean isNanMeant(Map<String, Float> latest) {
        return latest.get("train_loss").isNaN()
                || latest.entrySet().stream()
                        .anyMatch(e -> e.getKey().startsWith("validate_") && !e.getValue().isNaN());
    }

    @Override
    public boolean isAtWill() {
        return false;
    }
}
