package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.gate.Gate;
import dev.bonsai.text.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Compares what the user is left with, the plain block and the file, with what was judged. */
final class BakedModel {

    /** Rounding of a metric that is summed in another order; the weights are the same bits. */
    private static final double ROUNDING = 1e-6;

    private BakedModel() {}

    /**
     * Compares the arrays of all parameters with what the file decodes to.
     *
     * @param stored what the file holds of them, in the same order
     * @return a note that names the first that differs
     */
    static Optional<String> differingFile(ModelWeights weights, List<NamedWeight> stored) {
        List<TargetWeight> parameters = weights.parameters();
        List<String> differing = differing(weights, stored);
        return differing.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        String.format(
                                Locale.ROOT,
                                "the .bonsai file does not hold the values of %s as the block does"
                                        + " (%d of %d parameters): take the block's own, with"
                                        + " model.save",
                                differing.get(0),
                                differing.size(),
                                parameters.size()));
    }

    /**
     * Compares the arrays of all parameters with stored weights.
     *
     * @param stored the weights of a model of the same architecture, in its order
     * @return the paths of those that differ, in path, shape or any value
     */
    static List<String> differing(ModelWeights weights, List<NamedWeight> stored) {
        List<String> differing = new ArrayList<>();
        List<TargetWeight> parameters = weights.parameters();
        for (int i = 0; i < Math.max(parameters.size(), stored.size()); ++i) {
            if (i >= parameters.size()) {
                differing.add(stored.get(i).path());
            } else if (i >= stored.size()
                    || !parameters.get(i).path().equals(stored.get(i).path())
                    || parameters.get(i).size() != stored.get(i).value().size()
                    || differs(weights.latent(parameters.get(i)), stored.get(i))) {
                differing.add(parameters.get(i).path());
            }
        }
        return differing;
    }

    /** Compares every value in the parameter's own type, bit for bit. */
    private static boolean differs(NDArray array, NamedWeight stored) {
        try (NDManager scratch = array.getManager().newSubManager()) {
            NDArray alias = Tensors.alias(array, scratch);
            if (stored.value() instanceof ExactWeight exact) {
                return exact.type() != Tensors.elementType(alias)
                        || !Arrays.equals(exact.data(), Tensors.bytes(alias));
            }
            return array.getDataType() != DataType.FLOAT32
                    || stored.value().mismatch(Tensors.floats(alias)) >= 0;
        }
    }

    /**
     * Compares the metrics of the plain block with those that were judged.
     *
     * @param judged what the gates accepted, one metric per gate
     * @param plain what they measure on the plain block
     * @return one note per gate that measures something else
     */
    static List<String> differingMetrics(List<Gate> gates, double[] judged, double[] plain) {
        List<String> notes = new ArrayList<>();
        for (int i = 0; i < judged.length; ++i) {
            double slack = ROUNDING * Math.max(Math.abs(judged[i]), Math.abs(plain[i]));
            if (!(Math.abs(judged[i] - plain[i]) <= slack)) {
                notes.add(
                        String.format(
                                Locale.ROOT,
                                "the gate accepted the %s %s, but that of the plain block is %s."
                                        + " Most likely it reads a weight past the ParameterStore,"
                                        + " by parameter.getArray(), which is not compressed while"
                                        + " the model trains: read it with"
                                        + " parameterStore.getValue(...), or exclude it with a"
                                        + " WeightSelector. Or else the evaluation data change from"
                                        + " one reading to the next",
                                gates.get(i).getMetric().name(),
                                Numbers.metric(judged[i]),
                                Numbers.metric(plain[i])));
            }
        }
        return notes;
    }
}
