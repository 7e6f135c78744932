package dev.bonsai.lowbit;

import static dev.bonsai.lowbit.Weights.encode;
import static dev.bonsai.lowbit.Weights.normals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.Technique;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.NamedWeight.Role;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import java.util.List;
import org.testng.annotations.Test;

/** What the first linear layer of LeNet-5, 500 x 800, takes in a file. */
public class LowBitFileTest {

    private static final Shape SHAPE = new Shape(500, 800);
    private static final int SIZE = 400_000;

    /** Frame, name, shape, ranges: a few dozen bytes. */
    private static final int HEAD = 64;

    @Test
    void aBinaryWeightTakesABitAndAScaleAChannel() {
        long bytes = bytes(encoded(Binarization.builder().build()));
        assertTrue(bytes <= SIZE / 8 + 500 * 4 + HEAD, "bytes: " + bytes);
        long one = bytes(encoded(Binarization.builder().optScale(BinaryScale.PER_TENSOR).build()));
        assertTrue(one <= SIZE / 8 + 4 + HEAD, "bytes: " + one);
    }

    @Test
    void aTernaryWeightTakesABitAndASignForEachNonzero() {
        for (Technique technique :
                List.of(
                        Ternarization.builder().build(),
                        Ternarization.builder().optScale(TernaryScale.TRAINED).build())) {
            EncodedWeight weight = encoded(technique);
            int nonzeros = SIZE - weight.zeros();
            long bytes = bytes(weight);
            assertTrue(
                    bytes <= (SIZE + nonzeros) / 8 + 500 * 4 + HEAD,
                    "bytes: " + bytes + ", nonzeros: " + nonzeros);
        }
    }

    private static EncodedWeight encoded(Technique technique) {
        return encode(technique, 1, SHAPE, normals(SHAPE, 1));
    }

    private static long bytes(EncodedWeight weight) {
        NamedWeight named = new NamedWeight("06Linear_weight", Role.WEIGHT, weight);
        return BonsaiFile.encode(new BonsaiModel(List.of(named), List.of())).length;
    }
}
