package dev.bonsai.onnx;

import dev.bonsai.activation.ActivationGrids;
import dev.bonsai.activation.ActivationPlan;
import dev.bonsai.activation.IntegerBias;
import dev.bonsai.activation.IntegerForm;
import dev.bonsai.activation.IntegerTarget;
import dev.bonsai.activation.RoundedModel;
import dev.bonsai.encoding.ActivationGrid;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.GraphModel;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A model in static int8 with the grids that its activations were trained with.
 *
 * @param model what is written: simplified for inference
 * @param grids the grids
 * @param floats the weights whose products stay in floats
 */
record TrainedForm(GraphModel model, ActivationGrids grids, Set<String> floats) {

    /** What a file has less than that beside its own arithmetic in floats is another one. */
    private static final double LEAST_DECIBELS = 20;

    /**
     * Makes the form.
     *
     * @throws OnnxExportException if a value that is rounded has no grid of 8 bits
     */
    static TrainedForm of(GraphModel given, ActivationGrids grids) throws OnnxExportException {
        GraphModel model = IntegerForm.inference(IntegerForm.training(given));
        Set<String> floats = IntegerForm.coded(model);
        floats.retainAll(grids.floats());
        ActivationPlan plan = ActivationPlan.of(model, target -> floats.contains(target.weight()));
        if (plan.isEmpty()) {
            throw new OnnxExportException(
                    "No product of the model can be computed in integers: write it in floats");
        }
        for (String value : plan.rounded()) {
            check(value, grids);
        }
        return new TrainedForm(model, grids, floats);
    }

    private static void check(String value, ActivationGrids grids) throws OnnxExportException {
        ActivationGrid grid = grids.grids().get(value);
        if (grid == null) {
            throw new OnnxExportException(
                    "The value '"
                            + value
                            + "' has no range: it was never calibrated. Give the grids of this very"
                            + " model, which a training with ActivationQuantization leaves, or"
                            + " export with a Calibration");
        }
        if (grid.bits() != StaticForm.BITS) {
            throw new OnnxExportException(
                    String.format(
                            Locale.ROOT,
                            "The value '%s' was trained with %d bits, but integer kernels have %d:"
                                    + " train with ActivationQuantization.builder().setBits(8), or"
                                    + " export with a Calibration",
                            value,
                            grid.bits(),
                            StaticForm.BITS));
        }
    }

    WrittenModel written() {
        OnnxQuantization quantization =
                OnnxQuantization.builder(OnnxForm.STATIC_INT8)
                        .optFloat(floats.toArray(String[]::new))
                        .build();
        return new StaticForm(model, grids.grids()::get, quantization);
    }

    /** The model with the biases that the file has. */
    private GraphModel withBiases() throws OnnxExportException {
        ActivationPlan plan = ActivationPlan.of(model, t -> floats.contains(t.weight()));
        Map<String, EncodedWeight> weights = new LinkedHashMap<>(model.weights());
        for (IntegerTarget target : plan.products()) {
            String bias = target.bias().isPresent() ? target.node().inputs().get(2) : "";
            if (weights.containsKey(bias)) {
                float step = grids.grids().get(plan.grid(target.data())).scale();
                int[] shape = weights.get(bias).shape();
                float[] scales = StaticForm.weight(target, model, StaticForm.BITS, step).scales();
                float[] rounded = IntegerBias.rounded(target.bias().get(), scales, step);
                weights.put(bias, new DenseWeight(shape, rounded));
            }
        }
        return new GraphModel(model.graph(), weights);
    }

    /** The same rounding in floats, in plain Java. */
    ModelReference reference() throws OnnxExportException {
        return ModelReference.plain(RoundedModel.of(withBiases(), grids.grids()));
    }

    /** Runs the file beside the same rounding in floats. */
    Comparison compare(byte[] bytes, ExportCheck check, ModelReference reference)
            throws OnnxExportException {
        Comparison comparison =
                FileRun.compare(bytes, model.graph(), check, reference, Double.POSITIVE_INFINITY);
        if (!(comparison.decibels() >= LEAST_DECIBELS)) {
            throw new OnnxExportException(
                    String.format(
                            Locale.ROOT,
                            "The file's outputs have %.1f dB of signal to noise beside the same"
                                    + " rounding in floats, but at least %.0f are asked for, so that"
                                    + " none was written: train the weights on a grid, with"
                                    + " Quantization of 8 bits, or use a newer"
                                    + " com.microsoft.onnxruntime:onnxruntime",
                            comparison.decibels(),
                            LEAST_DECIBELS));
        }
        return comparison;
    }
}
