package dev.bonsai.tensorboard;

import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import dev.bonsai.core.TargetWeight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The event file of one training, and how far the training has come. */
final class TrainingLog {

    private final Trainer trainer;
    private final LogSettings settings;
    private final EvaluatorTrainingListener recorder;
    private final EventFile events;
    private final Optional<CompressionLog> compression;
    private long batches;
    private int epochs;
    private boolean validated;

    /** Begins the file of a training; the listeners it goes by have to stand before its own. */
    TrainingLog(Trainer trainer, LogSettings settings, TrainingListener self) {
        this.trainer = trainer;
        this.settings = settings;
        List<TrainingListener> all = new ArrayList<>();
        trainer.notifyListeners(all::add);
        List<TrainingListener> before =
                all.stream().takeWhile(listener -> listener != self).toList();
        recorder =
                before.stream()
                        .filter(EvaluatorTrainingListener.class::isInstance)
                        .map(EvaluatorTrainingListener.class::cast)
                        .findFirst()
                        .orElseThrow(TrainingLog::unrecorded);
        settings.compression()
                .filter(wanted -> !before.contains(wanted))
                .ifPresent(
                        wanted -> {
                            throw new IllegalStateException(
                                    "The CompressionListener that optCompression names does not"
                                            + " stand before the TensorBoardListener, which could"
                                            + " not tell its report: add it to the same"
                                            + " configuration, and first");
                        });
        events = EventFile.create(settings.folder());
        compression = settings.compression().map(c -> new CompressionLog(c, events));
    }

    private static IllegalStateException unrecorded() {
        return new IllegalStateException(
                "No EvaluatorTrainingListener stands before the TensorBoardListener, which writes"
                        + " what that records: add TrainingListener.Defaults.logging() or basic()"
                        + " first");
    }

    boolean isOf(Trainer other) {
        return trainer == other;
    }

    void onTrainingBatch() {
        ++batches;
        if (settings.interval() == Interval.BATCH) {
            for (Evaluator evaluator : trainer.getEvaluators()) {
                float value = evaluator.getAccumulator(EvaluatorTrainingListener.TRAIN_ALL);
                events.scalar("batch/" + evaluator.getName(), batches, value);
            }
            writeLearningRate("batch/learning rate", batches);
        }
    }

    void onValidationBatch() {
        validated = true;
    }

    void onEpoch() {
        ++epochs;
        writeEvaluations(recorder.getLatestEvaluations());
        validated = false;
        writeLearningRate("train/learning rate", epochs);
        compression.ifPresent(CompressionLog::writeProgress);
        if (settings.histogramsEvery().isPresent()
                && epochs % settings.histogramsEvery().getAsInt() == 0) {
            writeHistograms("weights/");
        }
        events.flush();
    }

    private void writeEvaluations(Map<String, Float> evaluations) {
        evaluations.forEach(
                (name, value) -> {
                    if (name.startsWith("train_")) {
                        events.scalar(name.replaceFirst("_", "/"), epochs, value);
                    } else if (name.startsWith("validate_") && validated) {
                        events.scalar(name.replaceFirst("_", "/"), epochs, value);
                    }
                });
    }

    private void writeLearningRate(String tag, long step) {
        if (batches > 0) {
            int updates = Math.toIntExact(batches);
            settings.learningRate()
                    .ifPresent(rate -> events.scalar(tag, step, rate.getNewValue(updates)));
        }
    }

    private void writeHistograms(String prefix) {
        for (TargetWeight weight : TargetWeight.allOf(trainer.getModel().getBlock())) {
            if (weight.parameter().isInitialized()) {
                Histogram histogram = WeightHistogram.of(weight.parameter().getArray());
                events.histogram(prefix + weight.path(), epochs, histogram);
                if (histogram.notFinite() > 0) {
                    events.scalar(
                            "not finite/" + weight.path(), epochs, (double) histogram.notFinite());
                }
            }
        }
    }

    /** Writes what a compression has come to, where one was given. */
    void onTrainingEnd() {
        compression.ifPresent(log -> log.writeReport(epochs));
        if (compression.isPresent() && settings.histogramsEvery().isPresent()) {
            writeHistograms("baked/");
        }
    }

    void close() {
        events.close();
    }
}
