package dev.bonsai.rewrite;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.BatchNormalization;
import dev.bonsai.graph.operator.Conv;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * BatchNormalization behind a Conv that nothing else uses: the Conv with other weights. With f =
 * scale / sqrt(variance + epsilon) per output channel, the weight becomes weight * f, and the bias
 * (bias - mean) * f + shift. The weight and the bias keep their paths; where there was no bias, it
 * has the path of the shift.
 *
 * <p>All values have to be plain 32-bit floats that nothing else uses: a compressed weight would
 * lose its encoding.
 */
final class FoldBatchNormalization implements Rule {

    @Override
    public Optional<Replacement> apply(Node node, Draft draft) {
        if (!(node.operator() instanceof BatchNormalization normalization)) {
            return Optional.empty();
        }
        String between = node.inputs().get(0);
        return draft.producer(between)
                .filter(conv -> conv.operator() instanceof Conv && draft.uses(between) == 1)
                .flatMap(conv -> folded(node, normalization.epsilon(), conv, draft));
    }

    private static Optional<Replacement> folded(Node node, float epsilon, Node conv, Draft draft) {
        boolean hasBias = conv.inputs().size() > 2;
        String weightName = conv.inputs().get(1);
        String biasName = hasBias ? conv.inputs().get(2) : node.inputs().get(2);
        Optional<float[]> weight = floats(weightName, draft);
        Optional<float[]> bias = floats(biasName, draft);
        List<float[]> statistics = new ArrayList<>();
        for (String name : node.inputs().subList(1, node.inputs().size())) {
            floats(name, draft).ifPresent(statistics::add);
        }
        boolean own = isOwn(weightName, draft) && isOwn(biasName, draft);
        if (weight.isEmpty() || bias.isEmpty() || statistics.size() != 4 || !own) {
            return Optional.empty();
        }
        float[] before = hasBias ? bias.get() : new float[bias.get().length];
        Fold fold = new Fold(statistics, epsilon);
        int[] shape = draft.shape(weightName).orElseThrow().sizes();
        Change change = new Change(draft);
        String newWeight = change.set(weightName, shape, fold.weight(weight.get()));
        String newBias = change.set(biasName, new int[] {before.length}, fold.bias(before));
        return Optional.of(
                change.by(
                        Node.of(
                                conv.operator(),
                                node.output(),
                                conv.inputs().get(0),
                                newWeight,
                                newBias)));
    }

    /** The scale, shift, mean and variance per channel. */
    private record Fold(List<float[]> statistics, float epsilon) {

        double factor(int channel) {
            return statistics.get(0)[channel]
                    / Math.sqrt((double) statistics.get(3)[channel] + epsilon);
        }

        float[] weight(float[] old) {
            int perChannel = old.length / statistics.get(0).length;
            float[] weight = new float[old.length];
            for (int i = 0; i < weight.length; ++i) {
                weight[i] = (float) (old[i] * factor(i / perChannel));
            }
            return weight;
        }

        float[] bias(float[] old) {
            float[] bias = new float[old.length];
            for (int i = 0; i < bias.length; ++i) {
                double centred = (double) old[i] - statistics.get(2)[i];
                bias[i] = (float) (centred * factor(i) + statistics.get(1)[i]);
            }
            return bias;
        }
    }

    private static Optional<EncodedWeight> value(String name, Draft draft) {
        return draft.constant(name).or(() -> draft.weight(name));
    }

    private static Optional<float[]> floats(String name, Draft draft) {
        return value(name, draft)
                .filter(
                        value ->
                                value instanceof DenseWeight dense
                                        && dense.format() == FloatFormat.FLOAT32)
                .map(EncodedWeight::decode);
    }

    /** A constant can be copied; a weight is changed, so that nothing else may use it. */
    private static boolean isOwn(String name, Draft draft) {
        return draft.constant(name).isPresent() || draft.uses(name) == 1;
    }
}
