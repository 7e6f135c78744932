package dev.bonsai.examples;

import ai.djl.training.Trainer;
import ai.djl.training.TrainingResult;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.bonsai.CompressionListener;
import dev.bonsai.report.EpochSummary;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Prints a line per epoch. It belongs in front of the compression: what the gate makes of the epoch
 * is printed behind the line, by {@link Printer#trial}, when it is known.
 */
final class Progress extends TrainingListenerAdapter {

    private final Printer printer;
    private final int epochs;
    private final Optional<CompressionListener> compression;
    private int epoch;

    Progress(Printer printer, int epochs, CompressionListener compression) {
        this.printer = printer;
        this.epochs = epochs;
        this.compression = Optional.ofNullable(compression);
    }

    /** Says that some epochs are behind the training already. */
    void begin(int behind) {
        epoch = behind;
        if (behind > 0) {
            printer.say(
                    String.format(Locale.ROOT, "Going on behind epoch %d of %d", behind, epochs));
        }
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
}
