package dev.bonsai.examples;

import ai.djl.training.Trainer;
import ai.djl.training.TrainingResult;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.bonsai.CompressionListener;
import dev.bonsai.command.Printer;
import dev.bonsai.command.TimeToGo;
import dev.bonsai.report.EpochSummary;
import dev.bonsai.text.Numbers;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Prints a line per epoch, with the time to go, and on a terminal how far the epoch has come. It
 * belongs in front of the compression: what the gate makes of the epoch is printed behind the line,
 * by {@link GateLine}, when it is known.
 */
final class Progress extends TrainingListenerAdapter {

    private final Printer printer;
    private final int epochs;
    private final Optional<CompressionListener> compression;
    private TimeToGo time = TimeToGo.from(0);
    private int epoch;

    /** Prints a plain training. */
    Progress(Printer printer, int epochs) {
        this(printer, epochs, Optional.empty());
    }

    /** Prints the epochs of a compression, each before it is judged. */
    Progress(Printer printer, int epochs, CompressionListener compression) {
        this(printer, epochs, Optional.of(compression));
    }

    private Progress(Printer printer, int epochs, Optional<CompressionListener> compression) {
        this.printer = printer;
        this.epochs = epochs;
        this.compression = compression;
    }

    @Override
    public void onTrainingBegin(Trainer trainer) {
        time = TimeToGo.from(epoch);
    }

    /** Says that some epochs are over already. */
    void begin(int behind) {
        epoch = behind;
        time = TimeToGo.from(behind);
        if (behind > 0) {
            printer.say(
                    String.format(Locale.ROOT, "Going on after epoch %d of %d", behind, epochs));
        }
    }

    @Override
    public void onTrainingBatch(Trainer trainer, BatchData batchData) {
        Batch batch = batchData.getBatch();
        long all = Math.max(1, batch.getProgressTotal());
        long done = batch.getProgress();
        printer.pass(
                String.format(
                        Locale.ROOT,
                        "epoch %2d of %d  batch %d of %d%s",
                        epoch + 1,
                        epochs,
                        done,
                        all,
                        toGo(epoch + Math.min(1, (double) done / all))));
    }

    @Override
    public void onEpoch(Trainer trainer) {
        TrainingResult result = trainer.getTrainingResult();
        ++epoch;
        printer.say(
                String.format(
                        Locale.ROOT,
                        "epoch %2d of %d  loss %s%s%s%s",
                        epoch,
                        epochs,
                        Numbers.metric(result.getTrainLoss()),
                        accuracy(result.getValidateEvaluation("Accuracy")),
                        accepted(),
                        toGo(epoch)));
    }

    private String toGo(double done) {
        String text = time.text(done, epochs);
        return text.isEmpty() ? "" : "  " + text;
    }

    /** Empty for a training without validation. */
    private static String accuracy(Float accuracy) {
        return accuracy == null
                ? ""
                : String.format(Locale.ROOT, "  validation accuracy %.4f", accuracy);
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
