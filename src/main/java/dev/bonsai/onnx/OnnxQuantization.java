package dev.bonsai.onnx;

import java.util.LinkedHashSet;
import java.util.Locale;
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
    private final Set<String> floats;

    private OnnxQuantization(Builder builder) {
        form = builder.form;
        range = builder.range;
        weightBits = builder.weightBits;
        leastDecibels = builder.leastDecibels;
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

    private boolean isFloat(IntegerTarget target) {
        return floats.stream().anyMatch(target::isNamed);
    }

    /** How the model of a calibration is written. */
    WrittenModel written(Calibration calibration) throws OnnxExportException {
        StaticPlan plan = StaticPlan.of(calibration.model(), this::isFloat);
        if (plan.isEmpty()) {
            throw new OnnxExportException(
                    "No product of the model can become one of integers: it needs a Conv, Gemm or"
                            + " MatMul with a weight of 32-bit floats that optFloat does not name."
                            + " Write it in floats");
        }
        StaticPlan all = StaticPlan.of(calibration.model(), target -> false);
        for (String name : floats) {
            if (!all.isTarget(target -> target.isNamed(name))) {
                throw new OnnxExportException(
                        "optFloat names '"
                                + name
                                + "', but no product has such a weight or result: give one of "
                                + calibration.model().weights().keySet());
            }
        }
        return new StaticForm(calibration, this, plan);
    }

    /** Builds an {@link OnnxQuantization}. */
    public static final class Builder {

        private static final double LEAST_DECIBELS = 10;
        private static final int MOST_BITS = 8;

        private final OnnxForm form;
        private final Set<String> floats = new LinkedHashSet<>();
        private ActivationRange range = ActivationRange.minMax();
        private int weightBits = MOST_BITS;
        private double leastDecibels = LEAST_DECIBELS;

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
         * Sets the bits of the weights that are on no grid yet, 8 by default. With 7, sums fit
         * where a processor without VNNI adds products of 8 bits in 16.
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
         * Keeps products in floats, such as the first and the last.
         *
         * @param names the paths of their weights, or the names of their results
         * @return this builder
         */
        public Builder optFloat(String... names) {
            floats.addAll(Set.of(names));
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
