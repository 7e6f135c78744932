package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.WeightError;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Works out effective weights outside a forward pass: to write them in place or to encode them. */
final class EffectiveWeights {

    private final ModelWeights weights;
    private final NDManager manager;

    EffectiveWeights(ModelWeights weights, NDManager manager) {
        this.weights = weights;
        this.manager = manager;
    }

    /** Overwrites the latent values of some weights with their effective ones. */
    void bake(Plan plan, Predicate<TargetWeight> which) {
        for (TargetWeight weight : weights.distinct()) {
            List<WeightTransform> transforms = plan.of(weight.id());
            if (!transforms.isEmpty() && which.test(weight)) {
                try (NDArray effective = effective(transforms, weight, manager)) {
                    weights.write(weight.parameter(), effective);
                }
            }
        }
    }

    /** Returns an effective weight, outside any graph. */
    NDArray effective(List<WeightTransform> transforms, TargetWeight weight, NDManager owner) {
        try (NDArray latent = weights.latent(weight).stopGradient()) {
            return Transforms.apply(transforms, latent, new InferencePass(weights), owner);
        }
    }

    /**
     * A weight as it is stored.
     *
     * @param value the weight
     * @param error what the last transform has changed; none if there is no transform
     */
    record Encoded(EncodedWeight value, WeightError error) {}

    /**
     * Encodes a weight: what all transforms make of the latent values.
     *
     * @throws IllegalStateException if decoding does not give the effective weight bit for bit
     */
    Encoded encode(Plan plan, TargetWeight weight) {
        List<WeightTransform> transforms = plan.of(weights.weightId(weight.parameter()));
        Encoded encoded = encode(transforms, weight);
        if (!transforms.isEmpty()) {
            try (NDManager scratch = manager.newSubManager()) {
                NDArray effective = effective(transforms, weight, scratch);
                check(encoded.value(), effective, weight, transforms);
            }
        }
        return encoded;
    }

    private Encoded encode(List<WeightTransform> transforms, TargetWeight weight) {
        try (NDManager scratch = manager.newSubManager()) {
            EncodedWeight given = latent(weight, scratch);
            EncodedWeight encoded = given;
            for (WeightTransform transform : transforms) {
                given = encoded;
                encoded = transform.encode(encoded, scratch);
            }
            return new Encoded(kept(encoded), WeightError.of(given, encoded));
        }
    }

    private static void check(
            EncodedWeight encoded,
            NDArray effective,
            TargetWeight weight,
            List<WeightTransform> transforms) {
        FloatBuffer values = Tensors.floats(effective);
        int at = encoded.mismatch(values);
        if (at >= 0) {
            float[] decoded = new float[1];
            encoded.decode(at, decoded, 1);
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "The encoding of %s differs from what the forward pass used: element"
                                    + " %d is %s, but decodes to %s. A transform among %s breaks"
                                    + " its contract",
                            weight,
                            at,
                            values.get(at),
                            decoded[0],
                            transforms));
        }
    }

    /** Returns the latent values; those that are not 32-bit floats bit for bit in their type. */
    private EncodedWeight latent(TargetWeight weight, NDManager scratch) {
        NDArray alias = Tensors.alias(weights.latent(weight), scratch);
        int[] shape = Tensors.dimensions(alias.getShape());
        return alias.getDataType() == DataType.FLOAT32
                ? new DenseWeight(shape, Tensors.floats(alias), FloatFormat.FLOAT32)
                : new ExactWeight(shape, Tensors.elementType(alias), Tensors.bytes(alias));
    }

    /** Copies what lies in the memory of the engine, which the training goes on to change. */
    private static EncodedWeight kept(EncodedWeight encoded) {
        return encoded instanceof DenseWeight dense && dense.values().isDirect()
                ? new DenseWeight(dense.shape(), dense.decode(), dense.format())
                : encoded;
    }

    private record InferencePass(ModelWeights weights) implements ForwardPass {

        @Override
        public Mode mode() {
            return Mode.INFERENCE;
        }

        @Override
        public NDArray value(Parameter own) {
            return weights.value(own);
        }
    }
}
