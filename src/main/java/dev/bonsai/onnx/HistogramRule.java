package dev.bonsai.onnx;

import dev.bonsai.encoding.ActivationGrid;
import java.util.Locale;

/** Finds the range of what a histogram has counted. */
sealed interface HistogramRule {

    /** A range that has 0 inside. */
    record Bounds(double low, double high) {}

    Bounds of(ValueHistogram values);

    /** All values. */
    record MinMax() implements HistogramRule {

        @Override
        public Bounds of(ValueHistogram values) {
            return new Bounds(values.least(), values.greatest());
        }
    }

    /**
     * All values but the outermost.
     *
     * @param percent how much lies below the greatest value spanned
     */
    record Percentile(double percent) implements HistogramRule {

        public Percentile {
            if (!(percent > 50 && percent <= 100)) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "A percentile lies in (50, 100], but got %s: use 99.99 to leave"
                                        + " out one in ten thousand at either end",
                                percent));
            }
        }

        @Override
        public Bounds of(ValueHistogram values) {
            long left = (long) (values.total() * (100 - percent) / 100 + 1e-9);
            int low = 0;
            for (long seen = values.count(0); seen <= left && low < ValueHistogram.BINS - 1; ) {
                seen += values.count(++low);
            }
            int high = ValueHistogram.BINS;
            for (long seen = values.count(high - 1); seen <= left && high > 1; ) {
                seen += values.count(--high - 1);
            }
            return new Bounds(
                    Math.min(0, Math.max(values.least(), values.edge(low))),
                    Math.max(0, Math.min(values.greatest(), values.edge(high))));
        }
    }

    /** The range with the least squared error; of equally good ones the widest. */
    record LeastError() implements HistogramRule {

        private static final int WIDEST = 32;
        private static final int NARROWEST = 8;

        @Override
        public Bounds of(ValueHistogram values) {
            Bounds best = new Bounds(values.least(), values.greatest());
            double least = error(values, best);
            for (int i = WIDEST - 1; i >= NARROWEST; --i) {
                double ratio = (double) i / WIDEST;
                Bounds bounds = new Bounds(values.least() * ratio, values.greatest() * ratio);
                double error = error(values, bounds);
                if (error < least) {
                    least = error;
                    best = bounds;
                }
            }
            return best;
        }

        /** Inside, a value is anywhere between two steps; outside it becomes the bound. */
        private static double error(ValueHistogram values, Bounds bounds) {
            double step =
                    (bounds.high() - bounds.low()) / ActivationGrid.highestCode(StaticForm.BITS);
            double sum = 0;
            for (int i = 0; i < ValueHistogram.BINS; ++i) {
                double middle = (values.edge(i) + values.edge(i + 1)) / 2;
                double beyond =
                        Math.max(0, Math.max(middle - bounds.high(), bounds.low() - middle));
                sum += values.count(i) * (beyond * beyond + step * step / 12);
            }
            return sum;
        }
    }
}
