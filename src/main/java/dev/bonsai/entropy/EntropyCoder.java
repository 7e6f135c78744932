package dev.bonsai.entropy;

/**
 * Writes or reads numbers in as few bits as what came before lets expect (adaptive binary
 * arithmetic coding with mixed contexts).
 *
 * <p>A coder is a writer, a reader or a counter. Each method is called alike on all of them, so
 * that what was written is read by the same calls in the same order; what a writer is given a
 * reader returns. All is computed in whole numbers, and so is the same on every machine.
 */
public final class EntropyCoder {

    /** The elements of a weight: a writer asks for them, a reader sets them. */
    public interface Elements {

        /**
         * Returns the number of an element.
         *
         * @param index its row-major index
         * @return the number; a reader ignores it
         */
        int get(int index);

        /**
         * Takes the number of an element that was coded.
         *
         * @param index its row-major index
         * @param number the number
         */
        void set(int index, int number);
    }

    /** What numbers would take at the turn of an element, by what was coded before it. */
    @FunctionalInterface
    public interface Prices {

        /**
         * Returns what a number would take. Of one beyond 2 this is what its bits would take if the
         * coder learned nothing from the first of them.
         *
         * @param number the number, above -2^31
         * @return the ideal length in bits
         */
        double bits(int number);
    }

    /** Decides at the turn of each element what it is coded as. */
    @FunctionalInterface
    public interface Choice {

        /**
         * Chooses the number of an element; the next prices follow from it.
         *
         * @param index its row-major index; asked for in ascending order, once each
         * @param prices what each number would take, until this returns
         * @return the number, above -2^31
         */
        int choose(int index, Prices prices);
    }

    private final BitCoder coder;
    private final ByteModel octets;
    private final NumberModel numbers;
    private final CodeModel matrices;
    private final CodeModel vectors;
    private final FloatModel floats;

    /** The size of each row of the last matrix of codes. */
    private int[] rowSizes = {};

    private EntropyCoder(BitCoder coder) {
        this.coder = coder;
        octets = ByteModel.begin();
        numbers = new NumberModel();
        matrices = new CodeModel();
        vectors = new CodeModel();
        floats = new FloatModel();
    }

    private EntropyCoder(EntropyCoder other) {
        coder = new BitCost();
        octets = other.octets; // not asked of a trial
        numbers = other.numbers.copy();
        matrices = other.matrices.copy();
        vectors = other.vectors.copy();
        floats = other.floats.copy();
        rowSizes = other.rowSizes;
    }

    /**
     * Begins to write.
     *
     * @param expected the bytes to take memory for; more are taken when they are needed
     * @return a writer
     */
    public static EntropyCoder writer(int expected) {
        return new EntropyCoder(new RangeEncoder(expected));
    }

    /**
     * Begins to read.
     *
     * @param bytes what a writer gave
     * @return a reader
     */
    public static EntropyCoder reader(byte[] bytes) {
        return new EntropyCoder(new RangeDecoder(bytes));
    }

    /**
     * Begins to count what would be written.
     *
     * @return a counter
     */
    public static EntropyCoder counter() {
        return new EntropyCoder(new BitCost());
    }

    /**
     * Returns a counter that has learned what this coder has, and goes on from there: to try what
     * something would take. It counts from 0, and all but octets.
     *
     * @return a counter of its own
     */
    public EntropyCoder trial() {
        return new EntropyCoder(this);
    }

    /**
     * Codes a byte.
     *
     * @param octet from 0 to 255
     * @return the byte
     */
    public int octet(int octet) {
        return octets.code(coder, octet);
    }

    /**
     * Codes a number of which small ones are likely.
     *
     * @param number from 0 to 2^31 - 1
     * @return the number; of a damaged stream perhaps a negative one
     */
    public int number(int number) {
        return numbers.code(coder, number);
    }

    /**
     * Codes numbers of which all in a range are alike likely: the width of the range, the lowest
     * number, and how far each is above it.
     *
     * @param size how many there are
     * @param elements the numbers; their differences count as unsigned
     * @return the width in bits; of a damaged stream perhaps more than 32, and then nothing is read
     */
    public int even(int size, Elements elements) {
        int low = size == 0 ? 0 : elements.get(0);
        int high = low;
        for (int i = 0; i < size; ++i) {
            low = Math.min(low, elements.get(i));
            high = Math.max(high, elements.get(i));
        }
        int width = number(Integer.SIZE - Integer.numberOfLeadingZeros(high - low));
        if (width < 0 || width > Integer.SIZE) {
            return width;
        }
        int from = coder.raw(low, Integer.SIZE);
        for (int i = 0; i < size; ++i) {
            elements.set(i, from + coder.raw(elements.get(i) - from, width));
        }
        return width;
    }

    /**
     * Codes signed numbers, of which zeros and small ones are likely.
     *
     * @param layout how they lie
     * @param tied whether the units are the rows of the last matrix of codes, as the input channels
     *     of a layer are the output channels of the one before; ignored where it can't be
     * @param elements the numbers, above -2^31
     */
    public void codes(CodeLayout layout, boolean tied, Elements elements) {
        codes(layout, tied, elements, new CodeModel.Contexts());
    }

    /**
     * Writes or counts signed numbers that are chosen by what they take.
     *
     * @param layout how they lie
     * @param tied as in {@link #codes(CodeLayout, boolean, Elements)}
     * @param choice chooses each number
     */
    public void choose(CodeLayout layout, boolean tied, Choice choice) {
        CodeModel model = model(layout);
        CodeModel.Contexts contexts = new CodeModel.Contexts();
        Prices prices = number -> model.price(number, contexts) / BitPrice.UNIT;
        Elements chosen =
                new Elements() {
                    @Override
                    public int get(int index) {
                        return choice.choose(index, prices);
                    }

                    @Override
                    public void set(int index, int number) {
                        // it is what was chosen
                    }
                };
        codes(layout, tied, chosen, contexts);
    }

    private void codes(
            CodeLayout layout, boolean tied, Elements elements, CodeModel.Contexts contexts) {
        int[] sizes = {};
        CodeLayout looked = layout;
        if (tied && layout.isMatrix()) {
            looked = layout.withUnits(rowSizes.length);
            sizes = looked.units() == rowSizes.length ? rowSizes : sizes;
        }
        CodeModel model = model(layout);
        int[] rows = model.code(coder, looked, sizes, model.signed(), elements, contexts);
        rowSizes = layout.isMatrix() ? rows : rowSizes;
    }

    private CodeModel model(CodeLayout layout) {
        return layout.isMatrix() ? matrices : vectors;
    }

    /**
     * Codes floats, of which zeros are likely.
     *
     * @param layout how they lie
     * @param shape which bits they have
     * @param elements the bits of each, 0 only for zero
     */
    public void floats(CodeLayout layout, FloatShape shape, Elements elements) {
        model(layout)
                .code(
                        coder,
                        layout,
                        new int[0],
                        floats.row(shape),
                        elements,
                        new CodeModel.Contexts());
    }

    /**
     * Ends what was written; nothing may be written after.
     *
     * @return the bytes
     */
    public byte[] finish() {
        return ((RangeEncoder) coder).finish();
    }

    /**
     * Returns what a counter or a reader has coded, in bits by their probabilities.
     *
     * @return the ideal length, which no coder of these probabilities can beat
     */
    public double bits() {
        return coder instanceof RangeDecoder reader ? reader.bits() : ((BitCost) coder).bits();
    }

    /**
     * Returns how far a reader has come.
     *
     * @return the bytes of which it knows what they say
     */
    public int position() {
        return ((RangeDecoder) coder).position();
    }

    /**
     * Tells whether a reader was asked for more than was written, or for other things.
     *
     * @return whether its bytes have ended too early
     */
    public boolean isOverrun() {
        return ((RangeDecoder) coder).isOverrun();
    }

    /**
     * Tells whether a reader was asked for all that was written.
     *
     * @return whether no byte is left
     */
    public boolean isAtEnd() {
        return ((RangeDecoder) coder).isAtEnd();
    }
}
