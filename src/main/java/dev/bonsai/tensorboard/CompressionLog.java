package dev.bonsai.tensorboard;

import dev.bonsai.CompressionListener;
import dev.bonsai.gate.Trial;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.report.EpochSummary;
import dev.bonsai.report.WeightReport;
import java.util.List;

/** Writes what a compression has done since it was last asked. */
final class CompressionLog {

    private final CompressionListener compression;
    private final EventFile events;
    private List<EpochSummary> written = List.of();
    private int trialsWritten;

    CompressionLog(CompressionListener compression, EventFile events) {
        this.compression = compression;
        this.events = events;
    }

    /** Writes the rows that are new. */
    void writeProgress() {
        List<EpochSummary> epochs = compression.getEpochs();
        epochs.stream().filter(epoch -> !written.contains(epoch)).forEach(this::write);
        written = epochs; // the last of them may be replaced when the training ends
        List<Trial> trials = compression.getTrials();
        trials.subList(trialsWritten, trials.size()).forEach(this::write);
        trialsWritten = trials.size();
    }

    private void write(EpochSummary summary) {
        events.scalar("compression/metric", summary.epoch(), summary.metric());
        events.scalar("compression/sparsity", summary.epoch(), summary.sparsity());
        events.scalar("compression/bits", summary.epoch(), summary.bits());
    }

    private void write(Trial trial) {
        String tag = "trial/" + trial.technique();
        events.scalar(tag + "/metric", trial.epoch(), trial.metric());
        events.scalar(tag + "/drop", trial.epoch(), trial.drop());
        events.text(tag, trial.epoch(), trial.toString());
    }

    /** Writes the rows that are new, and the report, or why there is none. */
    void writeReport(long epoch) {
        writeProgress();
        CompressionReport report;
        try {
            report = compression.getReport();
        } catch (IllegalStateException e) {
            events.text("report", epoch, e.getMessage());
            return;
        }
        // Markdown shows what is indented as it is
        events.text("report", epoch, report.toString().indent(4));
        events.scalar("report/sparsity", epoch, report.sparsity());
        events.scalar("report/bits", epoch, report.bits());
        if (report.size().isKnown()) {
            events.scalar("report/bytes before", epoch, (double) report.size().before());
            events.scalar("report/bytes after", epoch, (double) report.size().after());
        }
        for (WeightReport weight : report.weights()) {
            events.scalar("weight sparsity/" + weight.path(), epoch, weight.sparsity());
            events.scalar("weight bits/" + weight.path(), epoch, weight.bits());
            events.scalar("weight bytes/" + weight.path(), epoch, (double) weight.bytes());
        }
    }
}
