package dev.bonsai.entropy;

/**
 * Predicts floats: whether a float is the one before, its sign, its exponent, the first bits of its
 * fraction. The other bits are as they are.
 */
final class FloatModel {

    /** The bits of a fraction that are predicted. */
    private static final int PREDICTED = 3;

    private static final int EXPONENT_BITS = 8;
    private static final int EXPONENTS = 1 << EXPONENT_BITS;

    private final LearnedBit same;
    private final MixedBit sign;
    private final BitTree exponent;
    private final BitTree fraction;

    FloatModel() {
        this(
                new LearnedBit(2),
                new MixedBit(1, 1, 2),
                new BitTree(EXPONENT_BITS, EXPONENTS),
                new BitTree(PREDICTED, 1));
    }

    private FloatModel(LearnedBit same, MixedBit sign, BitTree exponent, BitTree fraction) {
        this.same = same;
        this.sign = sign;
        this.exponent = exponent;
        this.fraction = fraction;
    }

    FloatModel copy() {
        return new FloatModel(same.copy(), sign.copy(), exponent.copy(), fraction.copy());
    }

    /** Codes floats that are not zero, one after the other. */
    CodeModel.Nonzero row(FloatShape shape) {
        return new Row(shape);
    }

    private final class Row implements CodeModel.Nonzero {

        private final FloatShape shape;
        private int last;
        private int wasSame;

        Row(FloatShape shape) {
            this.shape = shape;
        }

        @Override
        public int code(BitCoder coder, int bits, CodeModel.Contexts contexts) {
            wasSame = same.code(coder, bits == last ? 1 : 0, wasSame);
            if (wasSame == 0) {
                sign.context(0, 0);
                sign.context(1, shape.sign(last));
                int coded = sign.code(coder, shape.sign(bits), 0);
                coded = coded << shape.exponentBits() | power(coder, shape.exponent(bits));
                last = coded << shape.fractionBits() | fraction(coder, shape.fraction(bits));
            }
            return last;
        }

        @Override
        public int seen(int bits) {
            return 1 - 2 * shape.sign(bits);
        }

        private int power(BitCoder coder, int power) {
            return exponent.code(coder, power, shape.exponent(last))
                    & ((1 << shape.exponentBits()) - 1);
        }

        private int fraction(BitCoder coder, int value) {
            int kept = shape.fractionBits() - shape.dropped();
            if (kept < PREDICTED) {
                return coder.raw(value >>> shape.dropped(), kept) << shape.dropped();
            }
            int raw = kept - PREDICTED;
            int first = fraction.code(coder, value >>> (shape.dropped() + raw), 0);
            int others = coder.raw(value >>> shape.dropped(), raw);
            return (first << raw | others) << shape.dropped();
        }
    }
}
