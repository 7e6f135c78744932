package dev.bonsai.onnx;

import dev.bonsai.activation.IntegerTarget;
import dev.bonsai.encoding.ActivationGrid;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.graph.GraphModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Moves large channels of what products read into their weights: x W = (x / s) (s W), with a factor
 * per input channel, so that few channels don't make the steps of all others coarse (Xiao et al.,
 * SmoothQuant, 2022): s = max |x|^a / max |W|^(1 - a).
 *
 * <p>The strength a is searched for each value: the one with the least estimated noise of the
 * products that read it.
 */
final class Smoothing {

    private static final double STEPS = ActivationGrid.highestCode(StaticForm.BITS);

    private static final float[] STRENGTHS = {0.5f, 0.6f, 0.7f, 0.8f, 0.9f, 1};

    /** A channel that the samples hardly move counts as this part of the largest. */
    private static final float LEAST = 0.01f;

    /** What of the noise has to go for a multiplication more. */
    private static final double WORTH = 0.3;

    private final ChannelStatistics statistics;
    private final List<IntegerTarget> products;
    private final List<float[]> weights;
    private final float[] peaks;
    private final float[] largest;

    private Smoothing(
            ChannelStatistics statistics, List<IntegerTarget> products, GraphModel model) {
        this.statistics = statistics;
        this.products = products;
        weights =
                products.stream()
                        .map(target -> model.weights().get(target.weight()).decode())
                        .toList();
        peaks = new float[statistics.channels()];
        largest = new float[peaks.length];
        for (int i = 0; i < peaks.length; ++i) {
            peaks[i] = statistics.peak(i);
        }
        for (int i = 0; i < products.size(); ++i) {
            float[] values = weights.get(i);
            for (int j = 0; j < values.length; ++j) {
                int channel = inputChannel(products.get(i), j, peaks.length);
                largest[channel] = Math.max(largest[channel], Math.abs(values[j]));
            }
        }
        floor(peaks);
        floor(largest);
    }

    private static void floor(float[] values) {
        float top = Float.MIN_NORMAL / LEAST;
        for (float value : values) {
            top = Math.max(top, value);
        }
        for (int i = 0; i < values.length; ++i) {
            values[i] = Math.max(LEAST * top, values[i]);
        }
    }

    /**
     * Finds the factors of all values that products read, where they are worth a multiplication
     * more. Products that read the same value share them; a value that one with a weight on a grid
     * reads has none.
     */
    static Map<String, float[]> of(Calibration calibration, Collection<IntegerTarget> targets) {
        Map<String, List<IntegerTarget>> readers = new LinkedHashMap<>();
        targets.forEach(
                target ->
                        readers.computeIfAbsent(target.data(), name -> new ArrayList<>())
                                .add(target));
        GraphModel model = calibration.model();
        Map<String, float[]> factors = new HashMap<>();
        readers.forEach(
                (value, products) -> {
                    boolean isFree =
                            products.stream()
                                    .map(target -> model.weights().get(target.weight()))
                                    .noneMatch(GridWeight.class::isInstance);
                    float[] best =
                            isFree && calibration.channels(value) != null
                                    ? new Smoothing(calibration.channels(value), products, model)
                                            .best()
                                    : new float[0];
                    if (best.length > 0) {
                        factors.put(value, best);
                    }
                });
        return factors;
    }

    /** The best factors, or none where they don't help enough. */
    private float[] best() {
        float[] ones = new float[peaks.length];
        Arrays.fill(ones, 1);
        double least = WORTH * noise(ones);
        float[] best = {};
        for (float strength : STRENGTHS) {
            float[] factors = factors(strength);
            double noise = noise(factors);
            if (noise < least) {
                least = noise;
                best = factors;
            }
        }
        return best;
    }

    private float[] factors(double strength) {
        float[] factors = new float[peaks.length];
        for (int i = 0; i < factors.length; ++i) {
            factors[i] =
                    (float) (Math.pow(peaks[i], strength) / Math.pow(largest[i], 1 - strength));
        }
        return factors;
    }

    /**
     * The expected square of the error of all results: a rounded number is off by a twelfth of the
     * square of its step, times the square of what it is multiplied with.
     */
    private double noise(float[] factors) {
        double widest = 0;
        double power = 0;
        for (int i = 0; i < factors.length; ++i) {
            widest = Math.max(widest, statistics.peak(i) / factors[i]);
            power += statistics.meanSquare(i) / ((double) factors[i] * factors[i]);
        }
        double dataStep = 2 * widest / STEPS;
        double noise = 0;
        for (int i = 0; i < products.size(); ++i) {
            IntegerTarget target = products.get(i);
            float[] values = weights.get(i);
            double[] top = new double[target.channels()];
            for (int j = 0; j < values.length; ++j) {
                double scaled = values[j] * factors[inputChannel(target, j, factors.length)];
                noise += dataStep * dataStep * scaled * scaled;
                int output = outputChannel(target, j, factors.length);
                top[output] = Math.max(top[output], Math.abs(scaled));
            }
            for (double one : top) {
                noise += 4 * one * one / (STEPS * STEPS) * power;
            }
        }
        return noise;
    }

    /** Multiplies each input channel of a product's weight with its factor. */
    static EncodedWeight scaled(IntegerTarget target, EncodedWeight weight, float[] factors) {
        float[] values = weight.decode().clone();
        for (int i = 0; i < values.length; ++i) {
            values[i] *= factors[inputChannel(target, i, factors.length)];
        }
        return new DenseWeight(weight.shape(), values);
    }

    /** What x is multiplied with: 1 / s. */
    static DenseWeight reciprocals(float[] factors) {
        float[] values = new float[factors.length];
        for (int i = 0; i < values.length; ++i) {
            values[i] = 1 / factors[i];
        }
        return new DenseWeight(new int[] {values.length}, values);
    }

    private static int inputChannel(IntegerTarget target, int element, int inputs) {
        return target.axis() == 1 ? element / target.channels() : element % inputs;
    }

    private static int outputChannel(IntegerTarget target, int element, int inputs) {
        return target.axis() == 1 ? element % target.channels() : element / inputs;
    }
}
