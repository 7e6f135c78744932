package dev.bonsai.page;

import dev.bonsai.file.ByteLedger;
import dev.bonsai.gate.Verdict;
import dev.bonsai.text.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The few numbers that a page begins with. */
final class Headline {

    /**
     * One number of the headline.
     *
     * @param value the number, for people
     * @param label what it is of
     */
    record Card(String value, String label) {}

    private static final int WHOLE_FROM = 100;
    private static final int KILO = 1_000;

    private Headline() {}

    /** Returns how many times smaller the file is; NaN if that is not known. */
    static double ratio(RunReport run) {
        long before = before(run);
        long after = after(run);
        return before > 0 && after > 0 ? (double) before / after : Double.NaN;
    }

    private static long before(RunReport run) {
        return run.dense.map(Measured::bytes).orElse(run.report.size().before());
    }

    private static long after(RunReport run) {
        return run.compressed
                .map(Measured::bytes)
                .or(() -> run.ledger.map(ByteLedger::total))
                .orElse(run.report.size().after());
    }

    /** Returns the steps from the dense model to the file; none if the sizes are not known. */
    static List<ByteStep> waterfall(RunReport run) {
        return Double.isNaN(ratio(run))
                ? List.of()
                : ByteStep.of(run.report, before(run), after(run));
    }

    /** Returns the sentence on top. */
    static String sentence(RunReport run) {
        double ratio = ratio(run);
        if (Double.isNaN(ratio)) {
            return run.title;
        }
        double dense = run.dense.map(Measured::metric).orElse(run.report.baseline());
        double now = run.compressed.map(Measured::metric).orElse(run.report.achieved());
        return String.format(
                Locale.ROOT,
                "%s: %s times smaller, %s %s → %s",
                run.title,
                times(ratio),
                run.metric,
                Numbers.metric(dense),
                Numbers.metric(now));
    }

    private static String times(double ratio) {
        return Numbers.fixed(ratio, ratio < WHOLE_FROM ? 1 : 0);
    }

    /** Returns the numbers below the title. */
    static List<Card> cards(RunReport run) {
        List<Card> cards = new ArrayList<>();
        if (!Double.isNaN(ratio(run))) {
            cards.add(new Card(bytes(after(run)), "file, was " + bytes(before(run))));
        }
        if (run.compressed.isPresent()) {
            Measured now = run.compressed.get();
            Measured before = run.dense.orElseThrow();
            cards.add(
                    new Card(
                            Numbers.metric(now.metric()),
                            "test "
                                    + run.metric
                                    + interval(now)
                                    + "; was "
                                    + Numbers.metric(before.metric())
                                    + interval(before)));
            now.milliseconds()
                    .ifPresent(
                            time ->
                                    cards.add(
                                            new Card(
                                                    milliseconds(time),
                                                    "a sample" + before(before))));
        } else {
            cards.add(
                    new Card(
                            Numbers.metric(run.report.achieved()),
                            "validation "
                                    + run.metric
                                    + ", was "
                                    + Numbers.metric(run.report.baseline())));
        }
        cards.add(
                new Card(
                        Numbers.fixed(100 * run.report.sparsity(), 1) + " %",
                        "of the weights are zero"));
        cards.add(
                new Card(
                        Numbers.fixed(run.report.bits(), 1) + " bits",
                        "a weight, with its scales"));
        run.report
                .network()
                .ifPresent(
                        cost ->
                                cards.add(
                                        new Card(
                                                Numbers.fixed(100 * cost.multiplyAddsLeft(), 0)
                                                        + " %",
                                                "of the multiply-adds are left")));
        cards.add(
                new Card(
                        count(run, Verdict.ACCEPTED) + " / " + undone(run),
                        "steps accepted / undone or refused"));
        return cards;
    }

    private static String before(Measured dense) {
        return dense.milliseconds().isPresent()
                ? ", was " + milliseconds(dense.milliseconds().getAsDouble())
                : "";
    }

    private static String milliseconds(double time) {
        return Numbers.fixed(time, time < 1 ? 3 : 2) + " ms";
    }

    private static String interval(Measured measured) {
        return measured.low().isEmpty()
                ? ""
                : " (95 %: "
                        + Numbers.metric(measured.low().getAsDouble())
                        + " to "
                        + Numbers.metric(measured.high().getAsDouble())
                        + ")";
    }

    private static long count(RunReport run, Verdict verdict) {
        return run.report.trials().stream().filter(t -> t.verdict() == verdict).count();
    }

    private static long undone(RunReport run) {
        return count(run, Verdict.ROLLED_BACK) + count(run, Verdict.REFUSED);
    }

    /** Returns a length as people read it. */
    static String bytes(long bytes) {
        if (bytes < KILO) {
            return bytes + " B";
        }
        boolean kilo = bytes < KILO * KILO;
        double value = (double) bytes / (kilo ? KILO : KILO * KILO);
        return Numbers.fixed(value, value < 10 ? 2 : 1) + (kilo ? " kB" : " MB");
    }
}
