package dev.bonsai.onnx;

import ai.djl.nn.Block;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How a file of ONNX is compared with the model that it was written of: with what, on which inputs,
 * and how near they have to be.
 *
 * <pre>{@code
 * ExportCheck check =
 *         ExportCheck.builder()
 *                 .optBlock(block)
 *                 .optIntegers("input_ids", 0, 30_522)
 *                 .optSizes("length", 7, 12)
 *                 .build();
 * OnnxExport export = OnnxExporter.write(file, traced, check);
 * }</pre>
 */
public final class ExportCheck {

    private final Optional<Block> block;
    private final Optional<ExportMetric> metric;
    private final long seed;
    private final double tolerance;
    private final Map<String, List<Long>> sizes;
    private final Map<String, Range> ranges;

    /** The integers that an input may have: from the first on, below the last. */
    record Range(long low, long high) {

        /** The integers that fit masks, kinds and numbers of tokens alike. */
        static final Range STANDARD = new Range(0, 2);
    }

    private ExportCheck(Builder builder) {
        block = Optional.ofNullable(builder.block);
        metric = Optional.ofNullable(builder.metric);
        seed = builder.seed;
        tolerance = builder.tolerance;
        sizes = Map.copyOf(builder.sizes);
        ranges = Map.copyOf(builder.ranges);
    }

    /**
     * Makes a builder.
     *
     * @return a builder in which all is optional
     */
    public static Builder builder() {
        return new Builder();
    }

    /** What a file of a model is compared with. */
    ModelReference reference(GraphModel model) {
        return block.map(ModelReference::block).orElseGet(() -> ModelReference.plain(model));
    }

    /**
     * Makes the inputs of a run by this check's seed, sizes and ranges: normal floats, and
     * integers.
     *
     * @param graph the graph
     * @param run 0 for the first size of each free dimension, 1 for the second
     * @return a value per input by its name, in the graph's order
     */
    public Map<String, EncodedWeight> inputs(Graph graph, int run) {
        return CheckInputs.of(graph, this, run);
    }

    Optional<ExportMetric> metric() {
        return metric;
    }

    long seed() {
        return seed;
    }

    double tolerance() {
        return tolerance;
    }

    /** The two sizes of a free dimension, if they are given. */
    Optional<List<Long>> sizes(String dimension) {
        return Optional.ofNullable(sizes.get(dimension));
    }

    Range range(String input) {
        return ranges.getOrDefault(input, Range.STANDARD);
    }

    /** Builds an {@link ExportCheck}. */
    public static final class Builder {

        private static final double TOLERANCE = 1e-4;

        private final Map<String, List<Long>> sizes = new LinkedHashMap<>();
        private final Map<String, Range> ranges = new LinkedHashMap<>();
        private Block block;
        private ExportMetric metric;
        private long seed = 1;
        private double tolerance = TOLERANCE;

        private Builder() {}

        /**
         * Sets the block that the graph stands for; by default the graph is run in plain Java.
         *
         * @param block an initialised block
         * @return this builder
         */
        public Builder optBlock(Block block) {
            this.block = block;
            return this;
        }

        /**
         * Sets a metric that is measured of the model and of the file.
         *
         * @param metric such as {@link ExportMetric#accuracy}
         * @return this builder
         */
        public Builder optMetric(ExportMetric metric) {
            this.metric = metric;
            return this;
        }

        /**
         * Sets the seed of the inputs, 1 by default.
         *
         * @param seed the seed
         * @return this builder
         */
        public Builder optSeed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Sets how large a difference may be as a part of the largest output, 1e-4 by default.
         *
         * @param tolerance the part, at least 0
         * @return this builder
         */
        public Builder optTolerance(double tolerance) {
            if (!(tolerance >= 0)) {
                throw new IllegalArgumentException(
                        "A tolerance is at least 0, but got " + tolerance);
            }
            this.tolerance = tolerance;
            return this;
        }

        /**
         * Sets two sizes of a free dimension. By default the first one, the batch, has 1 and 3, and
         * any other 32 and 64.
         *
         * @param dimension its name
         * @param first its size in the first run
         * @param second its size in the second run
         * @return this builder
         */
        public Builder optSizes(String dimension, long first, long second) {
            if (first < 1 || second < 1) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "Sizes are at least 1, but got %d and %d",
                                first,
                                second));
            }
            sizes.put(dimension, List.of(first, second));
            return this;
        }

        /**
         * Sets which integers an input is given, 0 and 1 by default.
         *
         * @param input its name
         * @param low the lowest
         * @param high the one behind the highest
         * @return this builder
         */
        public Builder optIntegers(String input, long low, long high) {
            if (low >= high) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "Integers go from a lower one to a higher one, but got %d and %d",
                                low,
                                high));
            }
            ranges.put(input, new Range(low, high));
            return this;
        }

        /**
         * Makes the check.
         *
         * @return the check
         */
        public ExportCheck build() {
            return new ExportCheck(this);
        }
    }
}
