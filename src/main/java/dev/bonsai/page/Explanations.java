package dev.bonsai.page;

import dev.bonsai.gate.Trial;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.report.WeightReport;
import dev.bonsai.text.Numbers;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Says in sentences what a verdict means, and what can be done about the worst weight. */
final class Explanations {

    /** Below this noise is more than a hundredth of the signal's power. */
    private static final double POOR = 20;

    /** The technique that has widths of single weights, and the widest that it takes. */
    private static final String QUANTIZATION = "quantization";

    private static final int MOST_BITS = 16;

    /** What stands for itself in a pattern. */
    private static final Pattern PLAIN = Pattern.compile("[\\w.]+");

    private Explanations() {}

    /** Explains a verdict to someone who has not read how the gate works. */
    static String of(Trial trial, String metric) {
        String measured =
                !Double.isNaN(trial.metric())
                        ? String.format(
                                Locale.ROOT,
                                "%s %s%s",
                                metric,
                                Numbers.metric(trial.metric()),
                                difference(trial))
                        : "the " + metric + " was not measured";
        return switch (trial.verdict()) {
            case BASELINE -> "The model before anything was changed: " + measured + ".";
            case ACCEPTED -> "Accepted: " + measured + ". From here on this is the state to keep.";
            case REFUSED ->
                    "Refused: "
                            + measured
                            + ". It is not shown to be within what is allowed, and was not taken up.";
            case UNDECIDED ->
                    "Undecided: "
                            + measured
                            + ". The data does not tell whether that is allowed; training goes on.";
            case RECOVERING -> "Recovering: " + measured + ". Training goes on, to bring it back.";
            case ROLLED_BACK ->
                    "Undone: " + measured + " after the time to recover. The step was undone.";
            case DONE -> "Done: the goal is reached, or no smaller step is worth a trial.";
        };
    }

    private static String difference(Trial trial) {
        if (Double.isNaN(trial.drop()) || trial.drop() == 0) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                ", %s %s than the best before",
                Numbers.metric(Math.abs(trial.drop())),
                trial.drop() > 0 ? "worse" : "better");
    }

    /** Returns the weight that the last technique moved most, if that is much. */
    static Optional<WeightReport> worst(CompressionReport report) {
        return report.weights().stream()
                .filter(weight -> weight.error().sqnrDb() < POOR)
                .min(Comparator.comparingDouble(weight -> weight.error().sqnrDb()));
    }

    /** Says what can be done where a weight lost too much. */
    static String remedy(WeightReport weight, CompressionReport report) {
        String more = remedy(weight.path(), weight.bits(), report);
        return String.format(
                Locale.ROOT,
                "%s is furthest from its values before (%s dB). If the metric is too low, %s, or"
                        + " leave it as it is with a selector that excludes it.",
                weight.path(),
                Numbers.fixed(weight.error().sqnrDb(), 1),
                more);
    }

    private static String remedy(String path, int bits, CompressionReport report) {
        if (bits >= Float.SIZE) {
            return "remove less of it: a lower sparsity for this weight";
        }
        boolean quantized =
                report.trials().stream().anyMatch(t -> t.technique().startsWith(QUANTIZATION));
        if (!quantized || bits >= MOST_BITS) {
            return "give it more bits or centroids, or a milder technique";
        }
        String pattern = PLAIN.matcher(path).matches() ? path : Pattern.quote(path);
        return String.format(
                Locale.ROOT, "give it more bits: addBits(\"^%s$\", %d)", pattern, bits + 1);
    }
}
