package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The window that a convolution or a pooling moves over its input. A list that is empty has its
 * default: strides and dilations of 1, no pads, and for a convolution the size of its weight.
 *
 * @param autoPad how the input is padded where no pads are given
 * @param kernel the size per spatial axis
 * @param strides how far it moves, per spatial axis
 * @param pads how many elements are added before each spatial axis, then how many behind each
 * @param dilations how far its elements are from one another, per spatial axis
 */
public record Window(
        AutoPad autoPad,
        List<Integer> kernel,
        List<Integer> strides,
        List<Integer> pads,
        List<Integer> dilations) {

    private static final List<Schema.Attribute> ATTRIBUTES =
            List.of(
                    Schema.integers("kernel_shape"),
                    Schema.integers("strides"),
                    Schema.integers("pads"),
                    Schema.integers("dilations"),
                    Schema.choice("auto_pad", AutoPad.NOTSET));

    /** A window of a size, that moves by 1. */
    public static Window of(List<Integer> kernel) {
        return new Window(AutoPad.NOTSET, kernel, List.of(), List.of(), List.of());
    }

    public Window {
        kernel = atLeast("kernel_shape", kernel, 1);
        strides = standard(atLeast("strides", strides, 1), 1);
        pads = standard(atLeast("pads", pads, 0), 0);
        dilations = standard(atLeast("dilations", dilations, 1), 1);
        if (autoPad != AutoPad.NOTSET && !pads.isEmpty()) {
            throw new GraphException("pads stand beside auto_pad = %s: give one", autoPad);
        }
    }

    /** Checks that this is the window of a pooling, which needs a size. */
    Window needSize() {
        if (kernel.isEmpty()) {
            throw new GraphException("kernel_shape is needed");
        }
        return this;
    }

    private static List<Integer> atLeast(String name, List<Integer> values, int least) {
        if (values.stream().anyMatch(value -> value < least)) {
            throw new GraphException("%s are at least %s, but got %s", name, least, values);
        }
        return List.copyOf(values);
    }

    /** A list of the default only is left out, so that equal windows are equal. */
    private static List<Integer> standard(List<Integer> values, int standard) {
        return values.stream().allMatch(value -> value == standard) ? List.of() : values;
    }

    static Window of(Attributes attributes) {
        return new Window(
                attributes.choice("auto_pad", AutoPad.class),
                attributes.integers("kernel_shape"),
                attributes.integers("strides"),
                attributes.integers("pads"),
                attributes.integers("dilations"));
    }

    /** A type of operators with a window. */
    static Schema schema(
            int number,
            String name,
            Schema.Arity operands,
            Schema.Arity results,
            Function<Attributes, Operator> factory,
            Schema.Attribute... more) {
        List<Schema.Attribute> attributes = new ArrayList<>(ATTRIBUTES);
        attributes.addAll(List.of(more));
        return new Schema(number, name, operands, results, attributes, factory);
    }

    /** The values of the attributes of an operator with this window. */
    List<?> values(Object... more) {
        List<Object> values = new ArrayList<>(List.of(kernel, strides, pads, dilations, autoPad));
        values.addAll(List.of(more));
        return values;
    }

    /** The window over one spatial axis of known size. */
    public record Axis(int kernel, int stride, int before, int behind, int dilation) {

        /**
         * Returns how many elements of the axis a window reaches over.
         *
         * @return the size of the window with the gaps in it
         */
        public int reach() {
            return (kernel - 1) * dilation + 1;
        }

        /**
         * Returns how often the window fits.
         *
         * @param size the elements of the input along the axis
         * @return the elements of the output
         */
        public long positions(long size) {
            return Math.floorDiv(size + before + behind - reach(), stride) + 1;
        }
    }

    /**
     * Returns the window over one spatial axis.
     *
     * @param axis the spatial axis, 0 for the first
     * @param rank the number of spatial axes
     * @param size the elements of the input along the axis
     * @return the window with its defaults in place
     */
    public Axis axis(int axis, int rank, long size) {
        check(rank);
        int width = kernel.get(axis);
        int stride = or(strides, axis, 1);
        int dilation = or(dilations, axis, 1);
        int before = or(pads, axis, 0);
        int behind = or(pads, axis + rank, 0);
        if (autoPad == AutoPad.SAME_UPPER || autoPad == AutoPad.SAME_LOWER) {
            long positions = Math.floorDiv(size + stride - 1, stride);
            long reach = (width - 1L) * dilation + 1;
            int total = (int) Math.max(0, (positions - 1) * stride + reach - size);
            before = autoPad == AutoPad.SAME_UPPER ? total / 2 : total - total / 2;
            behind = total - before;
        }
        return new Axis(width, stride, before, behind, dilation);
    }

    private static int or(List<Integer> values, int i, int standard) {
        return values.isEmpty() ? standard : values.get(i);
    }

    private void check(int rank) {
        checkLength("kernel_shape", kernel, rank, false);
        checkLength("strides", strides, rank, true);
        checkLength("pads", pads, 2 * rank, true);
        checkLength("dilations", dilations, rank, true);
    }

    private static void checkLength(
            String name, List<Integer> values, int length, boolean mayBeEmpty) {
        if (values.size() != length && !(mayBeEmpty && values.isEmpty())) {
            throw new GraphException("%s needs %s numbers, but got %s", name, length, values);
        }
    }

    /**
     * Returns this window with the size of a convolution's weight where it has none.
     *
     * @param weight the shape of the weight: the spatial axes stand from axis 2 on
     * @return a window with a size
     */
    public Window sized(Shape weight) {
        List<Integer> sizes = new ArrayList<>();
        for (Dim dim : weight.dims().subList(2, weight.rank())) {
            sizes.add(Math.toIntExact(dim.size()));
        }
        if (!kernel.isEmpty() && !kernel.equals(sizes)) {
            throw new GraphException(
                    "kernel_shape is %s, but the weight has the shape %s", kernel, weight);
        }
        return new Window(autoPad, sizes, strides, pads, dilations);
    }

    /** The size of the output along each spatial axis of the input. */
    List<Dim> positions(Shape input, boolean ceil) {
        int rank = input.rank() - 2;
        check(rank);
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < rank; ++i) {
            Dim size = input.get(i + 2);
            dims.add(
                    size.isFixed()
                            ? Dim.of(positions(i, rank, size.size(), ceil))
                            : free(i, size, ceil));
        }
        return dims;
    }

    /** A free axis is divided by the stride where nothing is left over, whatever its size. */
    private Dim free(int axis, Dim size, boolean ceil) {
        int stride = or(strides, axis, 1);
        Axis window = axis(axis, kernel.size(), (long) stride << 20);
        int room = window.before() + window.behind() - window.reach();
        boolean exact = room >= -stride && room < (ceil ? 1 - stride : 0);
        return exact ? size.dividedBy(Dim.of(stride)).orElse(Dim.UNKNOWN) : Dim.UNKNOWN;
    }

    private long positions(int axis, int rank, long size, boolean ceil) {
        Axis window = axis(axis, rank, size);
        long positions = ceil ? ceilPositions(window, size) : window.positions(size);
        if (positions < 1) {
            throw new GraphException(
                    "A window of %s does not fit into the %s elements of spatial axis %s",
                    window.reach(), size + window.before() + window.behind(), axis);
        }
        return positions;
    }

    /**
     * Returns the number of positions where the last one may reach beyond the end; one that begins
     * in the pads behind the input is left out.
     *
     * @param window the window over the axis
     * @param size the elements of the input along the axis
     * @return the elements of the output
     */
    public static long ceilPositions(Axis window, long size) {
        long room = size + window.before() + window.behind() - window.reach();
        long positions = Math.floorDiv(room + window.stride() - 1, window.stride()) + 1;
        return (positions - 1) * window.stride() >= size + window.before()
                ? positions - 1
                : positions;
    }
}
