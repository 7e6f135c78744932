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
import java.util.function.BiFunction;
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
    EncodedWeight encode(Plan plan, TargetWeight weight) {
        List<WeightTransform> transforms = chain(plan, weight);
        EncodedWeight encoded = encode(transforms, weight, (given, last) -> kept(last));
        check(encoded, weight, transforms);
        return encoded;
    }

    /** Encodes a weight, and works out what the last transform has changed. */
    Encoded encodeMeasured(Plan plan, TargetWeight weight) {
        List<WeightTransform> transforms = chain(plan, weight);
        Encoded encoded =
                encode(
                        transforms,
                        weight,
                        (given, last) -> new Encoded(kept(last), WeightError.of(given, last)));
        check(encoded.value(), weight, transforms);
        return encoded;
    }

    /**
     * Encodes what some transforms make of a weight.
     *
     * @param scratch the owner of the memory that the result may lie in
     */
    EncodedWeight encoded(
            List<WeightTransform> transforms, TargetWeight weight, NDManager scratch) {
        EncodedWeight encoded = latent(weight, scratch);
        for (WeightTransform transform : transforms) {
            encoded = transform.encode(encoded, scratch);
        }
        return encoded;
    }

    private List<WeightTransform> chain(Plan plan, TargetWeight weight) {
        return plan.of(weights.weightId(weight.parameter()));
    }

    /**
     * @param end makes the result of what the last transform was given and what it has made of it,
     *     which may lie in memory that is freed then
     */
    private <T> T encode(
            List<WeightTransform> transforms,
            TargetWeight weight,
            BiFunction<EncodedWeight, EncodedWeight, T> end) {
        try (NDManager scratch = manager.newSubManager()) {
            EncodedWeight given = latent(weight, scratch);
            EncodedWeight encoded = given;
            for (WeightTransform transform : transforms) {
                given = encoded;
                encoded = transform.encode(encoded, scratch);
            }
            return end.apply(given, encoded);
        }
    }

    private void check(
            EncodedWeight encoded, TargetWeight weight, List<WeightTransform> transforms) {
        if (!transforms.isEmpty()) {
            try (NDManager scratch = manager.newSubManager()) {
                check(encoded, effective(transforms, weight, scratch), weight, transforms);
            }
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
