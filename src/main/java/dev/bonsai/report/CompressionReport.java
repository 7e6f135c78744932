package dev.bonsai.report;

import dev.bonsai.gate.Trial;
import java.util.List;

/**
 * What a compression did, step by step and weight by weight.
 *
 * @param metric the name of the metric that judged
 * @param baseline the metric before anything was changed; NaN if it was never measured
 * @param achieved the metric of the accepted state that the model was left in; NaN likewise
 * @param epochs how far the compression had come at the end of each epoch
 * @param trials the gate's record, oldest first
 * @param weights the weights that techniques worked on, in the order of the model
 * @param notes what the user should know: goals that were missed and why
 */
public record CompressionReport(
        String metric,
        double baseline,
        double achieved,
        List<EpochSummary> epochs,
        List<Trial> trials,
        List<WeightReport> weights,
        List<String> notes) {

    /** Copies the lists. */
    public CompressionReport {
        epochs = List.copyOf(epochs);
        trials = List.copyOf(trials);
        weights = List.copyOf(weights);
        notes = List.copyOf(notes);
    }

    /**
     * Returns the fraction of zeros over all weights that techniques worked on.
     *
     * @return the sparsity, in [0, 1]
     */
    public double sparsity() {
        long size = weights.stream().mapToLong(WeightReport::size).sum();
        return size == 0
                ? 0
                : (double) weights.stream().mapToLong(WeightReport::zeros).sum() / size;
    }

    /** Returns the report as text: a line about the metric, the weights, the trials, the notes. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(String.format("%s %.4f -> %.4f%n%n", metric, baseline, achieved));
        text.append(
                String.format(
                        "%-24s %-18s %9s %8s %5s %9s%n",
                        "weight", "shape", "size", "sparsity", "bits", "SQNR dB"));
        for (WeightReport weight : weights) {
            text.append(
                    String.format(
                            "%-24s %-18s %9d %8.4f %5d %9.2f%n",
                            weight.path(),
                            weight.shape(),
                            weight.size(),
                            weight.sparsity(),
                            weight.bits(),
                            weight.error().sqnrDb()));
        }
        text.append(
                String.format(
                        "%n%5s %-14s %-18s %-18s %8s %8s  %s%n",
                        "epoch", "technique", "asked", "got", metric, "drop", "verdict"));
        for (Trial trial : trials) {
            text.append(
                    String.format(
                            "%5d %-14s %-18s %-18s %8.4f %+8.4f  %s%n",
                            trial.epoch(),
                            trial.technique(),
                            trial.asked(),
                            trial.got(),
                            trial.metric(),
                            trial.drop(),
                            trial.verdict()));
        }
        notes.forEach(note -> text.append(String.format("note: %s%n", note)));
        return text.toString();
    }
}
