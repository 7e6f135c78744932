package dev.bonsai.onnx;

import dev.bonsai.text.Numbers;
import dev.bonsai.text.TextTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Which of the files of one model to take for what: the smallest, the fastest on this machine, the
 * most exact one.
 *
 * <pre>{@code
 * ExportChoice choice =
 *         ExportChoice.of(
 *                 ExportSpeed.measure(floats, int8, calibration),
 *                 ExportSpeed.measure(floats, fourBits, calibration));
 * System.out.println(choice.within(0.01)); // a metric that was measured may lose 0.01
 * Files.copy(choice.within(0.01).fastest().file(), target);
 * }</pre>
 */
public final class ExportChoice {

    private final List<ExportSpeed> speeds;
    private final double largestLoss;

    private ExportChoice(List<ExportSpeed> speeds, double largestLoss) {
        this.speeds = speeds;
        this.largestLoss = largestLoss;
    }

    /**
     * Makes the choice among the file of floats and those in integers.
     *
     * @param speeds a speed per file in integers, each beside the same file of floats
     * @return the choice
     */
    public static ExportChoice of(ExportSpeed... speeds) {
        return of(List.of(speeds));
    }

    /**
     * Makes the choice among the file of floats and those in integers.
     *
     * @param speeds a speed per file in integers, each beside the same file of floats
     * @return the choice
     */
    public static ExportChoice of(List<ExportSpeed> speeds) {
        long models = speeds.stream().map(ExportSpeed::floats).distinct().count();
        if (models != 1) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A choice is among files of one model, but got %d speeds with %d"
                                    + " different files of floats: measure each beside the same",
                            speeds.size(),
                            models));
        }
        return new ExportChoice(List.copyOf(speeds), Double.POSITIVE_INFINITY);
    }

    /**
     * Leaves out the files in integers whose metric is worse than the model's by more than a loss.
     * Those of which none was measured stay.
     *
     * @param largestLoss how much the metric may lose, at least 0
     * @return the choice among the others
     */
    public ExportChoice within(double largestLoss) {
        if (!(largestLoss >= 0)) {
            throw new IllegalArgumentException(
                    "The largest loss of a metric is at least 0, but got " + largestLoss);
        }
        return new ExportChoice(speeds, largestLoss);
    }

    private boolean isLeftOut(ExportSpeed speed) {
        return speed.integers().metric().filter(metric -> metric.loss() > largestLoss).isPresent();
    }

    private List<ExportSpeed> eligible() {
        return speeds.stream().filter(speed -> !isLeftOut(speed)).toList();
    }

    private OnnxExport floats() {
        return speeds.get(0).floats();
    }

    private List<OnnxExport> files() {
        List<OnnxExport> files = new ArrayList<>(List.of(floats()));
        eligible().forEach(speed -> files.add(speed.integers()));
        return files;
    }

    /**
     * Returns the file with the fewest bytes.
     *
     * @return one of the files
     */
    public OnnxExport smallest() {
        return files().stream().min(Comparator.comparingLong(OnnxExport::bytes)).orElseThrow();
    }

    /**
     * Returns the file that takes the least time, as a part of that of the floats. It is the file
     * of floats where none in integers is faster: see {@link ExportSpeed#isFaster}.
     *
     * @return one of the files
     */
    public OnnxExport fastest() {
        return eligible().stream()
                .filter(ExportSpeed::isFaster)
                .min(Comparator.comparingDouble(ExportSpeed::timeRatio))
                .map(ExportSpeed::integers)
                .orElse(floats());
    }

    /**
     * Returns the file whose outputs are nearest to the model's, by their signal-to-noise ratio.
     *
     * @return one of the files, as a rule that of floats
     */
    public OnnxExport mostExact() {
        return files().stream().max(Comparator.comparingDouble(OnnxExport::decibels)).orElseThrow();
    }

    /** A line per purpose and per file that is left out or no faster. */
    @Override
    public String toString() {
        TextTable table = new TextTable("take for", "file", "#bytes", "#time", "#dB", "metric");
        row(table, "the smallest", smallest());
        row(table, "the fastest", fastest());
        row(table, "the most exact", mostExact());
        StringBuilder text = new StringBuilder(table.toString());
        for (ExportSpeed speed : speeds) {
            if (isLeftOut(speed)) {
                line(text, speed.integers().form() + " is left out: its metric loses too much");
            } else if (!speed.isFaster()) {
                line(text, speed.integers().form() + " is not faster than the floats here");
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String line) {
        text.append(System.lineSeparator()).append(line);
    }

    private void row(TextTable table, String purpose, OnnxExport export) {
        double time =
                speeds.stream()
                        .filter(speed -> speed.integers().equals(export))
                        .mapToDouble(ExportSpeed::timeRatio)
                        .findFirst()
                        .orElse(1);
        table.row(
                purpose,
                export.form().toString(),
                Numbers.count(export.bytes()),
                Numbers.fixed(time, 2),
                Numbers.fixed(export.decibels(), 1),
                export.metric().map(MetricChange::toString).orElse(Numbers.NOT_MEASURED));
    }
}
