package dev.bonsai.gate;

import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The trainer's own validation metric, as {@link EvaluatorTrainingListener} records it. It is known
 * at the end of an epoch only, so that every step needs an epoch to be judged.
 */
final class TrainerMetric implements MonitoredMetric {

    private static final String MENDING =
            "add TrainingListener.Defaults.logging() before the CompressionListener and pass a"
                    + " validation set to EasyTrain.fit, or give the gate data of its own with"
                    + " Gate.builder().optEvaluation(dataset, evaluator)";

    private static final String LOSS = "validate_loss";

    private static final String DIVERGED =
            "no metric was taken from an epoch whose validation loss was NaN: the weights have"
                    + " diverged. Lower the learning rate, or check the data";

    private static final String UNTOLD =
            "the losses of training and validation were both NaN at the end of an epoch: either the"
                    + " weights have diverged, or the training loop passes listeners a BatchData"
                    + " without labels and predictions, and does not validate. Pass both, by"
                    + " device, or give the gate data of its own with"
                    + " Gate.builder().optEvaluation(dataset, evaluator)";

    private final Optional<String> evaluatorName;
    private final Optional<Direction> givenDirection;
    private String name;
    private MetricScale scale;
    private Direction direction;
    private EvaluatorTrainingListener recorder;
    private final Set<String> notes = new LinkedHashSet<>();

    TrainerMetric(Optional<String> evaluatorName, Optional<Direction> givenDirection) {
        this.evaluatorName = evaluatorName;
        this.givenDirection = givenDirection;
    }

    @Override
    public String name() {
        checkAttached();
        return name;
    }

    private void checkAttached() {
        if (name == null) {
            throw new IllegalStateException(
                    "The gate goes by one of the trainer's evaluators, and is not part of a"
                            + " training yet: ask after model.newTrainer(config), or give it an"
                            + " evaluator of its own with optEvaluation(dataset, evaluator)");
        }
    }

    @Override
    public void attach(Trainer trainer, TrainingListener self) {
        Evaluator evaluator = find(trainer.getEvaluators());
        name = evaluator.getName();
        scale = MetricScale.of(evaluator);
        direction = givenDirection.orElseGet(() -> Direction.of(evaluator));
        notes.clear();
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

    private Evaluator find(List<Evaluator> evaluators) {
        List<String> names = evaluators.stream().map(Evaluator::getName).toList();
        Evaluator found =
                evaluators.stream()
                        .filter(e -> evaluatorName.map(e.getName()::equals).orElse(true))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                String.format(
                                                        Locale.ROOT,
                                                        "The gate monitors '%s', but the trainer"
                                                                + " has the evaluators %s: add it"
                                                                + " with"
                                                                + " config.addEvaluator(...)",
                                                        evaluatorName.orElseThrow(),
                                                        names)));
        if (Collections.frequency(names, found.getName()) > 1) {
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "The trainer has the evaluators %s, and DJL records one value per"
                                    + " name, so that the gate can't tell which '%s' it reads: give"
                                    + " each a name of its own, such as new IndexEvaluator(new"
                                    + " Accuracy(\"Accuracy of head 1\"), 1), or give the gate data"
                                    + " of its own with Gate.builder().optEvaluation(dataset,"
                                    + " evaluator)",
                            names,
                            found.getName()));
        }
        return found;
    }

    @Override
    public void detach() {
        recorder = null;
    }

    @Override
    public Direction direction() {
        checkAttached();
        return direction;
    }

    @Override
    public MetricScale scale() {
        checkAttached();
        return scale;
    }

    @Override
    public void trainedInBatchesOf(int size) {
        // The trainer evaluates, in batches of its own.
    }

    @Override
    public List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public Measurement measure(Trainer trainer) {
        Map<String, Float> latest = recorder.getLatestEvaluations();
        Float value = latest.get("validate_" + name());
        if (value == null || (value.isNaN() && !isNanMeant(latest))) {
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "The gate found no validation %s at the end of the epoch: %s",
                            name(),
                            MENDING));
        }
        if (latest.get(LOSS).isNaN()) {
            notes.add(isLossMissing(latest) ? UNTOLD : DIVERGED);
            return Measurement
                    .NONE; // an accuracy is a finite number even where every output is NaN
        }
        return Measurement.of(value);
    }

    /** Tells a model that has diverged from a validation that did not take place: both are NaN. */
    private static boolean isNanMeant(Map<String, Float> latest) {
        return latest.get("train_loss").isNaN()
                || latest.entrySet().stream()
                        .anyMatch(e -> e.getKey().startsWith("validate_") && !e.getValue().isNaN());
    }

    /** Tells whether no evaluator at all has a validation result. */
    private static boolean isLossMissing(Map<String, Float> latest) {
        return latest.entrySet().stream()
                .filter(e -> e.getKey().startsWith("validate_"))
                .allMatch(e -> e.getValue().isNaN());
    }

    @Override
    public boolean isAtWill() {
        return false;
    }
}
