package dev.bonsai.quantization;

import ai.djl.ndarray.NDManager;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.entropy.CodeLayout;
import dev.bonsai.entropy.EntropyCoder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the width of each weight so that all together take no more bytes than are there: each is
 * rounded at every width that it may have, and its codes are counted as a file counts them.
 *
 * @param bytes what all codes and scales may take
 * @param measure what an error is said to cost
 */
record WidthChoice(long bytes, ErrorMeasure measure) {

    /** Makes the transform of a weight at a width. */
    @FunctionalInterface
    interface AtWidth {

        /** Returns the transform, whose arrays the manager owns. */
        WeightTransform of(int bits, NDManager manager);
    }

    /** The widest of the widths among which there is a choice, if even the narrowest is less. */
    static final int WIDEST = 8;

    private static final Logger logger = LoggerFactory.getLogger(Quantization.class);

    /**
     * Chooses.
     *
     * @param widths the widths that each weight may have
     * @param proposal the values of the weights, and what was gathered about them
     * @param transforms makes the transforms of each weight
     * @return the width of each weight
     */
    Map<TargetWeight, Integer> choose(
            Map<TargetWeight, List<Integer>> widths,
            Proposal proposal,
            Map<TargetWeight, AtWidth> transforms) {
        double usual = usualSensitivity(proposal);
        List<List<BitAllocation.Offer>> offers = new ArrayList<>();
        widths.forEach(
                (weight, own) -> {
                    try (NDManager scratch = proposal.manager().newSubManager()) {
                        Rounded rounded =
                                new Rounded(
                                        proposal.encoded(weight),
                                        Tensors.floats(proposal.value(weight)),
                                        sensitivities(weight, proposal),
                                        usual);
                        AtWidth transform = transforms.get(weight);
                        offers.add(
                                own.stream()
                                        .map(
                                                bits ->
                                                        rounded.offer(
                                                                bits,
                                                                transform.of(bits, scratch),
                                                                scratch))
                                        .toList());
                    }
                });
        List<BitAllocation.Offer> chosen = BitAllocation.choose(offers, (double) Byte.SIZE * bytes);
        warn(chosen);
        Map<TargetWeight, Integer> byWeight = new LinkedHashMap<>();
        widths.keySet().forEach(weight -> byWeight.put(weight, chosen.get(byWeight.size()).bits()));
        return byWeight;
    }

    private void warn(List<BitAllocation.Offer> chosen) {
        double length = chosen.stream().mapToDouble(BitAllocation.Offer::length).sum() / Byte.SIZE;
        if (length > bytes) {
            logger.warn(
                    "The weights take {} bytes at the fewest bits that they may have, more than the"
                            + " goal of {}: allow fewer bits, prune before, or set another goal",
                    String.format(Locale.ROOT, "%,.0f", length),
                    String.format(Locale.ROOT, "%,d", bytes));
        }
    }

    /** Returns what each element counts; empty where nothing is known of the weight. */
    private Optional<FloatBuffer> sensitivities(TargetWeight weight, Proposal proposal) {
        return measure == ErrorMeasure.GRADIENTS && Signal.GRADIENT_SQUARED.isGatheredOf(weight)
                ? Optional.of(Tensors.floats(proposal.signal(weight, Signal.GRADIENT_SQUARED)))
                : Optional.empty();
    }

    /** Returns the mean of what elements count, over all weights of which it is known. */
    private double usualSensitivity(Proposal proposal) {
        double sum = 0;
        long count = 0;
        for (TargetWeight weight : proposal.weights()) {
            Optional<FloatBuffer> known = sensitivities(weight, proposal);
            if (known.isPresent()) {
                FloatBuffer values = known.get();
                for (int i = 0; i < values.capacity(); ++i) {
                    sum += values.get(i);
                }
                count += values.capacity();
            }
        }
        return count == 0 ? 0 : sum / count;
    }

    /**
     * A weight that is rounded at several widths.
     *
     * @param encoded the weight before, as it is stored
     * @param values its elements
     * @param sensitivities what the squared error of each element is multiplied by
     * @param usual the same of an element of which it is not known; 0 if it is known of none
     */
    private record Rounded(
            EncodedWeight encoded,
            FloatBuffer values,
            Optional<FloatBuffer> sensitivities,
            double usual) {

        BitAllocation.Offer offer(int bits, WeightTransform transform, NDManager manager) {
            GridWeight grid = (GridWeight) transform.encode(encoded, manager);
            double zeroPoints = grid.isSymmetric() ? 0 : (double) bits * grid.zeroPoints().length;
            double others = (double) scaleBits(grid) * grid.scales().length + zeroPoints;
            return new BitAllocation.Offer(bits, others + codeBits(grid), error(grid));
        }

        /** As a file has them: in 16 bits where these hold all of them. */
        private static int scaleBits(GridWeight grid) {
            for (float scale : grid.scales()) {
                if (!FloatFormat.BFLOAT16.holds(scale)) {
                    return Float.SIZE;
                }
            }
            return FloatFormat.BFLOAT16.bits();
        }

        private static double codeBits(GridWeight grid) {
            EntropyCoder counter = EntropyCoder.counter();
            int[] zeroPoints = grid.zeroPoints();
            counter.choose(
                    CodeLayout.of(grid.shape(), grid.size()),
                    false,
                    (i, prices) ->
                            grid.codes().get(i)
                                    - (grid.isSymmetric()
                                            ? 0
                                            : zeroPoints[grid.layout().groupOf(i)]));
            return counter.bits();
        }

        private double error(GridWeight grid) {
            double[] sum = {0};
            grid.forEachBlock(
                    (from, decoded, length) -> {
                        for (int i = 0; i < length; ++i) {
                            double error = (double) decoded[i] - values.get(from + i);
                            double counts =
                                    sensitivities.isPresent()
                                            ? sensitivities.get().get(from + i)
                                            : 1;
                            sum[0] += counts * error * error;
                        }
                    });
            if (sensitivities.isPresent()) {
                return sum[0];
            }
            return usual > 0 ? usual * sum[0] : relative(sum[0]);
        }

        private double relative(double squaredError) {
            double sum = 0;
            int count = 0;
            for (int i = 0; i < values.capacity(); ++i) {
                double value = values.get(i);
                sum += value * value;
                count += value == 0 ? 0 : 1;
            }
            return sum == 0 ? 0 : squaredError * count / sum;
        }
    }
}
