package dev.bonsai.entropy;

/** Predicts bytes, each bit from the bits before it and up to three bytes before. */
final class ByteModel {

    private static final int HASH_BITS = 14;
    private static final int HASHES = 1 << HASH_BITS;

    private final MixedBit bits;
    private int one;
    private int two;
    private int three;

    /** What every model starts with. */
    private static final ByteModel PRIMED = primed();

    private ByteModel(MixedBit bits) {
        this.bits = bits;
    }

    /** Returns a model that has learned the {@link Primer}. */
    static ByteModel begin() {
        return new ByteModel(PRIMED.bits.copy());
    }

    private static ByteModel primed() {
        ByteModel model = new ByteModel(new MixedBit(1, 1 << Byte.SIZE, 1 << 16, HASHES, HASHES));
        BitCoder learning = new BitCost();
        for (byte octet : Primer.bytes()) {
            model.code(learning, octet & 0xff);
        }
        return model;
    }

    int code(BitCoder coder, int octet) {
        int node = 1;
        for (int i = Byte.SIZE - 1; i >= 0; --i) {
            bits.context(0, node);
            bits.context(1, one << Byte.SIZE | node);
            bits.context(2, hash(two << 16 | one << 8 | node));
            bits.context(3, hash((three << 24 | two << 16 | one << 8 | node) * 31 + 1));
            node = node << 1 | bits.code(coder, octet >>> i & 1, 0);
        }
        int coded = node & 0xff;
        three = two;
        two = one;
        one = coded;
        return coded;
    }

    private static int hash(int value) {
        return (value * 0x9e3779b1) >>> (Integer.SIZE - HASH_BITS);
    }
}
