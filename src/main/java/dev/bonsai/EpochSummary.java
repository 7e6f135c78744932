package dev.bonsai;

import dev.bonsai.format.EncodedWeight;
import java.util.List;

/**
 * How far the compression had come when an epoch ended: what stood accepted then.
 *
 * @param epoch the number of epochs trained, from 0 for the state before the first
 * @param metric the metric of the accepted state
 * @param sparsity the fraction of zeros over all weights that techniques work on
 * @param bits the bits of a weight, averaged over the elements of these weights; 32 where nothing
 *     is quantized or shared
 */
public record EpochSummary(int epoch, double metric, double sparsity, double bits) {

    static EpochSummary of(int epoch, double metric, List<EncodedWeight> weights) {
        double size = weights.stream().mapToDouble(EncodedWeight::size).sum();
        double zeros = weights.stream().mapToDouble(EncodedWeight::zeros).sum();
        double bits = weights.stream().mapToDouble(w -> (double) w.bits() * w.size()).sum();
        return new EpochSummary(epoch, metric, zeros / size, bits / size);
    }
}
