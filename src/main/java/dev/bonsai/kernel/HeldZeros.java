package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.ElementMask;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.HoldZeros;
import dev.bonsai.core.Projection;
import dev.bonsai.core.StateType;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.TransformState;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.text.Numbers;
import java.lang.invoke.MethodHandles;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The zeros that weights come with and that are held while the model trains: a mask in front of all
 * techniques, which no gate judges, as it changes nothing.
 */
final class HeldZeros {

    /** From this fraction of zeros on they are taken for the work of an earlier pruning. */
    private static final double MANY = 0.1;

    private final ModelWeights weights;
    private final NDManager manager;
    private final Map<TargetWeight, WeightTransform> masks = new LinkedHashMap<>();
    private final List<String> held = new ArrayList<>();
    private final List<String> moved = new ArrayList<>();

    /** A technique and what its listener wants. */
    record Wish(Technique technique, HoldZeros choice) {}

    /**
     * Looks for zeros.
     *
     * @param wishes for each target the techniques that work on it
     * @param manager the owner of the masks
     */
    HeldZeros(ModelWeights weights, Map<TargetWeight, List<Wish>> wishes, NDManager manager) {
        this.weights = weights;
        this.manager = manager;
        wishes.forEach(this::look);
    }

    /** Several listeners may work on a weight: NEVER counts first, then ALWAYS. */
    private void look(TargetWeight weight, List<Wish> wishes) {
        long size = weight.shape().size();
        long zeros = size - nonzeros(weight);
        boolean many = zeros < size && zeros >= MANY * size;
        boolean always = wishes.stream().anyMatch(w -> w.choice == HoldZeros.ALWAYS);
        if (wishes.stream().anyMatch(w -> w.choice == HoldZeros.NEVER)
                || zeros == 0
                || !(many || always)) {
            return;
        }
        String text =
                String.format(
                        Locale.ROOT,
                        "%s (%s of %s elements)",
                        weight.path(),
                        Numbers.count(zeros),
                        Numbers.count(size));
        if (!always && wishes.stream().anyMatch(w -> w.technique.movesZeros())) {
            moved.add(text);
        } else {
            masks.put(weight, mask(weight));
            held.add(text);
        }
    }

    private long nonzeros(TargetWeight weight) {
        try (NDManager scratch = manager.newSubManager()) {
            return Tensors.alias(weights.latent(weight), scratch).countNonzero().getLong();
        }
    }

    private Mask mask(TargetWeight weight) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray latent = Tensors.alias(weights.latent(weight), scratch);
            FloatBuffer values = Tensors.floats(latent);
            BitSet keep = new BitSet(values.remaining());
            for (int i = 0; i < values.remaining(); ++i) {
                keep.set(i, values.get(i) != 0);
            }
            return new Mask(
                    new ElementMask(keep, latent.getShape(), latent.getDataType(), manager));
        }
    }

    /** The kind of states that the masks have. */
    static final StateType STATE_TYPE =
            StateType.of("heldZeros", MaskState.class, MethodHandles.lookup());

    /**
     * What is held.
     *
     * @param keep the row-major indices of all other elements, not to be changed
     */
    record MaskState(BitSet keep) implements TransformState {}

    /**
     * Makes the masks again that have left states.
     *
     * @param states what each mask's {@code getState} returned
     * @param owner the owner of the masks
     * @return a mask for each, in the same order
     * @throws IllegalArgumentException if a state doesn't fit its weight
     */
    static Map<TargetWeight, WeightTransform> restore(
            Map<TargetWeight, MaskState> states, NDManager owner) {
        Map<TargetWeight, WeightTransform> masks = new LinkedHashMap<>();
        states.forEach(
                (weight, state) -> {
                    if (state.keep().length() > weight.size()) {
                        throw new IllegalArgumentException(
                                String.format(
                                        Locale.ROOT,
                                        "The state of %s keeps element %d: restore it into the"
                                                + " model that it was taken from",
                                        weight,
                                        state.keep().length() - 1));
                    }
                    masks.put(
                            weight,
                            new Mask(
                                    new ElementMask(
                                            state.keep(),
                                            weight.shape(),
                                            weight.dataType(),
                                            owner)));
                });
        return masks;
    }

    /** Returns the masks as a state that stands in front of the techniques'. */
    State state() {
        return new State(0, masks, Optional.empty());
    }

    /** Says what was held, and what was not. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (!held.isEmpty()) {
            notes.add(
                    "the zeros that the model came with were held: "
                            + String.join(", ", held)
                            + ". To let them train, call optHoldZeros(HoldZeros.NEVER)");
        }
        if (!moved.isEmpty()) {
            notes.add(
                    "the zeros that the model came with were not held, as a technique moves zeros"
                            + " itself: "
                            + String.join(", ", moved)
                            + ". To hold them, call optHoldZeros(HoldZeros.ALWAYS)");
        }
        return notes;
    }

    /** Sets the elements to zero that were zero at the start. */
    private record Mask(ElementMask mask) implements Projection {

        @Override
        public NDArray apply(NDArray weight, ForwardPass pass) {
            Optional<NDArray> cleared =
                    pass.mode() == ForwardPass.Mode.INFERENCE // no gradient is stopped
                            ? mask.clearedCopy(weight)
                            : Optional.empty();
            return cleared.orElseGet(() -> mask.applyTo(weight));
        }

        @Override
        public MaskState getState() {
            return new MaskState(mask.keep());
        }

        @Override
        public void project(NDArray latent) {
            mask.project(latent);
        }

        @Override
        public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
            return Tensors.masked(weight, mask.keep(), manager);
        }
    }
}
