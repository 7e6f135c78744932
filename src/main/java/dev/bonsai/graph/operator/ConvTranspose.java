package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The gradient of a convolution with respect to its input. Operands: the input of shape (batch,
 * channels, ...), the weight of shape (channels, output channels / group, ...), and perhaps a bias
 * per output channel.
 *
 * @param window the window of the convolution
 * @param group the parts into which the channels are cut
 * @param outputPadding elements added behind each spatial axis of the output, or empty
 * @param outputShape the size of each spatial axis of the output, from which the pads follow; or
 *     empty
 */
public record ConvTranspose(
        Window window, int group, List<Integer> outputPadding, List<Integer> outputShape)
        implements Operator {

    static final Schema SCHEMA =
            Window.schema(
                    81,
                    "ConvTranspose",
                    new Schema.Arity(2, 3),
                    Schema.Arity.of(1),
                    attributes ->
                            new ConvTranspose(
                                    Window.of(attributes),
                                    attributes.integer("group"),
                                    attributes.integers("output_padding"),
                                    attributes.integers("output_shape")),
                    Schema.integer("group", 1),
                    Schema.integers("output_padding"),
                    Schema.integers("output_shape"));

    public ConvTranspose {
        if (group < 1) {
            throw new GraphException("group is at least 1, but got %s", group);
        }
        outputPadding =
                outputPadding.stream().allMatch(pad -> pad == 0)
                        ? List.of()
                        : List.copyOf(outputPadding);
        outputShape = List.copyOf(outputShape);
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return window.values(group, outputPadding, outputShape);
    }

    /**
     * Where the output lies along one spatial axis.
     *
     * @param size the elements of the output
     * @param before the elements that are cut off before them
     */
    public record Extent(int size, int before) {}

    /**
     * Returns where the output lies along a spatial axis.
     *
     * @param sized the window with a size
     * @param axis the spatial axis, 0 for the first
     * @param rank the number of spatial axes
     * @param size the elements of the input along the axis
     * @return the extent
     */
    public Extent extent(Window sized, int axis, int rank, int size) {
        AutoPad auto = sized.autoPad();
        Window.Axis window =
                new Window(
                                auto == AutoPad.VALID ? AutoPad.VALID : AutoPad.NOTSET,
                                sized.kernel(),
                                sized.strides(),
                                sized.pads(),
                                sized.dilations())
                        .axis(axis, rank, size);
        int added = outputPadding.isEmpty() ? 0 : outputPadding.get(axis);
        int whole = window.stride() * (size - 1) + added + window.reach();
        boolean same = auto == AutoPad.SAME_UPPER || auto == AutoPad.SAME_LOWER;
        if (outputShape.isEmpty() && !same) {
            return new Extent(whole - window.before() - window.behind(), window.before());
        }
        int wanted = outputShape.isEmpty() ? size * window.stride() : spatial(axis, rank);
        int cut = Math.max(0, whole - wanted);
        return new Extent(wanted, auto == AutoPad.SAME_UPPER ? cut / 2 : cut - cut / 2);
    }

    /** ONNX allows batch and channels to stand before the spatial sizes. */
    private int spatial(int axis, int rank) {
        return outputShape.get(outputShape.size() - rank + axis);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.floatType(0);
        operands.commonType(0, 1, 2);
        Optional<Shape> input = operands.shape(0, 3);
        Optional<Shape> weight = operands.shape(1, 3).filter(Shape::isFixed);
        if (input.isEmpty() || weight.isEmpty()) {
            return operands.result(input.map(Conv::unknown));
        }
        Dim channels = weight.get().get(1).times(Dim.of(group));
        Conv.check(operands, group, weight.get(), weight.get().get(0), channels);
        int rank = input.get().rank() - 2;
        boolean batched = outputShape.size() == rank + 2;
        if ((!outputPadding.isEmpty() && outputPadding.size() != rank)
                || (!outputShape.isEmpty() && outputShape.size() != rank && !batched)) {
            throw new GraphException(
                    "ConvTranspose of %s spatial axes has an output_padding and an output_shape"
                            + " for each or for none, but got %s and %s",
                    rank, outputPadding, outputShape);
        }
        Window sized = window.sized(weight.get());
        List<Dim> dims = new ArrayList<>();
        dims.add(input.get().get(0));
        dims.add(channels);
        for (int i = 0; i < rank; ++i) {
            Dim size = input.get().get(i + 2);
            dims.add(
                    size.isFixed()
                            ? Dim.of(extent(sized, i, rank, (int) size.size()).size())
                            : Dim.UNKNOWN);
        }
        return operands.result(new Shape(dims));
    }
}
