package dev.bonsai.trace;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.operator.ConstantOfShape;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.type.Constants;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An array of a block's own making that depends on the sizes: one value everywhere, the same values
 * along the axes that are free, evenly spaced numbers, or one number that follows from the sizes.
 */
final class VaryingConstant {

    private final List<EncodedWeight> all;
    private final List<Sizes.Expression> shape;
    private final Sizes sizes;
    private final SizeNodes nodes;
    private final ElementType type;

    /**
     * @param all the array per pass
     * @param shape the shape by the sizes
     * @param sizes the sizes
     * @param nodes where nodes are added
     */
    VaryingConstant(
            List<EncodedWeight> all, List<Sizes.Expression> shape, Sizes sizes, SizeNodes nodes) {
        this.all = all;
        this.shape = shape;
        this.sizes = sizes;
        this.nodes = nodes;
        type = Constants.type(all.get(0));
    }

    /** Returns the name of the value that is computed; empty if there are no words for it. */
    Optional<String> name() {
        return filled().or(this::expanded).or(this::spaced).or(this::scalar);
    }

    private Optional<String> filled() {
        float value = all.get(0).decode()[0];
        boolean same =
                all.stream()
                        .allMatch(
                                array -> {
                                    for (float element : array.decode()) {
                                        if (element != value) {
                                            return false;
                                        }
                                    }
                                    return true;
                                });
        boolean whole = value == (int) value || !Constants.isInteger(type);
        return same && whole && !shape.isEmpty()
                ? Optional.of(nodes.node(new ConstantOfShape(value, type), nodes.numbers(shape)))
                : Optional.empty();
    }

    /** The same values along each axis of which the size differs. */
    private Optional<String> expanded() {
        List<EncodedWeight> cut = new ArrayList<>();
        for (EncodedWeight array : all) {
            EncodedWeight whole = array;
            for (int axis = 0; axis < shape.size(); ++axis) {
                if (!shape.get(axis).terms().isEmpty()) {
                    Optional<EncodedWeight> once = once(whole, axis);
                    if (once.isEmpty()) {
                        return Optional.empty();
                    }
                    whole = once.get();
                }
            }
            cut.add(whole);
        }
        boolean same = cut.stream().allMatch(cut.get(0)::equals) && !shape.isEmpty();
        return same
                ? Optional.of(
                        nodes.node(Plain.EXPAND, nodes.constant(cut.get(0)), nodes.numbers(shape)))
                : Optional.empty();
    }

    /** Returns the values at the start of an axis if they are the same all along. */
    private static Optional<EncodedWeight> once(EncodedWeight array, int axis) {
        int[] dims = array.shape();
        int inner = product(dims, axis + 1, dims.length);
        int outer = product(dims, 0, axis);
        int bytes = array.bits() / Byte.SIZE;
        byte[] all = bytes(array);
        byte[] kept = new byte[outer * inner * bytes];
        int row = inner * bytes;
        for (int i = 0; i < outer; ++i) {
            int first = i * dims[axis] * row;
            for (int k = 0; k < dims[axis]; ++k) {
                int at = first + k * row;
                if (!Arrays.equals(all, at, at + row, all, first, first + row)) {
                    return Optional.empty();
                }
            }
            System.arraycopy(all, first, kept, i * row, row);
        }
        int[] cut = dims.clone();
        cut[axis] = 1;
        return Optional.of(of(cut, array, kept));
    }

    private static int product(int[] dims, int from, int to) {
        return Arrays.stream(dims, from, to).reduce(1, (a, b) -> a * b);
    }

    private static byte[] bytes(EncodedWeight array) {
        if (array instanceof ExactWeight exact) {
            return exact.data();
        }
        float[] values = array.decode();
        java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static EncodedWeight of(int[] shape, EncodedWeight like, byte[] bytes) {
        if (like instanceof ExactWeight exact) {
            return new ExactWeight(shape, exact.type(), bytes);
        }
        float[] values = new float[bytes.length / Float.BYTES];
        java.nio.ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
        return new DenseWeight(shape, values);
    }

    /** Whole numbers with a whole step between them, along the one axis that is not 1. */
    private Optional<String> spaced() {
        float[] first = all.get(0).decode();
        long start = (long) first[0];
        long step = first.length > 1 ? (long) first[1] - start : 0;
        long axes = shape.stream().filter(dim -> !dim.terms().isEmpty()).count();
        boolean one = shape.stream().allMatch(d -> !d.terms().isEmpty() || d.offset() == 1);
        if (axes != 1 || !one || step == 0 || !all.stream().allMatch(a -> is(a, start, step))) {
            return Optional.empty();
        }
        Sizes.Expression size =
                shape.stream().filter(dim -> !dim.terms().isEmpty()).findFirst().orElseThrow();
        String numbers =
                nodes.node(
                        Plain.RANGE,
                        nodes.constant(Constants.integer(0)),
                        nodes.number(size),
                        nodes.constant(Constants.integer(1)));
        numbers = step == 1 ? numbers : nodes.node(Binary.MUL, numbers, nodes.integers(step));
        numbers = start == 0 ? numbers : nodes.node(Binary.ADD, numbers, nodes.integers(start));
        numbers = type == ElementType.INT64 ? numbers : nodes.node(new Cast(type), numbers);
        if (shape.size() > 1) {
            long[] dims = shape.stream().mapToLong(dim -> dim.terms().isEmpty() ? 1 : -1).toArray();
            numbers = nodes.node(new Reshape(false), numbers, nodes.integers(dims));
        }
        return Optional.of(numbers);
    }

    private static boolean is(EncodedWeight array, long start, long step) {
        float[] values = array.decode();
        for (int i = 0; i < values.length; ++i) {
            if (values[i] != start + i * step) {
                return false;
            }
        }
        return true;
    }

    /** A number that is a whole one made of sizes, or 1 divided by one. */
    private Optional<String> scalar() {
        if (all.get(0).size() != 1 || type != ElementType.FLOAT32) {
            return Optional.empty();
        }
        double[] seen = all.stream().mapToDouble(value -> value.decode()[0]).toArray();
        Optional<String> whole = whole(seen);
        if (whole.isPresent()) {
            return whole.map(this::shaped);
        }
        String one = nodes.constant(Constants.scalar(1));
        return whole(Arrays.stream(seen).map(value -> 1 / value).toArray())
                .map(number -> nodes.node(Binary.DIV, one, number))
                .map(this::shaped);
    }

    private Optional<String> whole(double[] seen) {
        long[] numbers = Arrays.stream(seen).mapToLong(Math::round).toArray();
        for (int i = 0; i < seen.length; ++i) {
            if (Math.abs(seen[i] - numbers[i]) > 1e-6 * Math.abs(seen[i])) { // it was rounded
                return Optional.empty();
            }
        }
        return sizes.fit(numbers)
                .map(fit -> nodes.node(new Cast(ElementType.FLOAT32), nodes.number(fit)));
    }

    private String shaped(String number) {
        return shape.isEmpty()
                ? number
                : nodes.node(
                        new Reshape(false),
                        number,
                        nodes.integers(shape.stream().mapToLong(dim -> 1).toArray()));
    }
}
