package dev.bonsai.examples;

import ai.djl.training.Trainer;
import ai.djl.training.TrainingResult;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.bonsai.CompressionListener;
import dev.bonsai.gate.Trial;
import dev.bonsai.report.EpochSummary;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Prints a line per epoch and a line per verdict of the gate, as soon as they are known. */
final class Progress extends TrainingListenerAdapter {

    private final Printer printer;
    private final int epochs;
    private final Optional<CompressionListener> compression;
    private int epoch;
    private int printed;

    Progress(Printer printer, int epochs, CompressionListener compression) {
        this.printer = printer;
        this.epochs = epochs;
        this.compression = Optional.ofNullable(compression);
    }

    @Override
    public void onTrainingBatch(Trainer trainer, TrainingListener.BatchData batchData) {
        printVerdicts(); // those before the first step
    }

    @Override
    public void onEpoch(Trainer trainer) {
        TrainingResult result = trainer.getTrainingResult();
        printer.say(
                String.format(
                        Locale.ROOT,
                        "epoch %2d of %d  loss %.4f  validation accuracy %.4f%s",
                        ++epoch,
                        epochs,
                        result.getTrainLoss(),
                        result.getValidateEvaluation("Accuracy"),
                        accepted()));
        printVerdicts();
    }

    @Override
    public void onTrainingEnd(Trainer trainer) {
        printVerdicts(); // those of what goes on without training
    }

    private String accepted() {
        List<EpochSummary> summaries =
                compression.map(CompressionListener::getEpochs).orElse(List.of());
        if (summaries.isEmpty()) {
            return "";
        }
        EpochSummary last = summaries.get(summaries.size() - 1);
        return String.format(
                Locale.ROOT,
                "  accepted so far: %.1f %% zeros, %.1f bits",
                100 * last.sparsity(),
                last.bits());
    }

    private void printVerdicts() {
        List<Trial> trials = compression.map(CompressionListener::getTrials).orElse(List.of());
        trials.stream().skip(printed).map(Progress::line).forEach(printer::say);
        printed = trials.size();
    }

    private static String line(Trial trial) {
        String metric =
                Double.isFinite(trial.metric())
                        ? String.format(Locale.ROOT, "%.4f", trial.metric())
                        : "not measured";
        return String.format(
                Locale.ROOT,
                "  gate: %-14s asked %-17s got %-17s accuracy %-6s %s",
                trial.technique(),
                trial.asked(),
                trial.got(),
                metric,
                trial.verdict());
    }
}
