package dev.bonsai.onnx;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.runtime.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * What is measured of a model before and after it is exported, such as its accuracy on labelled
 * batches. The model takes tensors in the order of the graph's inputs, and gives its outputs.
 *
 * <pre>{@code
 * ExportMetric accuracy = ExportMetric.accuracy(List.of(pictures), labels);
 * OnnxQuantization quantization =
 *         OnnxQuantization.builder(OnnxForm.STATIC_INT8).optMetric(accuracy).build();
 * OnnxExport export = OnnxExporter.write(Path.of("int8.onnx"), calibration, quantization);
 * export.metric().orElseThrow().loss();
 * }</pre>
 *
 * @param name what it is called in reports
 * @param measure runs the model and returns the metric; more is better
 */
public record ExportMetric(String name, ToDoubleFunction<UnaryOperator<List<Tensor>>> measure) {

    private static final int SCORES_RANK = 2;

    /** Checks the name. */
    public ExportMetric {
        if (name.isBlank()) {
            throw new IllegalArgumentException("A metric needs a name, but got none");
        }
    }

    /**
     * The part of samples whose largest score, in the first output, is that of their label; of
     * equal scores the first counts.
     *
     * @param inputs a batch each, for a model of one input
     * @param labels the numbers of the classes of each batch
     * @return the metric
     */
    public static ExportMetric accuracy(List<Tensor> inputs, List<int[]> labels) {
        if (inputs.isEmpty() || inputs.size() != labels.size()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "Accuracy needs labels for each of at least one batch, but got %d"
                                    + " batches and labels for %d",
                            inputs.size(),
                            labels.size()));
        }
        List<Tensor> batches = List.copyOf(inputs);
        List<int[]> classes = labels.stream().map(int[]::clone).toList();
        return new ExportMetric(
                "accuracy",
                model -> {
                    long hits = 0;
                    long samples = 0;
                    for (int i = 0; i < batches.size(); ++i) {
                        Tensor scores = model.apply(List.of(batches.get(i))).get(0);
                        hits += hits(scores, classes.get(i));
                        samples += classes.get(i).length;
                    }
                    return (double) hits / samples;
                });
    }

    private static long hits(Tensor scores, int[] labels) {
        int[] shape = scores.shape();
        if (shape.length != SCORES_RANK || shape[0] != labels.length) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "Accuracy needs scores of the shape (%d, classes) for %d labels, but"
                                    + " the model gives %s: write an ExportMetric of your own",
                            labels.length,
                            labels.length,
                            Arrays.toString(shape)));
        }
        float[] values = scores.floats();
        long hits = 0;
        for (int row = 0; row < labels.length; ++row) {
            int best = 0;
            for (int i = 1; i < shape[1]; ++i) {
                best = values[row * shape[1] + i] > values[row * shape[1] + best] ? i : best;
            }
            hits += best == labels[row] ? 1 : 0;
        }
        return hits;
    }

    /** Measures what computes on plain values. */
    double of(UnaryOperator<List<EncodedWeight>> model) {
        return measure.applyAsDouble(
                inputs ->
                        model.apply(inputs.stream().map(Tensor::encode).toList()).stream()
                                .map(Tensor::of)
                                .toList());
    }
}
