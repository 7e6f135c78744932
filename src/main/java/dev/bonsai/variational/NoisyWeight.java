package dev.bonsai.variational;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import dev.bonsai.core.CountedRandom;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.Learned;
import dev.bonsai.core.StepHook;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightScales;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.EncodedWeight;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Adds noise to a weight in training, with a learned variance for each element, and otherwise sets
 * to zero what is mostly noise.
 */
final class NoisyWeight implements WeightTransform, StepHook {

    private final Settings settings;
    private final Parameter parameter;
    private final Noise noise;
    private final CountedRandom places;
    private final Origin origin;
    private final NDArray zero;
    private int place;
    private boolean mirrored = true;

    /**
     * What is the same for all weights of a state.
     *
     * @param threshold the least {@code log alpha} of what is removed
     * @param rate how many times {@code log sigma^2} is the trained parameter
     * @param scale the weight of the divergence
     */
    record Settings(float threshold, float rate, double scale) {}

    /**
     * What all weights of a state share.
     *
     * @param noise the noise
     * @param zero an array of one zero
     */
    record Source(Noise noise, NDArray zero) {}

    /**
     * Which of the random numbers of a technique are those of a weight.
     *
     * @param step the training step at which the noise of all weights was drawn
     * @param index the place of the weight among those of its state
     */
    record Origin(long step, int index) {}

    /**
     * Makes the transform of one weight.
     *
     * @param parameter {@code log sigma^2 / rate}, of the shape of the weight
     * @param source the noise of the state, and an array of one zero
     * @param random the places of the noise
     * @param origin where these random numbers come from
     */
    NoisyWeight(
            Settings settings,
            Parameter parameter,
            Source source,
            SplittableRandom random,
            Origin origin) {
        this.settings = settings;
        this.parameter = parameter;
        noise = source.noise();
        zero = source.zero();
        places = Noise.places(random);
        this.origin = origin;
    }

    /** Goes on where another stood. */
    void resume(NoisyState stood) {
        place = places.skip(stood.draws());
        mirrored = stood.mirrored();
    }

    @Override
    public NoisyState getState() {
        return new NoisyState(
                settings.scale(),
                origin.step(),
                origin.index(),
                places.draws(),
                mirrored,
                Learned.values(parameter));
    }

    @Override
    public List<Parameter> getParameters() {
        return List.of(parameter);
    }

    @Override
    public NDArray apply(NDArray weight, ForwardPass pass) {
        if (pass.mode() == Mode.TRAINING) {
            return noisy(weight, pass.value(parameter));
        }
        NDArray keep = keep(weight.stopGradient(), pass.value(parameter));
        return weight.mul(keep).addi(zero); // -x * 0 = -0, and -0 + 0 = +0
    }

    /** What is left is on the grid that it was on before. */
    @Override
    public Optional<WeightScales> scales(NDArray weight, ForwardPass pass) {
        return pass.scales();
    }

    /**
     * Returns {@code w + sigma * noise}. The noise is the same in every other pass with the
     * opposite sign, so that its first-order effect on the training cancels out.
     *
     * <p>It is multiplied with the sign of the weight: that changes nothing but what is exactly
     * zero, which stays so.
     */
    private NDArray noisy(NDArray weight, NDArray trained) {
        NDManager scratch = weight.getManager();
        mirrored = !mirrored;
        if (!mirrored) {
            place = places.next();
        }
        NDArray unit = weight.stopGradient().sign();
        unit.muli(noise.window(place, weight.getShape(), scratch));
        if (mirrored) {
            unit.negi();
        }
        NDArray deviation = Tensors.constant(scratch, settings.rate() / 2).mul(trained).exp();
        return weight.add(unit.addi(zero).mul(deviation));
    }

    @Override
    public void beforeStep(NDArray latent, NDArray gradient, ForwardPass pass) {
        NDArray trained = pass.value(parameter);
        try (NDArray towards = trained.getGradient()) {
            Divergence.addGradients(
                    latent,
                    logVariance(trained, latent.getManager()),
                    new Divergence.Gradients(gradient, towards),
                    settings.scale(),
                    settings.rate());
        }
    }

    @Override
    public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
        NDArray keep = keep(Tensors.decoded(manager, weight), parameter.getArray());
        float[] kept = keep.toFloatArray();
        BitSet bits = new BitSet(kept.length);
        for (int i = 0; i < kept.length; ++i) {
            bits.set(i, kept[i] != 0);
        }
        return Tensors.masked(weight, bits, manager);
    }

    /** Returns 1 where {@code log alpha} is below the threshold or lower than everywhere else. */
    private NDArray keep(NDArray weight, NDArray trained) {
        NDManager scratch = weight.getManager();
        NDArray margin = weight.abs().log().muli(2).addi(settings.threshold());
        margin.subi(logVariance(trained, scratch));
        NDArray keep = margin.gt(0);
        if (keep.any().getBoolean()) {
            return keep.toType(DataType.FLOAT32, false);
        }
        float[] one = new float[Math.toIntExact(weight.size())];
        one[(int) margin.argMax().getLong()] = 1;
        return Tensors.constant(scratch, one, weight.getShape());
    }

    private NDArray logVariance(NDArray trained, NDManager scratch) {
        try (NDArray outside = trained.stopGradient()) {
            return Tensors.constant(scratch, settings.rate()).mul(outside);
        }
    }
}
