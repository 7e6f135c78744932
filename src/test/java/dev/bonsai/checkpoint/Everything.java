package dev.bonsai.checkpoint;

import dev.bonsai.core.StateArray;
import dev.bonsai.core.TransformState;
import dev.bonsai.encoding.Codes;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A record with a component of every kind that a state may have. */
record Everything(
        Numbers numbers, Optionals optionals, Lists lists, Arrays arrays, String text, Color color)
        implements TransformState {

    enum Color {
        RED,
        GREEN
    }

    record Numbers(int ints, long longs, float floats, double doubles, boolean truth, Long boxed) {}

    record Optionals(
            OptionalInt ints,
            OptionalLong longs,
            OptionalDouble doubles,
            Optional<Float> floats,
            Optional<String> text,
            Optional<Numbers> record,
            Optional<BitSet> bits) {}

    record Lists(
            List<Integer> ints,
            List<Double> doubles,
            List<String> texts,
            List<Color> colors,
            List<Numbers> records,
            List<float[]> arrays) {}

    record Arrays(
            byte[] bytes,
            int[] ints,
            long[] longs,
            float[] floats,
            double[] doubles,
            BitSet bits,
            Codes codes,
            StateArray large) {}
}
