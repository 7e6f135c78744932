package dev.bonsai.report;

import dev.bonsai.file.ByteLedger;
import dev.bonsai.library.OptionalLibrary;

/** Draws what a compression did. Needs XChart, an optional dependency of Bonsai's. */
public final class ReportCharts {

    static final int WIDTH = 760;

    private ReportCharts() {}

    /**
     * Draws how far the compression had come at the end of each epoch: the metric, with the gate's
     * tolerance and every trial; the sparsity; the bits of a weight. Three charts, one above the
     * other, over the same epochs. What the closing of the trainer led to stands at the last epoch
     * too.
     *
     * @param report the report of a training of at least one judged epoch
     * @return the figure
     * @throws IllegalArgumentException if the report has no epoch
     * @throws IllegalStateException if XChart is not on the class path
     */
    public static Figure epochs(CompressionReport report) {
        if (report.epochs().isEmpty()) {
            throw new IllegalArgumentException(
                    "The report has no epoch to draw: nothing was compressed, see its notes");
        }
        OptionalLibrary.CHARTS.need();
        return EpochCharts.of(report);
    }

    /**
     * Draws the size before and after, and where the bytes that are left went: a bar per parameter,
     * stacked by section. Parameters with less than a hundredth of the file share a bar.
     *
     * @param before the bytes of the model as it was
     * @param after the ledger of the compressed file
     * @return the figure
     * @throws IllegalStateException if XChart is not on the class path
     */
    public static Figure sizes(long before, ByteLedger after) {
        OptionalLibrary.CHARTS.need();
        return SizeCharts.of(before, after);
    }

    /**
     * Draws the metric against the level, a line per weight and a chart per technique, beside the
     * metric of the dense model.
     *
     * @param report the report of a sensitivity analysis
     * @return the figure
     * @throws IllegalStateException if XChart is not on the class path
     */
    public static Figure sensitivity(SensitivityReport report) {
        OptionalLibrary.CHARTS.need();
        return SensitivityCharts.of(report);
    }
}
