package dev.bonsai.examples;

import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.quantization.Granularity;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.quantization.Scales;
import dev.bonsai.rounding.RateDistortionRounding;

/** The techniques as a small file needs them. */
final class SmallFile {

    /** The learning rate to begin with: few weights bear, and need, longer steps. */
    static final float LEARNING_RATE = 2e-3f;

    /** A bias has few values and a scale of its own, so that bits cost little. */
    static final int BIAS_BITS = 4;

    /** The biases too, which else take half of a small file; not what a batch norm scales by. */
    private static final WeightSelector WEIGHTS_AND_BIASES =
            WeightSelector.builder().include(".*(weight|bias)").build();

    private SmallFile() {}

    /** Removes biases too, and what leads nowhere first. */
    static Technique pruning(float sparsity, int steps) {
        return Pruning.builder()
                .setTargetSparsity(sparsity)
                .optCriterion(Criterion.magnitude().deadEndsFirst())
                .optSchedule(SparsitySchedule.cubic(steps))
                .optSelector(WEIGHTS_AND_BIASES)
                .build();
    }

    /** One scale a weight, as one a channel would take a quarter of a small file; it is learned. */
    static Quantization.Builder quantization(int bits) {
        return Quantization.builder()
                .setBits(bits)
                .addBits("bias", BIAS_BITS)
                .optScales(Scales.LEARNED)
                .optGranularity(Granularity.perTensor())
                .optSelector(WEIGHTS_AND_BIASES);
    }

    /** Rounds by bits what a preset quantizes. */
    static Technique rounding(Preset preset, float lambda) {
        RateDistortionRounding.Builder rounding =
                RateDistortionRounding.builder().setLambda(lambda);
        return preset == Preset.SMALL || preset == Preset.SMALLEST
                ? rounding.optSelector(WEIGHTS_AND_BIASES).build()
                : rounding.build();
    }
}
