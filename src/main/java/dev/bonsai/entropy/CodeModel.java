package dev.bonsai.entropy;

/**
 * Predicts the codes of matrices, element by element in row-major order: whether a code is zero,
 * its sign, and its magnitude.
 *
 * <p>Zeros come in rows, columns and units, so that each bit is predicted from the sizes of these
 * so far and from the neighbours, all at once ({@link MixedBit}).
 */
final class CodeModel {

    private static final int SIZES = CodeContexts.SIZES;

    /** The most places of a unit that are told apart. */
    private static final int PLACES = 32;

    private final MixedBit zero;
    private final MixedBit sign;
    private final MagnitudeModel magnitude;

    CodeModel() {
        this(size(), new MixedBit(1, 9, 27, PLACES), new MagnitudeModel(size()));
    }

    private static MixedBit size() {
        return new MixedBit(4, SIZES * SIZES, SIZES * SIZES, SIZES * SIZES, 243, SIZES * PLACES);
    }

    private CodeModel(MixedBit zero, MixedBit sign, MagnitudeModel magnitude) {
        this.zero = zero;
        this.sign = sign;
        this.magnitude = magnitude;
    }

    CodeModel copy() {
        return new CodeModel(zero.copy(), sign.copy(), magnitude.copy());
    }

    /** What is coded of an element that is not zero. */
    interface Nonzero {

        /** Codes the number of an element. */
        int code(BitCoder coder, int number, Contexts contexts);

        /** Returns what neighbours see of it: not 0, and the sign is its own. */
        int seen(int number);
    }

    /**
     * Codes all elements.
     *
     * @param unitSizes the size of each unit that is known from elsewhere, below {@link
     *     CodeContexts#SIZES}; empty if none are
     * @param contexts those of the element whose turn it is, to be found anew for each
     * @return the size of each row, for units that depend on it
     */
    int[] code(
            BitCoder coder,
            CodeLayout layout,
            int[] unitSizes,
            Nonzero nonzero,
            EntropyCoder.Elements elements,
            Contexts contexts) {
        CodeContexts at = new CodeContexts(layout);
        int[] rowSizes = new int[layout.rows()];
        int index = 0;
        for (int row = 0; row < rowSizes.length; ++row) {
            at.beginRow();
            int end = Math.min(layout.size(), index + layout.columns());
            for (; index < end; ++index) {
                contexts.find(at, layout.span(), unitSizes);
                int number = elements.get(index);
                contexts.say(zero);
                boolean isZero = zero.code(coder, number == 0 ? 1 : 0, contexts.set) == 1;
                int coded = isZero ? 0 : nonzero.code(coder, number, contexts);
                elements.set(index, coded);
                at.add(isZero ? 0 : nonzero.seen(coded));
            }
            rowSizes[row] = at.sizeOfRow();
        }
        return rowSizes;
    }

    /** Returns what codes the codes of a grid or a codebook. */
    Nonzero signed() {
        return new Nonzero() {
            @Override
            public int code(BitCoder coder, int number, Contexts contexts) {
                return signed(coder, number, contexts);
            }

            @Override
            public int seen(int number) {
                return number;
            }
        };
    }

    private int signed(BitCoder coder, int code, Contexts contexts) {
        contexts.saySigns(sign);
        boolean negative = sign.code(coder, code >>> (Integer.SIZE - 1), 0) == 1;
        int coded = magnitude.code(coder, Math.abs(code), contexts);
        return negative ? -coded : coded;
    }

    /**
     * Returns what a code of a grid or a codebook would take at the turn of an element, in parts of
     * a bit of 2 to the power of -16. Nothing is learned from it.
     */
    long price(int code, Contexts contexts) {
        contexts.say(zero);
        if (code == 0) {
            return zero.price(1, contexts.set);
        }
        long price = zero.price(0, contexts.set);
        contexts.saySigns(sign);
        price += sign.price(code >>> (Integer.SIZE - 1), 0);
        return price + magnitude.price(Math.abs(code), contexts);
    }

    /** The numbers of the contexts of an element. */
    static final class Contexts {

        private int row;
        private int column;
        private int unit;
        private int place;
        private int placeSize;
        private int known;
        private int near;
        private int signs;
        private int moreSigns;
        private int set;

        private void find(CodeContexts at, int span, int[] unitSizes) {
            set = (at.isFirstRow() ? 0 : 1) + (unitSizes.length == 0 ? 0 : 2);
            int left = at.left(1);
            int above = at.above();
            int back = span > 1 ? at.left(span) : at.twoAbove();
            row = at.rowSize();
            column = at.columnSize();
            unit = span > 1 ? at.unitSize() : column;
            place = span > 1 ? Math.min(PLACES - 1, at.column() % span) : 0;
            placeSize = span > 1 ? at.placeSize() : 0;
            known = unitSizes.length == 0 ? 0 : unitSizes[at.column() / span];
            near =
                    upTo2(left)
                            + 3 * upTo2(above)
                            + 9 * upTo2(at.left(2))
                            + 27 * upTo2(at.aboveLeft())
                            + 81 * upTo2(at.aboveRight());
            signs = sign(left) + 3 * sign(above);
            moreSigns = signs + 9 * sign(back);
        }

        int row() {
            return row;
        }

        int column() {
            return column;
        }

        int set() {
            return set;
        }

        void say(MixedBit bit) {
            bit.context(0, row * SIZES + column);
            bit.context(1, unit * SIZES + row);
            bit.context(2, known * SIZES + ((set & 1) == 0 ? 0 : column));
            bit.context(3, near);
            bit.context(4, placeSize * PLACES + place);
        }

        private void saySigns(MixedBit sign) {
            sign.context(0, signs);
            sign.context(1, moreSigns);
            sign.context(2, place);
        }

        private static int upTo2(int code) {
            return code == 0 ? 0 : code == 1 || code == -1 ? 1 : 2;
        }

        private static int sign(int code) {
            return code == 0 ? 0 : code > 0 ? 1 : 2;
        }
    }
}
