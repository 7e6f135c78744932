package dev.bonsai.file;

import dev.bonsai.encoding.Codes;
import dev.bonsai.encoding.FloatFormat;
import java.util.BitSet;
import java.util.Optional;

/** Reads numbers that a {@link PackedWriter} wrote, from behind the head of their weight. */
final class PackedReader implements NumberReader {

    private static final String VALUES = "its values";

    private final ByteSource source;
    private Runnable positionsEnd = () -> {};

    PackedReader(ByteSource source) {
        this.source = source;
    }

    @Override
    public void onPositions(Runnable action) {
        positionsEnd = action;
    }

    @Override
    public void check(Coding coding) throws BonsaiFormatException {
        if (coding.isCoded()) {
            throw source.error(
                    "it has coding "
                            + coding.tag()
                            + ", which is one of section '"
                            + ModelReader.CODED
                            + "' only");
        }
    }

    @Override
    public float[] floats(int count, FloatFormat format, String what) throws BonsaiFormatException {
        return PackedFloats.read(source, count, format, what);
    }

    @Override
    public int[] integers(int count, String what) throws BonsaiFormatException {
        return PackedInts.read(source, count, what);
    }

    @Override
    public float[] elements(Coding coding, int[] shape, int size, FloatFormat format)
            throws BonsaiFormatException {
        Elements elements = elements(coding, size);
        IntSource packed = PackedFloats.open(source, elements.count(), format, VALUES);
        float[] values = new float[size];
        packed.read(bits -> values[elements.next()] = format.fromBits(bits));
        return values;
    }

    @Override
    public Codes codes(Coding coding, CodeRange range) throws BonsaiFormatException {
        Elements elements = elements(coding, range.size());
        long absent = coding == Coding.PLAIN ? PackedInts.NONE : range.zero();
        IntSource packed = PackedInts.open(source, elements.count(), absent, VALUES);
        Codes.Builder codes = range.builder();
        elements.positions()
                .ifPresent(
                        positions -> {
                            int i = positions.nextClearBit(0);
                            for (; i < codes.size(); i = positions.nextClearBit(i + 1)) {
                                codes.set(i, range.origin().applyAsInt(i));
                            }
                        });
        packed.read(value -> codes.set(elements.next(), value));
        return codes.build();
    }

    @Override
    public byte[] exact(Coding coding, int size, int width) throws BonsaiFormatException {
        Elements elements = elements(coding, size);
        byte[] kept = source.bytes((long) elements.count() * width, VALUES);
        if (elements.count() == size) {
            return kept;
        }
        byte[] data = new byte[size * width];
        for (int i = 0; i < elements.count(); ++i) {
            System.arraycopy(kept, i * width, data, elements.next() * width, width);
        }
        return data;
    }

    private Elements elements(Coding coding, int size) throws BonsaiFormatException {
        if (!coding.hasPositions()) {
            return new Elements(Optional.empty(), size);
        }
        BitSet positions = Positions.read(coding, source, size);
        positionsEnd.run();
        return new Elements(Optional.of(positions), positions.cardinality());
    }

    /** The elements that the file has values of, in order. */
    private static final class Elements {

        private final Optional<BitSet> positions;
        private final int count;
        private int next;

        /**
         * @param positions which they are; empty where it is all of them
         * @param count how many they are
         */
        Elements(Optional<BitSet> positions, int count) {
            this.positions = positions;
            this.count = count;
        }

        Optional<BitSet> positions() {
            return positions;
        }

        int count() {
            return count;
        }

        /** Returns the index of the next one. */
        int next() {
            int index = positions.isPresent() ? positions.get().nextSetBit(next) : next;
            next = index + 1;
            return index;
        }
    }
}
