package dev.bonsai.entropy;

/**
 * Symbols of a few bits, the highest first: each bit is predicted from those before it, and from
 * those and a context.
 */
final class BitTree {

    private final MixedBit bits;
    private final int width;

    /**
     * @param width the bits of a symbol
     * @param contexts the number of contexts
     */
    BitTree(int width, int contexts) {
        this(width, new MixedBit(1, 1 << width, contexts << width));
    }

    private BitTree(int width, MixedBit bits) {
        this.width = width;
        this.bits = bits;
    }

    BitTree copy() {
        return new BitTree(width, bits.copy());
    }

    int code(BitCoder coder, int symbol, int context) {
        int node = 1;
        for (int i = width - 1; i >= 0; --i) {
            bits.context(0, node);
            bits.context(1, context << width | node);
            node = node << 1 | bits.code(coder, symbol >>> i & 1, 0);
        }
        return node - (1 << width);
    }
}
