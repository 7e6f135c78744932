package dev.bonsai.kernel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import dev.bonsai.activation.IntegerBias;
import dev.bonsai.activation.IntegerForm;
import dev.bonsai.activation.IntegerTarget;
import dev.bonsai.core.ActivationTransform;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightScales;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.BatchNormalization;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The bias of a product that a file in integers has rounded, by the scales of the data and of the
 * weight. Inference rounds it likewise, so that what is judged is what the file computes. Behind a
 * convolution with batch normalisation, the bias of both is rounded, and the shift takes up the
 * difference.
 *
 * @param data the value whose grid is that of the data
 * @param weight the path of the weight
 * @param axis the axis of its output channels
 * @param bias the path of the bias of the product itself, if it has one
 * @param normalization the batch normalisation behind it, if there is one
 */
record RoundedBias(
        String data, String weight, int axis, Optional<String> bias, Optional<Node> normalization) {

    /** Finds the biases that are parameters of their own. */
    static List<RoundedBias> of(IntegerForm form) {
        List<RoundedBias> found = new ArrayList<>();
        for (IntegerTarget product : form.plan().products()) {
            if (product.bias().isPresent()) {
                of(product, form).filter(b -> b.isOwn(form.graph())).ifPresent(found::add);
            }
        }
        return found;
    }

    private static Optional<RoundedBias> of(IntegerTarget product, IntegerForm form) {
        Graph graph = form.graph();
        Optional<Node> last = producer(graph, product.node().output());
        Optional<Node> normalization =
                last.filter(node -> node.operator() instanceof BatchNormalization);
        return (normalization.isPresent()
                        ? producer(graph, normalization.get().inputs().get(0))
                        : last)
                .filter(node -> node.operator().equals(product.node().operator()))
                .map(
                        node ->
                                new RoundedBias(
                                        form.plan().grid(product.data()),
                                        product.weight(),
                                        product.axis(),
                                        node.inputs().stream().skip(2).findFirst(),
                                        normalization));
    }

    private static Optional<Node> producer(Graph graph, String value) {
        return graph.nodes().stream().filter(node -> node.output().equals(value)).findFirst();
    }

    /** What is changed: the bias, or the shift behind it. */
    String changed() {
        return normalization.map(node -> node.inputs().get(2)).or(() -> bias).orElseThrow();
    }

    private boolean isOwn(Graph graph) {
        List<String> used = new ArrayList<>();
        graph.nodes().forEach(node -> used.addAll(node.inputs()));
        boolean single = Collections.frequency(used, changed()) == 1;
        List<String> needed = new ArrayList<>(List.of(weight));
        bias.ifPresent(needed::add);
        normalization.ifPresent(node -> needed.addAll(node.inputs().subList(1, 5)));
        return single && needed.stream().allMatch(name -> graph.weight(name).isPresent());
    }

    /**
     * Returns what is done to {@link #changed()} in an inference pass.
     *
     * @param parameters the parameter of a path
     */
    Optional<UnaryOperator<NDArray>> change(
            RoundedPass pass, Function<String, Parameter> parameters) {
        ActivationTransform transform = pass.transforms().get(data);
        Optional<WeightScales> scales = pass.scales().apply(parameters.apply(weight));
        if (transform == null || scales.isEmpty()) {
            return Optional.empty();
        }
        float step = transform.grid(pass.known()).scale();
        return Optional.of(value -> rounded(value, step, scales.get(), pass, parameters));
    }

    private NDArray rounded(
            NDArray value,
            float step,
            WeightScales scales,
            RoundedPass pass,
            Function<String, Parameter> parameters) {
        Device device = value.getDevice();
        Function<String, float[]> floats =
                path -> pass.store().getValue(parameters.apply(path), device, false).toFloatArray();
        int[] shape =
                Tensors.dimensions(
                        pass.store().getValue(parameters.apply(weight), device, false).getShape());
        float[] channels = scales.perChannel(shape, axis);
        float[] own = value.toFloatArray();
        float[] result =
                normalization.isPresent()
                        ? shift(own, step, channels, normalization.get(), floats)
                        : IntegerBias.rounded(own, channels, step);
        return Tensors.constant(value.getManager(), result, value.getShape());
    }

    /** As the file puts batch normalisation into the convolution before. */
    private float[] shift(
            float[] shift,
            float step,
            float[] channels,
            Node node,
            Function<String, float[]> floats) {
        float epsilon = ((BatchNormalization) node.operator()).epsilon();
        float[] scale = floats.apply(node.inputs().get(1));
        float[] mean = floats.apply(node.inputs().get(3));
        float[] variance = floats.apply(node.inputs().get(4));
        float[] before = bias.map(floats).orElseGet(() -> new float[shift.length]);
        float[] folded = new float[shift.length];
        for (int i = 0; i < folded.length; ++i) {
            double factor = scale[i] / Math.sqrt((double) variance[i] + epsilon);
            folded[i] = (float) (((double) before[i] - mean[i]) * factor + shift[i]);
            channels[i] = factor == 0 ? 1 : (float) (channels[i] * Math.abs(factor));
        }
        float[] rounded = IntegerBias.rounded(folded, channels, step);
        for (int i = 0; i < rounded.length; ++i) {
            rounded[i] = (float) ((double) shift[i] + rounded[i] - folded[i]);
        }
        return rounded;
    }
}
