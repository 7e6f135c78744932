package dev.bonsai.onnx;

import dev.bonsai.activation.ActivationPlan;
import dev.bonsai.activation.IntegerForm;
import dev.bonsai.encoding.ActivationGrid;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.ValueInfo;
import dev.bonsai.onnx.HistogramRule.Bounds;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model makes of sample inputs: where the values lie that an integer kernel reads or writes,
 * and the outputs that a file in integers is compared with. It is run in plain Java, in 32-bit
 * floats.
 *
 * <p>Some hundred samples like those that the model will see are enough. Per value, a histogram is
 * kept, no values; the order of the batches makes no difference.
 *
 * <pre>{@code
 * Calibration calibration = Calibration.of(traced, pictures);
 * OnnxExport export =
 *         OnnxExporter.write(Path.of("int8.onnx"), calibration, OnnxQuantization.staticInt8());
 * }</pre>
 */
public final class Calibration {

    private final GraphModel model;
    private final List<List<Tensor>> inputs = new ArrayList<>();
    private final List<List<EncodedWeight>> outputs = new ArrayList<>();
    private final Map<String, ValueHistogram> histograms = new LinkedHashMap<>();
    private final Map<ExportMetric, Double> metrics = new HashMap<>();
    private final Map<String, ChannelStatistics> channels = new HashMap<>();

    private Calibration(GraphModel model) {
        this.model = model;
    }

    /**
     * Runs a model of one input.
     *
     * @param model the graph with its weights
     * @param batches a value per batch
     * @return what it made of them
     * @throws CalibrationException if there are none, or they don't fit the model
     */
    public static Calibration of(GraphModel model, Tensor... batches) {
        return of(model, Arrays.stream(batches).map(List::of).toList());
    }

    /**
     * Runs a model.
     *
     * @param model the graph with its weights
     * @param batches per batch, a value per input of the graph, in its order
     * @return what it made of them
     * @throws CalibrationException if there are none, or they don't fit the model
     */
    public static Calibration of(GraphModel model, List<List<Tensor>> batches) {
        if (batches.isEmpty()) {
            throw new CalibrationException(
                    "A calibration needs inputs, but got none: give some hundred samples like"
                            + " those that the model will see");
        }
        GraphModel simple = IntegerForm.inference(model);
        Calibration calibration = new Calibration(simple);
        List<String> watched = calibration.watched();
        Graph graph = simple.graph();
        List<String> wanted = new ArrayList<>(graph.outputs());
        wanted.addAll(watched);
        PlainModel plain =
                PlainModel.of(
                        new GraphModel(
                                new Graph(
                                        graph.inputs(),
                                        graph.weights(),
                                        graph.constants(),
                                        graph.nodes(),
                                        wanted),
                                simple.weights()));
        for (int i = 0; i < batches.size(); ++i) {
            try {
                calibration.add(batches.get(i), plain, watched);
            } catch (GraphException | ArithmeticException e) {
                throw new CalibrationException(
                        "Batch " + i + " of the calibration does not fit: " + e.getMessage(), e);
            }
        }
        return calibration;
    }

    /** The values of floats whose ranges some choice of products needs. */
    private List<String> watched() {
        Map<String, ValueInfo> values = model.graph().values();
        return ActivationPlan.of(model, target -> false).values().stream()
                .filter(name -> values.get(name).type() == ElementType.FLOAT32)
                .sorted()
                .toList();
    }

    private void add(List<Tensor> batch, PlainModel plain, List<String> watched) {
        List<Tensor> results = plain.run(batch.toArray(Tensor[]::new));
        int count = model.graph().outputs().size();
        inputs.add(List.copyOf(batch));
        outputs.add(results.subList(0, count).stream().map(Tensor::encode).toList());
        for (int i = 0; i < watched.size(); ++i) {
            try {
                histograms
                        .computeIfAbsent(watched.get(i), name -> new ValueHistogram())
                        .add(results.get(count + i).floats());
                Tensor value = results.get(count + i);
                channels.computeIfAbsent(watched.get(i), name -> ChannelStatistics.of(value))
                        .add(value);
            } catch (ArithmeticException e) {
                throw new ArithmeticException(
                        "'" + watched.get(i) + "' has " + e.getMessage() + ": leave it out");
            }
        }
    }

    /**
     * Returns the model as it is written: simplified for inference, with batch normalisation in the
     * weights before it.
     *
     * @return the graph and its weights
     */
    public GraphModel model() {
        return model;
    }

    /** Measures the model in plain Java, once. */
    double metric(ExportMetric metric) {
        return metrics.computeIfAbsent(metric, ModelReference.plain(model)::metric);
    }

    int size() {
        return inputs.size();
    }

    /** The inputs of a batch by name. */
    Map<String, EncodedWeight> inputs(int batch) {
        Map<String, EncodedWeight> named = new LinkedHashMap<>();
        for (int i = 0; i < model.graph().inputs().size(); ++i) {
            named.put(model.graph().inputs().get(i).name(), inputs.get(batch).get(i).encode());
        }
        return named;
    }

    /** What the model gives for a batch. */
    List<EncodedWeight> outputs(int batch) {
        return outputs.get(batch);
    }

    /** How large a value gets along its last axis; null if it is not watched. */
    ChannelStatistics channels(String value) {
        return channels.get(value);
    }

    /** The grid of a value that is rounded. */
    ActivationGrid grid(String value, ActivationRange range) {
        Bounds bounds = range.of(histogram(value));
        return ActivationGrid.of(StaticForm.BITS, bounds.low(), bounds.high());
    }

    ValueHistogram histogram(String value) {
        return histograms.get(value);
    }

    @Override
    public String toString() {
        return "Calibration on "
                + inputs.size()
                + " batches of the ranges of "
                + histograms.size()
                + " values";
    }
}
