package dev.bonsai.core;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.bonsai.checkpoint.StateFileReader;
import dev.bonsai.checkpoint.StateFileWriter;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The law of {@link Technique#restore}: transforms that were written into a file in the middle of a
 * training and restored from there go on, bit for bit, as the ones that they were written from.
 * Users run it with {@link WeightTransformContract#restoredBy}, or by itself for several weights.
 *
 * <p>The training has two batches per step, gradients that are drawn, and moves each element by the
 * same amount against the sign of its gradient. States are taken between two steps and between two
 * batches of a step.
 */
public final class RestorationContract {

    private static final int STEPS = 3;
    private static final int BATCHES = 2;
    private static final float RATE = 0.01f;

    private final Technique technique;
    private Map<TargetWeight, WeightTransform> before = Map.of();

    private RestorationContract(Technique technique) {
        this.technique = technique;
    }

    /**
     * Prepares the check.
     *
     * @param technique the technique that made the transforms
     */
    public static RestorationContract of(Technique technique) {
        return new RestorationContract(technique);
    }

    /**
     * Says what stands before the transforms, and is not trained itself.
     *
     * @param transforms the transform before that of each weight; none by default
     */
    public RestorationContract behind(Map<TargetWeight, WeightTransform> transforms) {
        before = Map.copyOf(transforms);
        return this;
    }

    /**
     * Checks the law.
     *
     * @param transforms all transforms of a proposal, which are trained on
     * @param values a value of each weight
     * @throws AssertionError if it is broken: the message names what differs and where
     */
    public void check(
            Map<TargetWeight, WeightTransform> transforms, Map<TargetWeight, float[]> values) {
        try (NDManager owner = NDManager.newBaseManager()) {
            Training training = new Training(transforms, owner);
            values.forEach(training::begin);
            for (int batches : new int[] {2 * BATCHES, BATCHES + 1}) {
                training.run(batches);
                goesOnTheSame(training, ", going on " + training.batch % BATCHES + " after a step");
            }
        }
    }

    private void goesOnTheSame(Training training, String when) {
        try (NDManager owner = NDManager.newBaseManager();
                NDManager state = NDManager.newBaseManager()) {
            byte[] written = bytes(training.transforms);
            Map<TargetWeight, WeightTransform> restored =
                    restored(written, training.transforms.keySet(), state);
            Training other = training.copy(restored, owner);
            assertSame(bytes(restored), written, "the state of what was restored" + when);
            for (int i = 0; i < STEPS * BATCHES; ++i) {
                List<Seen> expected = training.run(1);
                List<Seen> got = other.run(1);
                for (int k = 0; k < expected.size(); ++k) {
                    assertSame(
                            got.get(k).values(), expected.get(k).values(), got.get(k).what + when);
                }
            }
            assertSame(bytes(restored), bytes(training.transforms), "the state at last" + when);
        }
    }

    /**
     * Writes transforms into a file and makes them again.
     *
     * @param transforms all transforms of a proposal
     * @param state the owner of what the new ones keep
     * @return the new ones
     */
    public Map<TargetWeight, WeightTransform> restored(
            Map<TargetWeight, WeightTransform> transforms, NDManager state) {
        return restored(bytes(transforms), transforms.keySet(), state);
    }

    private Map<TargetWeight, WeightTransform> restored(
            byte[] written, Set<TargetWeight> weights, NDManager state) {
        Path file = temporary();
        try {
            Files.write(file, written);
            try (StateFileReader reader = StateFileReader.open(file)) {
                Map<TargetWeight, TransformState> states = new LinkedHashMap<>();
                for (TargetWeight weight : weights) {
                    JsonElement json = reader.root().get(weight.path());
                    states.put(weight, reader.toState(json, technique.getStateTypes()));
                }
                Map<TargetWeight, WeightTransform> restored = technique.restore(states, state);
                if (!List.copyOf(restored.keySet()).equals(List.copyOf(states.keySet()))) {
                    throw new AssertionError("restored: " + restored + ", asked for: " + states);
                }
                return restored;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(file);
        }
    }

    /**
     * Writes the states of transforms.
     *
     * @param transforms the transforms
     * @return the bytes of a file of states, which are the same for equal states
     */
    public byte[] bytes(Map<TargetWeight, WeightTransform> transforms) {
        StateFileWriter writer = new StateFileWriter();
        JsonObject root = new JsonObject();
        for (Map.Entry<TargetWeight, WeightTransform> entry : transforms.entrySet()) {
            TransformState state = entry.getValue().getState();
            root.add(entry.getKey().path(), writer.toJson(state, technique.getStateTypes()));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writer.write(Channels.newChannel(bytes), root);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempFile("bonsai", ".state");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertSame(byte[] got, byte[] expected, String what) {
        int at = Arrays.mismatch(got, expected);
        if (at >= 0) {
            throw new AssertionError(
                    String.format(
                            "%s: byte %d of %d differs%n%s%n%s",
                            what, at, expected.length, text(got), text(expected)));
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, 0, Math.min(400, bytes.length), StandardCharsets.ISO_8859_1);
    }

    private static void assertSame(float[] got, float[] expected, String what) {
        for (int i = 0; i < Math.max(got.length, expected.length); ++i) {
            if (Float.floatToRawIntBits(got[i]) != Float.floatToRawIntBits(expected[i])) {
                throw new AssertionError(
                        String.format(
                                "%s, element %d: expected %s, but got %s",
                                what, i, expected[i], got[i]));
            }
        }
    }

    /** What the outside sees of a transform. */
    private record Seen(String what, float[] values) {}

    /** Weights that are trained behind transforms. */
    private final class Training {

        private final Map<TargetWeight, WeightTransform> transforms;
        private final NDManager owner;
        private final Map<TargetWeight, NDArray> latents = new LinkedHashMap<>();
        private final ForwardPass pass = WeightTransformContract.pass(Mode.TRAINING);
        private int batch;

        Training(Map<TargetWeight, WeightTransform> transforms, NDManager owner) {
            this.transforms = transforms;
            this.owner = owner;
        }

        void begin(TargetWeight weight, float... value) {
            NDArray latent = Tensors.constant(owner, value, weight.shape());
            latent.setRequiresGradient(true);
            latents.put(weight, latent);
        }

        /** Returns the same training, gradients of an unfinished step included. */
        Training copy(Map<TargetWeight, WeightTransform> others, NDManager other) {
            Training copy = new Training(others, other);
            copy.batch = batch;
            latents.forEach((weight, latent) -> copy.begin(weight, latent.toFloatArray()));
            copy.begin();
            List<NDArray> from = trained();
            List<NDArray> to = copy.trained();
            if (from.size() != to.size()) {
                throw new AssertionError("parameters: " + to + ", expected as many as " + from);
            }
            for (int i = 0; i < from.size(); ++i) {
                try (NDArray gradient = from.get(i).getGradient();
                        NDArray copied = to.get(i).getGradient()) {
                    Tensors.overwrite(copied, gradient);
                }
            }
            return copy;
        }

        /** Has all arrays have a gradient, to be overwritten. */
        private void begin() {
            for (NDArray array : trained()) {
                try (GradientCollector collector = Engine.getInstance().newGradientCollector();
                        NDArray sum = array.sum()) {
                    collector.backward(sum);
                }
            }
        }

        private List<NDArray> trained() {
            List<NDArray> all = new ArrayList<>(latents.values());
            for (WeightTransform transform : transforms.values()) {
                transform.getParameters().stream()
                        .filter(Parameter::requiresGradient)
                        .forEach(own -> all.add(own.getArray()));
            }
            return all;
        }

        /** Trains on some batches. */
        List<Seen> run(int batches) {
            List<Seen> seen = new ArrayList<>();
            for (int i = 0; i < batches; ++i) {
                backward(seen);
                hooks(
                        (hook, latent) -> {
                            try (NDManager scratch = NDManager.newBaseManager();
                                    NDArray gradient = latent.getGradient()) {
                                gradient.attach(scratch);
                                hook.beforeStep(Tensors.alias(latent, scratch), gradient, pass);
                            }
                        });
                ++batch;
                if (batch % BATCHES == 0) {
                    step(seen);
                }
            }
            return seen;
        }

        private void backward(List<Seen> seen) {
            try (NDManager scratch = NDManager.newBaseManager();
                    GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                Random random = new Random(batch);
                for (TargetWeight weight : transforms.keySet()) {
                    NDArray input = alias(latents.get(weight), scratch);
                    NDArray effective = applied(weight, input, pass);
                    seen.add(new Seen("the training pass of " + weight, effective.toFloatArray()));
                    float[] upstream = new float[(int) effective.size()];
                    for (int i = 0; i < upstream.length; ++i) {
                        upstream[i] = (float) random.nextGaussian();
                    }
                    collector.backward(
                            effective
                                    .mul(Tensors.constant(scratch, upstream, weight.shape()))
                                    .sum());
                }
            }
        }

        private NDArray alias(NDArray latent, NDManager scratch) {
            NDArray alias = latent.reshape(latent.getShape());
            alias.attach(scratch);
            return alias;
        }

        private void hooks(BiConsumer<StepHook, NDArray> action) {
            latents.forEach(
                    (weight, latent) -> {
                        if (transforms.get(weight) instanceof StepHook hook) {
                            action.accept(hook, latent);
                        }
                    });
        }

        private void step(List<Seen> seen) {
            for (NDArray trained : trained()) {
                try (NDManager scratch = NDManager.newBaseManager();
                        NDArray gradient = trained.getGradient()) {
                    seen.add(new Seen("a gradient", gradient.toFloatArray()));
                    gradient.attach(scratch);
                    Tensors.alias(trained, scratch).subi(gradient.sign().mul(RATE));
                    Tensors.overwrite(gradient, gradient.zerosLike());
                    seen.add(new Seen("a trained array", trained.toFloatArray()));
                }
            }
            hooks(
                    (hook, latent) -> {
                        try (NDManager scratch = NDManager.newBaseManager()) {
                            hook.afterStep(Tensors.alias(latent, scratch));
                        }
                    });
            for (TargetWeight weight : transforms.keySet()) {
                look(weight, latents.get(weight).toFloatArray(), seen);
            }
        }

        private NDArray applied(TargetWeight weight, NDArray input, ForwardPass asked) {
            WeightTransform transform = transforms.get(weight);
            WeightTransform earlier = before.get(weight);
            return earlier == null
                    ? transform.apply(input, asked)
                    : transform.apply(
                            earlier.apply(input, asked),
                            WeightTransformContract.behind(earlier, input, asked));
        }

        private void look(TargetWeight weight, float[] latent, List<Seen> seen) {
            WeightTransform transform = transforms.get(weight);
            seen.add(new Seen("the latent weight " + weight, latent));
            try (NDManager scratch = NDManager.newBaseManager()) {
                NDArray input = Tensors.constant(scratch, latent, weight.shape());
                NDArray effective =
                        applied(weight, input, WeightTransformContract.pass(Mode.INFERENCE));
                seen.add(new Seen("the inference pass of " + weight, effective.toFloatArray()));
                int[] shape = Tensors.dimensions(weight.shape());
                DenseWeight dense = new DenseWeight(shape, latent.clone());
                EncodedWeight given =
                        before.containsKey(weight)
                                ? before.get(weight).encode(dense, scratch)
                                : dense;
                float[] decoded = transform.encode(given, scratch).decode();
                seen.add(new Seen("the encoding of " + weight, decoded));
                if (transform instanceof Projection projection) {
                    projection.project(input);
                    seen.add(new Seen("the projection of " + weight, input.toFloatArray()));
                }
            }
        }
    }
}
