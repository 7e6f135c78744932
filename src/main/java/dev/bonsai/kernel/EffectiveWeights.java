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
import java.util.ArrayList;
import java.util.Arrays;
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
     * Encodes a weight: the latent values first, then what each transform makes of them.
     *
     * @throws IllegalStateException if decoding does not give the effective weight bit for bit
     */
    List<EncodedWeight> encode(Plan plan, TargetWeight weight) {
        List<EncodedWeight> stages = new ArrayList<>();
        try (NDManager scratch = manager.newSubManager()) {
            EncodedWeight encoded = latent(weight, scratch);
            stages.add(encoded);
            List<WeightTransform> transforms = plan.of(weights.weightId(weight.parameter()));
            for (WeightTransform transform : transforms) {
                encoded = transform.encode(encoded, scratch);
                stages.add(encoded);
            }
            if (!transforms.isEmpty()) {
                float[] effective = effective(transforms, weight, scratch).toFloatArray();
                int at = Arrays.mismatch(effective, encoded.decode());
                if (at >= 0) {
                    throw new IllegalStateException(
                            String.format(
                                    Locale.ROOT,
                                    "The encoding of %s differs from what the forward pass used:"
                                            + " element %d is %s, but decodes to %s. A transform"
                                            + " among %s breaks its contract",
                                    weight,
                                    at,
                                    effective[at],
                                    encoded.decode()[at],
                                    transforms));
                }
            }
        }
        return stages;
    }

    /** Returns the latent values; those that are not 32-bit floats bit for bit in their type. */
    private EncodedWeight latent(TargetWeight weight, NDManager scratch) {
        NDArray alias = weights.latent(weight).stopGradient();
        alias.attach(scratch);
        int[] shape =
                Arrays.stream(alias.getShape().getShape()).mapToInt(Math::toIntExact).toArray();
        if (alias.getDataType() != DataType.FLOAT32) {
            return new ExactWeight(shape, Tensors.elementType(alias), Tensors.bytes(alias));
        }
        return new DenseWeight(shape, alias.toFloatArray());
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
