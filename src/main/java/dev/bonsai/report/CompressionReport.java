package dev.bonsai.report;

import dev.bonsai.gate.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a compression did, step by step and weight by weight.
 *
 * @param metric the name of the metric that judged
 * @param baseline the metric before anything was changed; NaN if it was never measured
 * @param bound the worst metric that the gate accepts; NaN if that is not known
 * @param achieved the metric of the accepted state that the model was left in; NaN likewise
 * @param size how large the model was and is
 * @param network what the network costs, where channels were to be taken out of it
 * @param time how long the training took
 * @param epochs how far the compression had come at the end of each epoch
 * @param trials the gate's record, oldest first
 * @param weights the weights that techniques worked on, in the order of the model
 * @param notes what the user should know: goals that were missed and why
 */
public record CompressionReport(
        String metric,
        double baseline,
        double bound,
        double achieved,
        ModelSize size,
        Optional<NetworkCost> network,
        TrainingTime time,
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
     * Returns the number of elements of all weights that techniques worked on.
     *
     * @return the number of elements, zeros included
     */
    public long elements() {
        return weights.stream().mapToLong(WeightReport::size).sum();
    }

    /**
     * Returns this report with further notes.
     *
     * @param more what else the user should know
     * @return a report that differs in its notes only
     */
    public CompressionReport noting(List<String> more) {
        List<String> all = new ArrayList<>(notes);
        all.addAll(more);
        return new CompressionReport(
                metric, baseline, bound, achieved, size, network, time, epochs, trials, weights,
                all);
    }

    /**
     * Returns this report with what was measured once more on the user's plain block.
     *
     * @param measured the metric of the model that the user is left with
     * @param taken how long the training took, with that measurement
     * @return a report that differs in its metric and time only
     */
    public CompressionReport measuring(double measured, TrainingTime taken) {
        return new CompressionReport(
                metric, baseline, bound, measured, size, network, taken, epochs, trials, weights,
                notes);
    }

    /**
     * Returns the fraction of zeros over all weights that techniques worked on.
     *
     * @return the sparsity, in [0, 1]
     */
    public double sparsity() {
        long zeros = weights.stream().mapToLong(WeightReport::zeros).sum();
        return elements() == 0 ? 0 : (double) zeros / elements();
    }

    /**
     * Returns the bits per element over all weights that techniques worked on: those that tell one
     * value from another, and those of the scales, zero points and codebooks in the file.
     *
     * @return the mean; 32 if there is no element
     */
    public double bits() {
        double bits =
                weights.stream()
                        .mapToDouble(w -> (double) w.bits() * w.size() + 8.0 * w.scaleBytes())
                        .sum();
        return elements() == 0 ? Float.SIZE : bits / elements();
    }

    /**
     * Returns the report as text: a line about the metric, the weights with a total, the trials,
     * the notes. It is the same under every default locale.
     */
    @Override
    public String toString() {
        return ReportText.of(this);
    }
}
