package dev.bonsai.gate;

import dev.bonsai.text.Numbers;
import java.util.Locale;

/**
 * One row of the gate's record.
 *
 * @param epoch the number of epochs that had been trained, from 0
 * @param technique the name of the technique, or {@code model} for a row about the model as it is
 * @param asked the level that was asked for, for people
 * @param got the level in effect after the verdict, for people
 * @param metric the metric that was judged; NaN if there was none
 * @param reference the metric that it was judged against: the best that an accepted state had had
 *     until then
 * @param drop how much worse than the reference the metric is, in the metric's unit
 * @param standardError the standard error of the drop, by pairs of samples or batches; NaN where
 *     the metric is not known to be a mean of theirs
 * @param verdict the verdict
 */
public record Trial(
        int epoch,
        String technique,
        String asked,
        String got,
        double metric,
        double reference,
        double drop,
        double standardError,
        Verdict verdict) {

    /**
     * Returns the drop as people read it.
     *
     * @return such as {@code +0.0040 ± 0.0028}, or without the second number where it is not known
     */
    public String dropText() {
        return Double.isNaN(standardError) || standardError == 0 // of the same answers
                ? Numbers.drop(drop, metric)
                : Numbers.dropWithError(drop, standardError);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "epoch %d  %s  asked %s  got %s  metric %s  reference %s  drop %s  %s",
                epoch,
                technique,
                asked,
                got,
                Numbers.metric(metric),
                Numbers.metric(reference),
                dropText(),
                verdict);
    }
}
