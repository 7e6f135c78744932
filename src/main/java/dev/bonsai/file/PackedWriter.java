package dev.bonsai.file;

import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import java.util.BitSet;

/** Writes numbers in as many bits as their range needs, behind the head of their weight. */
final class PackedWriter implements NumberWriter {

    private Coded positions;
    private Coded values;

    @Override
    public Coding coding(EncodedWeight weight) {
        int size = weight.size();
        BitSet nonzeros = nonzeros(weight);
        Coded plain = values(weight, IntSequence.range(size), false);
        Coded kept = values(weight, IntSequence.of(nonzeros), true);
        if (nonzeros.cardinality() == size) {
            boolean shorter = kept.bytes() < plain.bytes();
            return decided(shorter ? Coding.NONZERO : Coding.PLAIN, null, shorter ? kept : plain);
        }
        Positions.Chosen chosen = Positions.of(nonzeros, size);
        return chosen.coded().bytes() + kept.bytes() < plain.bytes()
                ? decided(chosen.coding(), chosen.coded(), kept)
                : decided(Coding.PLAIN, null, plain);
    }

    private Coding decided(Coding coding, Coded where, Coded what) {
        positions = where;
        values = what;
        return coding;
    }

    private static BitSet nonzeros(EncodedWeight weight) {
        BitSet nonzeros = new BitSet(weight.size());
        for (int i = 0; i < weight.size(); ++i) {
            nonzeros.set(i, !weight.isZero(i));
        }
        return nonzeros;
    }

    @Override
    public void write(EncodedWeight weight, Coding coding, ByteSink head) {
        if (weight instanceof GridWeight grid) {
            PackedFloats.write(grid.scales(), WeightWriter.scaleFormat(grid), head);
            if (!grid.isSymmetric()) {
                PackedInts.write(grid.zeroPoints(), head);
            }
        } else if (weight instanceof CodebookWeight shared) {
            PackedFloats.write(shared.codebook(), FloatFormat.FLOAT32, head);
        }
        if (positions != null) {
            positions.write(head);
        }
        values.write(head);
    }

    /** Returns the values of some elements, which are all of them, or those other than zero. */
    private static Coded values(EncodedWeight weight, IntSequence at, boolean nonzero) {
        if (weight instanceof DenseWeight dense) {
            FloatFormat format = dense.format();
            IntSequence bits = at.map(i -> format.toBits(dense.values().get(i) + 0f)); // no -0
            return PackedFloats.of(bits, format);
        }
        if (weight instanceof GridWeight grid) {
            long absent = nonzero && grid.isSymmetric() ? 0 : PackedInts.NONE;
            return PackedInts.of(at.map(grid.codes()::get), absent);
        }
        if (weight instanceof CodebookWeight shared) {
            long absent = nonzero ? CodebookWeight.indexOfZero(shared.codebook()) : PackedInts.NONE;
            return PackedInts.of(at.map(shared.assignments()::get), absent);
        }
        return new ExactValues((ExactWeight) weight, at);
    }

    /** Elements in the bytes of their type. */
    private record ExactValues(ExactWeight weight, IntSequence at) implements Coded {

        @Override
        public long bytes() {
            return (long) at.count() * weight.type().bytes();
        }

        @Override
        public void write(ByteSink sink) {
            int width = weight.type().bytes();
            at.forEach(i -> sink.bytes(weight.data(), i * width, width));
        }
    }
}
