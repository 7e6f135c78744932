package dev.bonsai.activation;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.type.Constants;
import java.util.List;
import java.util.Optional;

/**
 * A product with a weight that an integer kernel can compute.
 *
 * @param node the Conv, Gemm or MatMul
 * @param weight the path of its weight
 * @param axis the axis of the weight along which the output channels lie
 * @param channels how many there are
 * @param bias the bias, as far as there is one: a number per output channel
 */
public record IntegerTarget(
        Node node, String weight, int axis, int channels, Optional<float[]> bias) {

    /** Output channels that a kernel computes together. */
    private static final int TILE = 16;

    /**
     * Looks at a node.
     *
     * @param node a node of the model
     * @param model the graph with its weights
     * @return the product, or empty if no integer kernel can compute it
     */
    public static Optional<IntegerTarget> of(Node node, GraphModel model) {
        boolean isProduct =
                node.operator() instanceof Conv
                        || (node.operator() instanceof Gemm gemm && !gemm.transA())
                        || node.operator() == Plain.MATMUL;
        if (!isProduct) {
            return Optional.empty();
        }
        Optional<String> turned = turned(node, model);
        String path = turned.orElse(node.inputs().get(1));
        EncodedWeight weight = model.weights().get(path);
        boolean isConv = node.operator() instanceof Conv;
        if (weight == null
                || Constants.type(weight) != ElementType.FLOAT32
                || (!isConv && weight.shape().length != 2)) {
            return Optional.empty();
        }
        boolean isRows = isConv || (node.operator() instanceof Gemm gemm && gemm.transB());
        int axis = isRows || turned.isPresent() ? 0 : 1;
        int channels = weight.shape()[axis];
        IntegerTarget plain = new IntegerTarget(node, path, axis, channels, Optional.empty());
        return node.inputs().size() < 3
                ? Optional.of(plain)
                : bias(node.inputs().get(2), model)
                        .filter(bias -> bias.length == channels)
                        .map(plain::withBias);
    }

    /** The weight of a MatMul that stands behind a Transpose. */
    private static Optional<String> turned(Node node, GraphModel model) {
        return node.operator() != Plain.MATMUL
                ? Optional.empty()
                : model.graph().nodes().stream()
                        .filter(other -> other.output().equals(node.inputs().get(1)))
                        .filter(
                                other ->
                                        other.operator() instanceof Transpose transpose
                                                && transpose.perm().equals(List.of(1, 0)))
                        .map(other -> other.inputs().get(0))
                        .filter(model.weights()::containsKey)
                        .findFirst();
    }

    /**
     * Tells whether the weight of a MatMul has its output channels first.
     *
     * @return whether a Transpose stands between
     */
    public boolean isTurned() {
        return node.operator() == Plain.MATMUL && axis == 0;
    }

    private IntegerTarget withBias(float[] values) {
        return new IntegerTarget(node, weight, axis, channels, Optional.of(values));
    }

    /** The numbers of a bias that lies along the output channels, whatever the input is. */
    private static Optional<float[]> bias(String name, GraphModel model) {
        EncodedWeight value =
                model.weights().getOrDefault(name, model.graph().constants().get(name));
        if (value == null || Constants.type(value) != ElementType.FLOAT32) {
            return Optional.empty();
        }
        int[] shape = value.shape();
        boolean isRow = shape.length == 1 || (shape.length == 2 && shape[0] == 1);
        return isRow ? Optional.of(value.decode()) : Optional.empty();
    }

    /**
     * Tells whether the factors of a Gemm are 1, as those of integer kernels are.
     *
     * @return true for all other products
     */
    public boolean isPlain() {
        return !(node.operator() instanceof Gemm gemm) || (gemm.alpha() == 1 && gemm.beta() == 1);
    }

    /**
     * Returns what is multiplied with the weight.
     *
     * @return the name of the value
     */
    public String data() {
        return node.inputs().get(0);
    }

    /**
     * How many channels of zeros the file has beside the real ones: ONNX Runtime 1.21.1 computes 32
     * and more rows wrongly on processors with AMX where the last of several tiles is not full (its
     * issue 26324 has the symptom, and pull request 27671 corrects the kernel).
     *
     * @return the number of channels, 0 where none is needed
     */
    public int padding() {
        boolean isGrouped = node.operator() instanceof Conv conv && conv.group() > 1;
        return isGrouped || channels <= TILE ? 0 : Math.floorMod(-channels, TILE);
    }
}
