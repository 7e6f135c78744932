package dev.bonsai.onnx;

import dev.bonsai.activation.EmbeddingTable;
import dev.bonsai.activation.IntegerTarget;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How the products of a model become integers in a file of ONNX, without training.
 *
 * <p>A weight that was trained on a symmetric grid keeps its codes and scales; any other is put on
 * the nearest one.
 *
 * <pre>{@code
 * OnnxQuantization quantization =
 *         OnnxQuantization.builder(OnnxForm.STATIC_INT8)
 *                 .optRange(ActivationRange.percentile(99.99))
 *                 .optFloat("01Conv2d_weight")
 *                 .build();
 * }</pre>
 */
public final class OnnxQuantization {

    private final OnnxForm form;
    private final ActivationRange range;
    private final int weightBits;
    private final double leastDecibels;
    private final int blockSize;
    private final boolean symmetric;
    private final boolean smoothed;
    private final Optional<ExportMetric> metric;
    private final Set<String> floats;

    private OnnxQuantization(Builder builder) {
        form = builder.form;
        range = builder.range;
        weightBits = builder.weightBits;
        leastDecibels = builder.leastDecibels;
        blockSize = builder.blockSize;
        symmetric = builder.symmetric;
        smoothed = builder.smoothed;
        metric = Optional.ofNullable(builder.metric);
        floats = new LinkedHashSet<>(builder.floats);
    }

    /**
     * Makes a builder.
     *
     * @param form in which numbers the file computes
     * @return a builder in which all is optional
     */
    public static Builder builder(OnnxForm form) {
        return new Builder(form);
    }

    /**
     * Weights and activations on fixed 8-bit grids: the choice for convolutions.
     *
     * @return the defaults
     */
    public static OnnxQuantization staticInt8() {
        return builder(OnnxForm.STATIC_INT8).build();
    }

    /**
     * Weights of Gemm, MatMul and tables on 8-bit grids, those of the activations found at each
     * run: the choice for transformers.
     *
     * @return the defaults
     */
    public static OnnxQuantization dynamicInt8() {
        return builder(OnnxForm.DYNAMIC_INT8).build();
    }

    /**
     * Weights of Gemm, MatMul and tables on symmetric 4-bit grids by blocks of 32.
     *
     * @return the defaults
     */
    public static OnnxQuantization blocks4Bit() {
        return builder(OnnxForm.BLOCKS_4_BIT).build();
    }

    OnnxForm form() {
        return form;
    }

    ActivationRange range() {
        return range;
    }

    int weightBits() {
        return weightBits;
    }

    double leastDecibels() {
        return leastDecibels;
    }

    int blockSize() {
        return blockSize;
    }

    boolean isSymmetric() {
        return symmetric;
    }

    boolean isSmoothed() {
        return smoothed;
    }

    Optional<ExportMetric> metric() {
        return metric;
    }

    /** Whether a product or a table stays in floats. */
    boolean isFloat(String weight, String result) {
        return floats.contains(weight) || floats.contains(result);
    }

    /** How the model of a calibration is written. */
    WrittenModel written(Calibration calibration) throws OnnxExportException {
        checkNames(calibration.model());
        WrittenModel written =
                switch (form) {
                    case STATIC_INT8 ->
                            new StaticForm(
                                    calibration.model(), v -> calibration.grid(v, range), this);
                    case DYNAMIC_INT8 -> new DynamicForm(calibration, this);
                    case BLOCKS_4_BIT -> new BlockForm(calibration.model(), this);
                    case FLOAT32 -> throw new AssertionError(form);
                };
        if (written.isFloat()) {
            throw new OnnxExportException(
                    "No product of the model can become one of "
                            + form
                            + ": it needs a Gemm or MatMul (or, in static int8, a Conv) with a"
                            + " weight of 32-bit floats that optFloat does not name. Write it in"
                            + " floats");
        }
        return written;
    }

    private void checkNames(GraphModel model) throws OnnxExportException {
        Set<String> unknown = new LinkedHashSet<>(floats);
        for (Node node : model.graph().nodes()) {
            Optional<String> weight =
                    IntegerTarget.of(node, model)
                            .map(IntegerTarget::weight)
                            .or(() -> EmbeddingTable.of(node, model).map(EmbeddingTable::path));
            if (weight.isPresent()) {
                unknown.remove(weight.get());
                unknown.remove(node.output());
            }
        }
        if (!unknown.isEmpty()) {
            throw new OnnxExportException(
                    "optFloat names "
                            + unknown
                            + ", but no product or table has such a weight or result: give one of "
                            + model.weights().keySet());
        }
    }

    /** Builds an {@link OnnxQuantization}. */
    public static final class Builder {

        private static final double LEAST_DECIBELS = 10;
        private static final int MOST_BITS = 8;
        private static final int STANDARD_BLOCK = 32;
        private static final int LARGE_BLOCK = 128;

        private final OnnxForm form;
        private final Set<String> floats = new LinkedHashSet<>();
        private ActivationRange range = ActivationRange.minMax();
        private int weightBits = MOST_BITS;
        private double leastDecibels = LEAST_DECIBELS;
        private int blockSize = STANDARD_BLOCK;
        private boolean symmetric = true;
        private boolean smoothed = true;
        private ExportMetric metric;

        private Builder(OnnxForm form) {
            if (form == OnnxForm.FLOAT32) {
                throw new IllegalArgumentException(
                        "32-bit floats are not quantized: use OnnxExporter.write(file, model)");
            }
            this.form = form;
        }

        /**
         * Sets which part of the values of an activation its grid spans, all by default.
         *
         * @param range the choice
         * @return this builder
         */
        public Builder optRange(ActivationRange range) {
            this.range = range;
            return this;
        }

        /**
         * Sets the bits of the weights that are on no grid yet, 8 by default. With 7 a processor
         * without VNNI is faster.
         *
         * @param bits from 2 to 8
         * @return this builder
         */
        public Builder optWeightBits(int bits) {
            if (bits < 2 || bits > MOST_BITS) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT, "Weights have from 2 to 8 bits, but got %d", bits));
            }
            weightBits = bits;
            return this;
        }

        /**
         * Keeps products and tables in floats, such as the first and the last.
         *
         * @param names the paths of their weights, or the names of their results
         * @return this builder
         */
        public Builder optFloat(String... names) {
            floats.addAll(Set.of(names));
            return this;
        }

        /**
         * Sets how many weights share a scale in 4-bit blocks, 32 by default.
         *
         * @param size 32 or 128
         * @return this builder
         */
        public Builder optBlockSize(int size) {
            if (size != STANDARD_BLOCK && size != LARGE_BLOCK) {
                throw new IllegalArgumentException(
                        "A block has 32 or 128 weights, but got " + size);
            }
            blockSize = size;
            return this;
        }

        /**
         * Sets whether 4-bit blocks are symmetric, the default, or have zero points of their own.
         *
         * @param symmetric whether they are
         * @return this builder
         */
        public Builder optSymmetric(boolean symmetric) {
            this.symmetric = symmetric;
            return this;
        }

        /**
         * Sets whether, in dynamic int8, channels of an activation that are much larger than the
         * others are divided by a factor that goes into the weight behind, as they are by default.
         *
         * @param smoothed whether they are, where that takes most of the estimated noise away
         * @return this builder
         */
        public Builder optSmoothed(boolean smoothed) {
            this.smoothed = smoothed;
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
         * Sets how near the outputs have to be to those of the float model, 10 dB of signal to
         * noise by default.
         *
         * @param decibels the least ratio
         * @return this builder
         */
        public Builder optLeastDecibels(double decibels) {
            if (Double.isNaN(decibels)) {
                throw new IllegalArgumentException("The least ratio is a number, but got NaN");
            }
            leastDecibels = decibels;
            return this;
        }

        /**
         * Makes the quantization.
         *
         * @return the quantization
         */
        public OnnxQuantization build() {
            return new OnnxQuantization(this);
        }
    }
}
