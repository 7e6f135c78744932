package dev.bonsai.core;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The contract of {@link WeightTransform} as one check, the same for every technique, those of
 * one's own included: it comes in a jar of its own, the one with the classifier {@code tests}, and
 * needs no test framework.
 *
 * <pre>{@code
 * WeightTransformContract.of(transform, state.manager(), weight.shape(), values)
 *         .idempotentWithin(1e-6f)                          // 0, that is bit for bit, by default
 *         .noisyInTraining()                                // the same every time, by default
 *         .gradient(upstream -> ...)                        // the identity by default
 *         .restoredBy(technique)                            // can't be written down, by default
 *         .check();
 * }</pre>
 */
public final class WeightTransformContract {

    private final WeightTransform transform;
    private final NDManager state;
    private final Shape shape;
    private final float[] values;
    private float tolerance;
    private boolean noisy;
    private Optional<WeightTransform> before = Optional.empty();
    private Optional<Technique> technique = Optional.empty();
    private UnaryOperator<float[]> gradient = upstream -> upstream;

    private WeightTransformContract(
            WeightTransform transform, NDManager state, Shape shape, float[] values) {
        this.transform = transform;
        this.state = state;
        this.shape = shape;
        this.values = values.clone();
    }

    /**
     * Prepares the check.
     *
     * @param transform the transform
     * @param state the manager that owns the arrays of the transform
     * @param shape the shape of the weight
     * @param values a value that the transform was made for
     */
    public static WeightTransformContract of(
            WeightTransform transform, NDManager state, Shape shape, float[] values) {
        return new WeightTransformContract(transform, state, shape, values);
    }

    /** Says what stands before the transform: what it gives is what the transform is given. */
    public WeightTransformContract behind(WeightTransform transformBefore) {
        before = Optional.of(transformBefore);
        return this;
    }

    /** Allows a difference between one application and two. */
    public WeightTransformContract idempotentWithin(float absolute) {
        tolerance = absolute;
        return this;
    }

    /** Allows noise in a training pass: two applications may differ there. */
    public WeightTransformContract noisyInTraining() {
        noisy = true;
        return this;
    }

    /** Says which gradient the weight receives for the gradient of the effective weight. */
    public WeightTransformContract gradient(UnaryOperator<float[]> expected) {
        gradient = expected;
        return this;
    }

    /**
     * Has the state written down and restored in the middle of a training, see {@link
     * RestorationContract}: the transform is trained on thereby, after all other checks.
     *
     * @param maker the technique that made the transform, as the only one of its proposal
     */
    public WeightTransformContract restoredBy(Technique maker) {
        technique = Optional.of(maker);
        return this;
    }

    /**
     * Checks every clause in both modes.
     *
     * @throws AssertionError if one is broken: the message names it, what was expected and what was
     *     found
     */
    public void check() {
        for (Mode mode : Mode.values()) {
            shapeTypeAndOwnerAreRight(mode);
            zeroStaysPositiveZero(mode);
            if (!noisy || mode == Mode.INFERENCE) {
                twiceEqualsOnce(mode);
            }
        }
        gradientIsAsExpected();
        projectionInPlaceIsTheSame();
        encodingDecodesToTheForwardPass();
        technique.ifPresent(this::restoredItGoesOnTheSame);
    }

    private void restoredItGoesOnTheSame(Technique maker) {
        Parameter parameter =
                Parameter.builder()
                        .setName("weight")
                        .setType(Parameter.Type.WEIGHT)
                        .optShape(shape)
                        .build();
        TargetWeight weight = new TargetWeight("weight", parameter, "Linear");
        RestorationContract.of(maker)
                .behind(before.map(b -> Map.of(weight, b)).orElse(Map.of()))
                .check(Map.of(weight, transform), Map.of(weight, values));
    }

    private void shapeTypeAndOwnerAreRight(Mode mode) {
        try (NDManager model = open();
                NDManager scratch = open()) {
            NDArray latent = model.create(values, shape);
            NDArray input = alias(latent, scratch);
            int owned = state.getManagedArrays().size();
            NDArray result = applied(input, mode);
            assertEquals(result.getShape(), shape, "the shape of the result");
            assertEquals(result.getDataType(), latent.getDataType(), "the type of the result");
            assertEquals(result.getManager(), scratch, "the owner of the result");
            assertEquals(
                    state.getManagedArrays().size(), owned, "arrays left in the state's manager");
            assertSameBits(latent.toFloatArray(), values, "the latent weight after the pass");
        }
    }

    private void zeroStaysPositiveZero(Mode mode) {
        float[] zeros = values.clone();
        for (int i = 0; i < zeros.length; i += 3) {
            zeros[i] = i % 2 == 0 ? 0f : -0f;
        }
        float[] result = apply(zeros, mode);
        for (int i = 0; i < zeros.length; ++i) {
            if (zeros[i] == 0f || result[i] == 0f) {
                assertEquals(
                        Float.floatToRawIntBits(result[i]),
                        0,
                        "the bits of +0 at " + i + ", where the input is " + zeros[i]);
            }
        }
    }

    private void twiceEqualsOnce(Mode mode) {
        float[] once;
        float[] twice;
        try (NDManager scratch = open()) {
            NDArray latent = scratch.create(values, shape);
            ForwardPass own = own(latent, pass(mode));
            once = transform.apply(given(latent, pass(mode)), own).toFloatArray();
            twice = transform.apply(scratch.create(once, shape), own).toFloatArray();
        }
        if (tolerance == 0) {
            assertSameBits(twice, once, "applying twice and once");
        } else {
            assertClose(twice, once, tolerance, "applying twice and once");
        }
    }

    private void gradientIsAsExpected() {
        Random random = new Random(17);
        float[] upstream = new float[values.length];
        for (int i = 0; i < upstream.length; ++i) {
            upstream[i] = random.nextInt(1, 100); // whole numbers, so that products are exact
        }
        try (NDManager model = open();
                NDManager scratch = open();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray latent = model.create(values, shape);
            latent.setRequiresGradient(true);
            NDArray effective = applied(alias(latent, scratch), Mode.TRAINING);
            collector.backward(effective.mul(scratch.create(upstream, shape)).sum());
            float[] got = latent.getGradient().toFloatArray();
            // Exact: every clause of the contract is a copy, a zero or a product with 1.
            assertClose(got, gradient.apply(upstream.clone()), 0, "the gradient");
        }
    }

    private void projectionInPlaceIsTheSame() {
        if (transform instanceof Projection projection) {
            try (NDManager scratch = open()) {
                NDArray projected = scratch.create(values, shape);
                int owned = scratch.getManagedArrays().size();
                projection.project(projected);
                assertEquals(scratch.getManagedArrays().size(), owned, "arrays left behind");
                assertSameBits(
                        projected.toFloatArray(),
                        apply(values, Mode.TRAINING),
                        "the projection in place");
            }
        }
    }

    private void encodingDecodesToTheForwardPass() {
        DenseWeight dense =
                new DenseWeight(
                        Arrays.stream(shape.getShape()).mapToInt(Math::toIntExact).toArray(),
                        values.clone());
        try (NDManager scratch = open()) {
            EncodedWeight given = before.isPresent() ? before.get().encode(dense, scratch) : dense;
            float[] decoded = transform.encode(given, scratch).decode();
            float[] applied = apply(dense.decode(), Mode.INFERENCE);
            assertSameBits(decoded, applied, "the decoded encoding");
        }
    }

    private float[] apply(float[] weight, Mode mode) {
        try (NDManager scratch = open()) {
            return applied(scratch.create(weight, shape), mode).toFloatArray();
        }
    }

    /** What the transform makes of a latent weight that is given to what stands before it. */
    private NDArray applied(NDArray latent, Mode mode) {
        ForwardPass asked = pass(mode);
        return transform.apply(given(latent, asked), own(latent, asked));
    }

    private NDArray given(NDArray latent, ForwardPass asked) {
        return before.map(earlier -> earlier.apply(latent, asked)).orElse(latent);
    }

    private ForwardPass own(NDArray latent, ForwardPass asked) {
        return before.map(earlier -> behind(earlier, latent, asked)).orElse(asked);
    }

    /** Not a child of the state's manager, which would count its arrays as its own. */
    private NDManager open() {
        return NDManager.newBaseManager(state.getDevice());
    }

    /** A part of the latent's graph that a short-lived manager owns, as in a forward pass. */
    private static NDArray alias(NDArray latent, NDManager scratch) {
        NDArray alias = latent.reshape(latent.getShape());
        alias.attach(scratch);
        return alias;
    }

    private static void assertSameBits(float[] got, float[] expected, String what) {
        assertEquals(got.length, expected.length, "the elements of " + what);
        for (int i = 0; i < got.length; ++i) {
            if (Float.floatToRawIntBits(got[i]) != Float.floatToRawIntBits(expected[i])) {
                throw broken(what + ", element " + i, got[i], expected[i]);
            }
        }
    }

    private static void assertClose(float[] got, float[] expected, float by, String what) {
        assertEquals(got.length, expected.length, "the elements of " + what);
        for (int i = 0; i < got.length; ++i) {
            boolean close = got[i] == expected[i] || Math.abs(got[i] - expected[i]) <= by;
            if (!close) {
                throw broken(what + ", element " + i, got[i], expected[i]);
            }
        }
    }

    private static void assertEquals(Object got, Object expected, String what) {
        if (!got.equals(expected)) {
            throw broken(what, got, expected);
        }
    }

    private static AssertionError broken(String what, Object got, Object expected) {
        return new AssertionError(
                String.format("%s: expected %s, but got %s", what, expected, got));
    }

    /** A pass whose transforms find their own parameters as they are. */
    public static ForwardPass pass(Mode mode) {
        return pass(mode, Parameter::getArray);
    }

    /** A pass with a chosen value for the transforms' own parameters. */
    public static ForwardPass pass(Mode mode, Function<Parameter, NDArray> own) {
        return new ForwardPass() {
            @Override
            public Mode mode() {
                return mode;
            }

            @Override
            public NDArray value(Parameter parameter) {
                return own.apply(parameter);
            }
        };
    }

    /**
     * A pass as the transform behind another one sees it.
     *
     * @param before the transform before
     * @param given what that one is given
     * @param pass the pass
     */
    public static ForwardPass behind(WeightTransform before, NDArray given, ForwardPass pass) {
        return withScales(pass, () -> before.scales(given, pass));
    }

    /**
     * A pass whose weights lie on a grid.
     *
     * @param pass the pass
     * @param scales finds the scales of the grid
     */
    public static ForwardPass withScales(
            ForwardPass pass, Supplier<Optional<WeightScales>> scales) {
        return new ForwardPass() {
            @Override
            public Mode mode() {
                return pass.mode();
            }

            @Override
            public NDArray value(Parameter parameter) {
                return pass.value(parameter);
            }

            @Override
            public Optional<WeightScales> scales() {
                return scales.get();
            }
        };
    }
}
