package dev.bonsai.onnx;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import org.testng.annotations.Test;

/** Weights that are put on grids: how far an element is from its code. */
public class CodedWeightTest {

    private static final int ROWS = 5;
    private static final int LENGTH = 75;

    private static float decoded(BlockWeight weight, int row, int column) {
        int in = row * weight.blocks() + column / weight.block();
        int code = weight.codes()[in * weight.block() + column % weight.block()];
        return (code - weight.zeros()[in]) * weight.scales()[in];
    }

    @Test
    public void anElementOfABlockIsHalfAStepAwayUnlessItIsCut() throws Exception {
        EncodedWeight value = OnnxModels.floats(1, ROWS, LENGTH);
        float[] values = value.decode();
        for (boolean symmetric : new boolean[] {true, false}) {
            BlockWeight weight =
                    BlockWeight.of(
                            "weight",
                            value,
                            0,
                            OnnxQuantization.builder(OnnxForm.BLOCKS_4_BIT)
                                    .optSymmetric(symmetric)
                                    .build());
            for (int row = 0; row < ROWS; ++row) {
                for (int from = 0; from < LENGTH; from += 32) {
                    int to = Math.min(LENGTH, from + 32);
                    float low = 0;
                    float high = 0;
                    for (int i = from; i < to; ++i) {
                        low = Math.min(low, values[row * LENGTH + i]);
                        high = Math.max(high, values[row * LENGTH + i]);
                    }
                    float largest = Math.max(-low, high);
                    double step = symmetric ? largest / 8 : (high - low) / 15;
                    for (int i = from; i < to; ++i) {
                        float given = values[row * LENGTH + i];
                        double off = Math.abs(decoded(weight, row, i) - given);
                        boolean isCut = given > high - step || given < low + step;
                        assertTrue(off <= step * (isCut ? 1.0001 : 0.5001), "off by " + off);
                        if (symmetric && Math.abs(given) == largest) {
                            assertEquals(decoded(weight, row, i), given, 1e-6f * largest);
                        }
                    }
                }
            }
        }
    }

    @Test
    public void theOtherWayRoundIsTheSame() throws Exception {
        EncodedWeight value = OnnxModels.floats(2, ROWS, LENGTH);
        float[] values = value.decode();
        float[] turned = new float[values.length];
        for (int i = 0; i < turned.length; ++i) {
            turned[i % LENGTH * ROWS + i / LENGTH] = values[i];
        }
        EncodedWeight other = new dev.bonsai.encoding.DenseWeight(new int[] {LENGTH, ROWS}, turned);
        OnnxQuantization form = OnnxQuantization.blocks4Bit();
        BlockWeight rows = BlockWeight.of("weight", value, 0, form);
        BlockWeight columns = BlockWeight.of("weight", other, 1, form);
        assertEquals(columns.codes(), rows.codes());
        assertEquals(columns.scales(), rows.scales());
        float[] none = new float[ROWS];
        IntegerWeight first = IntegerWeight.of("weight", value, 0, 8, none);
        IntegerWeight second = IntegerWeight.of("weight", other, 1, 8, none).transposed();
        assertEquals(second.codes().data(), first.codes().data());
        assertEquals(second.scales(), first.scales());
    }

    @Test
    public void anElementOfAChannelIsHalfAStepAway() throws Exception {
        EncodedWeight value = OnnxModels.floats(3, ROWS, LENGTH);
        float[] values = value.decode();
        for (int bits = 2; bits <= 8; ++bits) {
            IntegerWeight weight = IntegerWeight.of("weight", value, 0, bits, new float[ROWS]);
            for (int row = 0; row < ROWS; ++row) {
                float largest = 0;
                for (int i = row * LENGTH; i < (row + 1) * LENGTH; ++i) {
                    largest = Math.max(largest, Math.abs(values[i]));
                }
                double step = largest / ((1 << (bits - 1)) - 1);
                for (int i = row * LENGTH; i < (row + 1) * LENGTH; ++i) {
                    double given = weight.codes().data()[i] * (double) weight.scales()[row];
                    assertEquals(given, values[i], step * 0.5001);
                }
            }
        }
    }

    /**
     * The law of what is written: less its zero point it is the codes, and no two products are
     * lost.
     */
    @Test
    public void writtenCodesAreTheSameAndTheirProductsFit() throws Exception {
        float[] values = new float[ROWS * 6];
        for (int i = 0; i < values.length; ++i) {
            values[i] = i % 5 - 2.3f * (i % 3);
        }
        DenseWeight value = new DenseWeight(new int[] {ROWS, 6}, values);
        for (int bits = 2; bits <= 8; ++bits) {
            IntegerWeight weight = IntegerWeight.of("weight", value, 0, bits, new float[ROWS]);
            IntegerWeight.Written written = weight.written();
            float[] codes = written.codes().decode();
            boolean isSigned = written.codes().type() == ElementType.INT8;
            assertEquals(written.zero(), isSigned ? 0 : 128);
            for (int i = 0; i < codes.length; ++i) {
                assertEquals((int) codes[i] - written.zero(), weight.codes().data()[i]);
                boolean fits = 2 * 255 * Math.abs(codes[i]) < 1 << 15;
                assertTrue(!isSigned || fits, "code " + codes[i] + " of " + bits + " bits");
            }
            assertEquals(isSigned, bits < 8, bits + " bits");
        }
    }
}
