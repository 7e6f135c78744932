package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The operand enlarged or reduced along its axes. Further operands: a region that is not used,
 * perhaps the scale per axis, or else the size per axis.
 *
 * @param mode how values between the elements are found
 * @param coordinates which place of the operand an element of the result stands for
 * @param nearest which element is the nearest one
 * @param axes the axes that are meant, or empty for all (from operator set 18 on)
 * @param policy what the sizes mean (from operator set 18 on)
 */
public record Resize(
        Mode mode, Coordinates coordinates, Nearest nearest, List<Integer> axes, AspectRatio policy)
        implements Operator {

    /** How values between the elements are found. */
    public enum Mode {
        /** The nearest element. */
        NEAREST,
        /** Linearly from both neighbours, per axis. */
        LINEAR
    }

    /** Which place x of the operand the element y of the result stands for, at a scale s. */
    public enum Coordinates {
        /** x = (y + 0.5) / s - 0.5. */
        HALF_PIXEL,
        /** As {@link #HALF_PIXEL} round the middle of the result as it would be with its scale. */
        HALF_PIXEL_SYMMETRIC,
        /** As {@link #HALF_PIXEL}, but 0 where the result has one element. */
        PYTORCH_HALF_PIXEL,
        /** The first and the last elements of both stand for one another. */
        ALIGN_CORNERS,
        /** x = y / s. */
        ASYMMETRIC
    }

    /** Which element is the nearest one. */
    public enum Nearest {
        /** The nearest, the lower one of two. */
        ROUND_PREFER_FLOOR,
        /** The nearest, the upper one of two. */
        ROUND_PREFER_CEIL,
        /** The one below. */
        FLOOR,
        /** The one above. */
        CEIL
    }

    /** What the sizes mean. */
    public enum AspectRatio {
        /** The sizes themselves. */
        STRETCH,
        /** All axes get the smallest of the scales. */
        NOT_LARGER,
        /** All axes get the largest of the scales. */
        NOT_SMALLER
    }

    static final Schema SCHEMA =
            new Schema(
                    126,
                    "Resize",
                    new Schema.Arity(1, 4),
                    Schema.Arity.of(1),
                    List.of(
                            Schema.choice("mode", Mode.NEAREST),
                            Schema.choice("coordinate_transformation_mode", Coordinates.HALF_PIXEL),
                            Schema.choice("nearest_mode", Nearest.ROUND_PREFER_FLOOR),
                            Schema.integers("axes"),
                            Schema.choice("keep_aspect_ratio_policy", AspectRatio.STRETCH),
                            // these act on modes only that are refused
                            Schema.real("cubic_coeff_a", 0f),
                            Schema.integer("exclude_outside", 0),
                            Schema.real("extrapolation_value", 0f)),
                    attributes ->
                            new Resize(
                                    attributes.choice("mode", Mode.class),
                                    attributes.choice(
                                            "coordinate_transformation_mode", Coordinates.class),
                                    attributes.choice("nearest_mode", Nearest.class),
                                    attributes.integers("axes"),
                                    attributes.choice(
                                            "keep_aspect_ratio_policy", AspectRatio.class)));

    public Resize {
        axes = List.copyOf(axes);
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(mode, coordinates, nearest, axes, policy);
    }

    /**
     * What is done along an axis.
     *
     * @param size the elements of the result
     * @param scale the scale by which places are found
     */
    public record Extent(int size, float scale) {}

    /**
     * Returns what is done along each axis.
     *
     * @param input the sizes of the operand
     * @param scales the scale per named axis, or empty
     * @param sizes the size per named axis, or empty
     * @return the extent per axis of the operand
     */
    public List<Extent> extents(int[] input, float[] scales, List<Long> sizes) {
        List<Integer> named = namedAxes(Shape.of(input));
        int given = scales.length > 0 ? scales.length : sizes.size();
        if (given != named.size() || (scales.length > 0 && !sizes.isEmpty())) {
            throw new GraphException(
                    "Resize needs a scale or a size for each of %s axes, but got %s "
                            + "scales and %s sizes",
                    named.size(), scales.length, sizes.size());
        }
        Extent[] extents = new Extent[input.length];
        Arrays.setAll(extents, i -> new Extent(input[i], 1f));
        float common = commonScale(input, named, sizes);
        for (int i = 0; i < named.size(); ++i) {
            int axis = named.get(i);
            int size = input[axis];
            if (scales.length > 0) {
                // in floats, as ONNX Runtime multiplies: 10 times 0.7f is 7
                extents[axis] = new Extent((int) Math.floor(size * scales[i]), scales[i]);
            } else if (policy == AspectRatio.STRETCH) {
                long wanted = sizes.get(i);
                extents[axis] = new Extent((int) wanted, (float) wanted / size);
            } else {
                extents[axis] = new Extent((int) Math.floor(common * size + 0.5), common);
            }
        }
        return List.of(extents);
    }

    /**
     * Returns the axes that scales and sizes are given for.
     *
     * @param input the shape of the operand
     * @return the axes, 0 for the first, in the order of scales and sizes
     */
    public List<Integer> namedAxes(Shape input) {
        return axes.isEmpty()
                ? IntStream.range(0, input.rank()).boxed().toList()
                : axes.stream().map(axis -> input.axis(axis)).toList();
    }

    private float commonScale(int[] input, List<Integer> named, List<Long> sizes) {
        float common = policy == AspectRatio.NOT_LARGER ? Float.MAX_VALUE : 0f;
        for (int i = 0; i < sizes.size(); ++i) {
            float scale = (float) sizes.get(i) / input[named.get(i)];
            common =
                    policy == AspectRatio.NOT_LARGER
                            ? Math.min(common, scale)
                            : Math.max(common, scale);
        }
        return common;
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.needNumbers(0);
        operands.needIndices(3);
        Optional<Shape> input = operands.shape(0);
        if (input.isEmpty()) {
            return operands.result(Optional.empty());
        }
        Optional<float[]> scales = operands.floats(2).filter(list -> list.length > 0);
        Optional<List<Long>> sizes = operands.integers(3).filter(list -> !list.isEmpty());
        if (scales.isEmpty() && sizes.isEmpty()) {
            int rank = input.get().rank();
            return operands.result(named(operands, rank).orElse(Shape.unknown(rank)));
        }
        return operands.result(resized(input.get(), scales, sizes));
    }

    /**
     * The shape where the sizes of all axes are known by their names, such as that of the batch.
     */
    private Optional<Shape> named(Operands operands, int rank) {
        return policy == AspectRatio.STRETCH && axes.isEmpty()
                ? operands.numbers(3).filter(sizes -> sizes.size() == rank).map(Shape::new)
                : Optional.empty();
    }

    private Shape resized(Shape input, Optional<float[]> scales, Optional<List<Long>> sizes) {
        List<Integer> named = namedAxes(input);
        boolean together = scales.isEmpty() && policy != AspectRatio.STRETCH;
        if (together && !named.stream().allMatch(axis -> input.get(axis).isFixed())) {
            Shape resized = input; // one free axis decides about the others
            for (int axis : named) {
                resized = resized.with(axis, Dim.UNKNOWN);
            }
            return resized;
        }
        int[] known =
                input.dims().stream().mapToInt(d -> d.isFixed() ? (int) d.size() : 1).toArray();
        List<Extent> extents = extents(known, scales.orElse(new float[0]), sizes.orElse(List.of()));
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < input.rank(); ++i) {
            Dim dim = input.get(i);
            float scale = extents.get(i).scale();
            boolean told = dim.isFixed() || (sizes.isPresent() && policy == AspectRatio.STRETCH);
            if (told && (dim.isFixed() || extents.get(i).size() != 1)) {
                dims.add(Dim.of(extents.get(i).size()));
            } else if (scales.isPresent() && scale == (int) scale) {
                dims.add(dim.times(Dim.of((int) scale)));
            } else {
                dims.add(Dim.UNKNOWN);
            }
        }
        return new Shape(dims);
    }
}
