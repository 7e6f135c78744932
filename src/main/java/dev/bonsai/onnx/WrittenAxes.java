package dev.bonsai.onnx;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Pad;
import dev.bonsai.graph.operator.Reduce;
import dev.bonsai.graph.operator.Resize;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Operators whose axes or parts stand elsewhere in operator set 17 than in newer ones. */
final class WrittenAxes {

    private WrittenAxes() {}

    /** Axes are an operand of ReduceSum, and an attribute of the others. */
    static void reduce(Reduce reduce, Node node, MessageSketch sketch) throws OnnxExportException {
        String data = node.inputs().get(0);
        boolean operand = node.inputs().size() > 1;
        Attributes others = reduce.attributes().without("axes").without("noop_with_empty_axes");
        if (reduce.kind() == Reduce.Kind.SUM) {
            String axes =
                    operand
                            ? node.inputs().get(1)
                            : reduce.axes().isEmpty()
                                    ? Node.ABSENT
                                    : sketch.newConstant(
                                            node.output() + "_axes", integers(reduce.axes()));
            List<String> inputs = axes.equals(Node.ABSENT) ? List.of(data) : List.of(data, axes);
            sketch.node(
                    reduce.onnxName(), reduce.attributes().without("axes"), inputs, node.outputs());
            return;
        }
        List<Long> axes = operand ? known(node, 1, sketch) : longs(reduce.axes());
        if (axes.isEmpty() && reduce.noAxesIsIdentity()) {
            sketch.node("Identity", Attributes.NONE, List.of(data), node.outputs());
        } else {
            sketch.node(
                    reduce.onnxName(),
                    axes.isEmpty() ? others : others.with("axes", axes),
                    List.of(data),
                    node.outputs());
        }
    }

    private static EncodedWeight integers(List<Integer> numbers) {
        return Constants.integers(numbers.stream().mapToLong(Integer::longValue).toArray());
    }

    private static List<Long> longs(List<Integer> numbers) {
        return numbers.stream().map(Integer::longValue).toList();
    }

    /** The numbers of an operand that has to be an attribute. */
    private static List<Long> known(Node node, int i, MessageSketch sketch)
            throws OnnxExportException {
        Optional<List<Dim>> numbers = sketch.value(node.inputs().get(i)).numbers();
        if (numbers.isEmpty() || !numbers.get().stream().allMatch(Dim::isFixed)) {
            throw NodeWriter.unsaid(node, "its operand " + i + " is not a constant");
        }
        return numbers.get().stream().map(Dim::size).toList();
    }

    /** Without sizes the parts are equal there. */
    static void split(Split split, Node node, MessageSketch sketch) throws OnnxExportException {
        int parts = node.outputs().size();
        Optional<Dim> whole =
                sketch.value(node.inputs().get(0)).shape().map(shape -> shape.get(split.axis()));
        boolean even =
                whole.isPresent() && whole.get().isFixed() && whole.get().size() % parts == 0;
        if (node.inputs().size() > 1 || even) {
            NodeWriter.plain(node, sketch);
            return;
        }
        if (whole.isEmpty() || !whole.get().isFixed()) {
            throw NodeWriter.unsaid(node, "the parts may not be equal, and have no sizes");
        }
        String sizes =
                sketch.newConstant(
                        node.output() + "_sizes",
                        Constants.integers(
                                Split.equal(whole.get().size(), parts).stream()
                                        .mapToLong(Long::longValue)
                                        .toArray()));
        sketch.node(
                split.onnxName(),
                split.attributes(),
                List.of(node.inputs().get(0), sizes),
                node.outputs());
    }

    /** All axes have pads there. */
    static void pad(Pad pad, Node node, MessageSketch sketch) throws OnnxExportException {
        if (node.inputs().size() < 4) {
            NodeWriter.plain(node, sketch);
            return;
        }
        Shape shape = ranked(node, sketch);
        int[][] amounts = Pad.amounts(shape, known(node, 1, sketch), known(node, 3, sketch));
        long[] all = new long[2 * shape.rank()];
        Arrays.setAll(all, i -> amounts[i / shape.rank()][i % shape.rank()]);
        String pads = sketch.newConstant(node.output() + "_pads", Constants.integers(all));
        sketch.node(
                pad.onnxName(),
                pad.attributes(),
                List.of(node.inputs().get(0), pads, node.inputs().get(2)),
                node.outputs());
    }

    private static Shape ranked(Node node, MessageSketch sketch) throws OnnxExportException {
        Optional<Shape> shape = sketch.value(node.inputs().get(0)).shape();
        return shape.orElseThrow(() -> NodeWriter.unsaid(node, "the rank is not known"));
    }

    /** All axes have a scale there, or a size. */
    static void resize(Resize resize, Node node, MessageSketch sketch) throws OnnxExportException {
        if (resize.coordinates() == Resize.Coordinates.HALF_PIXEL_SYMMETRIC) {
            throw NodeWriter.unsaid(node, "its coordinates are newer");
        }
        if (resize.policy() != Resize.AspectRatio.STRETCH) {
            throw NodeWriter.unsaid(node, "its sizes keep the aspect ratio");
        }
        Attributes attributes = resize.attributes().without("axes");
        List<String> inputs = new ArrayList<>(node.inputs());
        if (!resize.axes().isEmpty()) {
            spread(resize, node, sketch, inputs);
        }
        sketch.node(resize.onnxName(), attributes, inputs, node.outputs());
    }

    private static void spread(Resize resize, Node node, MessageSketch sketch, List<String> inputs)
            throws OnnxExportException {
        Shape shape = ranked(node, sketch);
        if (inputs.size() == 4) {
            List<Long> sizes = known(node, 3, sketch);
            long[] all = new long[shape.rank()];
            for (int i = 0; i < all.length; ++i) {
                Dim dim = shape.get(i);
                int at = at(resize, shape, i);
                if (at < 0 && !dim.isFixed()) {
                    throw NodeWriter.unsaid(node, "the size of axis " + i + " is free");
                }
                all[i] = at < 0 ? dim.size() : sizes.get(at);
            }
            inputs.set(3, sketch.newConstant(node.output() + "_sizes", Constants.integers(all)));
            return;
        }
        Optional<float[]> scales =
                sketch.value(inputs.get(2)).constant().map(EncodedWeight::decode);
        if (scales.isEmpty()) {
            throw NodeWriter.unsaid(node, "its scales are not a constant");
        }
        float[] all = new float[shape.rank()];
        for (int i = 0; i < all.length; ++i) {
            int at = at(resize, shape, i);
            all[i] = at < 0 ? 1f : scales.get()[at];
        }
        inputs.set(2, sketch.newConstant(node.output() + "_scales", Constants.floats(all)));
    }

    /** The place of an axis among those that are named, or -1. */
    private static int at(Resize resize, Shape shape, int axis) {
        return resize.axes().stream().map(shape::axis).toList().indexOf(axis);
    }
}
