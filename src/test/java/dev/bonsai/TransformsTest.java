package dev.bonsai;

import static org.testng.Assert.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import dev.bonsai.format.EncodedWeight;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Chains of transforms, and what the next one may do to the result of the one before. */
public class TransformsTest {

    private static final float[] LATENT = {1, -2, 3};

    /** A projection that returns its input, or a copy of it. */
    private record Unchanged(boolean copies) implements WeightTransform {

        @Override
        public NDArray apply(NDArray weight, ForwardPass pass) {
            return copies ? weight.mul(1) : weight;
        }

        @Override
        public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
            return weight;
        }

        @Override
        public boolean isProjection() {
            return true;
        }
    }

    /** Negates its input in place where it may. */
    private record Negation() implements WeightTransform {

        @Override
        public NDArray apply(NDArray weight, ForwardPass pass) {
            return pass.mayOverwrite() ? weight.negi() : weight.add(1);
        }

        @Override
        public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
            return weight;
        }
    }

    @DataProvider
    public Object[][] chains() {
        return new Object[][] {
            {List.of(new Unchanged(true), new Negation()), new float[] {-1, 2, -3}},
            {List.of(new Unchanged(false), new Negation()), new float[] {2, -1, 4}},
            {List.of(new Negation()), new float[] {2, -1, 4}},
            {List.of(new Negation(), new Negation()), new float[] {3, 0, 5}},
        };
    }

    @Test(dataProvider = "chains")
    public void onlyWhatAProjectionHasMadeMayBeOverwritten(
            List<WeightTransform> chain, float[] expected) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray latent = manager.create(LATENT, new Shape(3));
            ForwardPass pass = WeightTransformContract.pass(ForwardPass.Mode.INFERENCE);
            assertEquals(
                    Transforms.apply(chain, latent, pass, manager).toFloatArray(), expected, 0f);
            assertEquals(latent.toFloatArray(), LATENT, 0f, "the latent weight");
        }
    }
}
