package dev.bonsai.onnx;

import dev.bonsai.activation.ActivationPlan;
import dev.bonsai.activation.EmbeddingTable;
import dev.bonsai.activation.IntegerBias;
import dev.bonsai.activation.IntegerTarget;
import dev.bonsai.activation.NeededValues;
import dev.bonsai.encoding.ActivationGrid;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.type.Constants;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Static int8 in the QDQ form: each value that an integer kernel reads or writes goes through
 * QuantizeLinear and DequantizeLinear, weights and biases are codes behind a DequantizeLinear, and
 * a runtime fuses these with the products between.
 */
final class StaticForm implements WrittenModel {

    /** The width of a code. */
    static final int BITS = 8;

    private final GraphModel model;
    private final Function<String, ActivationGrid> ranges;
    private final OnnxQuantization quantization;
    private final ActivationPlan plan;
    private final CodedTables tables;
    private final NeededValues floats;
    private final Map<String, ActivationGrid> grids = new HashMap<>();
    private final Map<String, List<String>> parameters = new HashMap<>();
    private final Map<List<Object>, String> weights = new HashMap<>();
    private final Map<String, IntegerTarget> cut = new HashMap<>();

    /**
     * @param model the graph with its weights, simplified for inference
     * @param ranges the grid of a value that is rounded
     */
    StaticForm(
            GraphModel model,
            Function<String, ActivationGrid> ranges,
            OnnxQuantization quantization) {
        this.model = model;
        this.ranges = ranges;
        this.quantization = quantization;
        plan =
                ActivationPlan.of(
                        model,
                        target -> quantization.isFloat(target.weight(), target.node().output()));
        floats = NeededValues.of(model.graph().outputs(), model.graph().nodes(), this::read);
        tables = new CodedTables(model, quantization);
    }

    private List<String> read(Node node) {
        return plan.target(node) != null
                ? node.inputs().subList(0, 1)
                : table(node).isPresent() ? node.inputs().subList(1, 2) : node.inputs();
    }

    private Optional<EmbeddingTable> table(Node node) {
        return EmbeddingTable.of(node, model)
                .filter(table -> !quantization.isFloat(table.path(), node.output()));
    }

    @Override
    public boolean keeps(String value) {
        return floats.contains(value);
    }

    @Override
    public boolean isFloat() {
        return plan.isEmpty();
    }

    @Override
    public void start(MessageSketch sketch) {
        model.graph().inputs().forEach(input -> round(input.name(), input.name(), sketch));
    }

    @Override
    public void node(Node node, MessageSketch sketch) throws OnnxExportException {
        Optional<EmbeddingTable> table = table(node);
        if (table.isPresent()) {
            tables.write(table.get(), sketch);
            round(node.output(), node.output(), sketch);
            return;
        }
        IntegerTarget target = plan.target(node);
        Node written = target == null ? node : withWeights(target, sketch);
        String result = node.output();
        boolean isPadded = target != null && target.padding() > 0;
        boolean isCutLater = isPadded && plan.grid(plan.activated(node)) != null;
        if (isCutLater) {
            cut.put(plan.activated(node), target);
        }
        if ((sketch.isOutput(result) && plan.grid(result) != null) || (isPadded && !isCutLater)) {
            List<String> results = new ArrayList<>(node.outputs());
            results.set(0, sketch.fresh(result + "_float"));
            written = new Node(node.operator(), written.inputs(), results);
        }
        NodeWriter.write(written, sketch);
        if (isPadded && !isCutLater) {
            PaddedChannels.cut(target, written.output(), result, sketch);
            return;
        }
        for (int i = 0; i < node.outputs().size(); ++i) {
            round(node.outputs().get(i), written.outputs().get(i), sketch);
        }
    }

    private ActivationGrid grid(String value) {
        return grids.computeIfAbsent(plan.grid(value), ranges);
    }

    /** Has what reads a value read it from its grid. */
    private void round(String value, String source, MessageSketch sketch) {
        String representative = plan.grid(value);
        if (representative == null) {
            return;
        }
        List<String> grid =
                parameters.computeIfAbsent(
                        representative, name -> parameters(name, grid(value), sketch));
        String codes = sketch.fresh(value + "_codes");
        sketch.node(
                "QuantizeLinear",
                Attributes.NONE,
                List.of(source, grid.get(0), grid.get(1)),
                List.of(codes));
        if (cut.containsKey(value)) {
            String padded = codes;
            codes = sketch.fresh(value + "_cut");
            PaddedChannels.cut(cut.get(value), padded, codes, sketch);
        }
        boolean isOutput = !value.equals(source);
        String rounded = isOutput ? value : sketch.fresh(value + "_rounded");
        sketch.node(
                "DequantizeLinear",
                Attributes.NONE,
                List.of(codes, grid.get(0), grid.get(1)),
                List.of(rounded));
        if (!isOutput) {
            sketch.alias(value, rounded);
        }
    }

    private static List<String> parameters(String name, ActivationGrid grid, MessageSketch sketch) {
        byte[] zero = {(byte) grid.zeroPoint()};
        return List.of(
                sketch.newInitializer(name + "_scale", Constants.scalar(grid.scale())),
                sketch.newInitializer(
                        name + "_zero", new ExactWeight(new int[0], ElementType.UINT8, zero)));
    }

    private Node withWeights(IntegerTarget target, MessageSketch sketch)
            throws OnnxExportException {
        float step = grid(target.data()).scale();
        IntegerWeight weight =
                weight(target, model, quantization.weightBits(), step)
                        .padded(target.axis(), target.padding());
        List<String> operands = new ArrayList<>(List.of(target.data()));
        operands.add(weight(target, weight, sketch));
        if (target.bias().isPresent()) {
            IntegerBias bias = IntegerBias.of(target.bias().get(), weight.scales(), step);
            operands.add(
                    decoded(
                            target.node().output() + "_bias",
                            bias.codes(),
                            0,
                            bias.scales(),
                            0,
                            sketch));
        }
        return new Node(target.node().operator(), operands, target.node().outputs());
    }

    /**
     * Puts the weight of a product on a grid.
     *
     * @param step the scale of what is multiplied with it
     */
    static IntegerWeight weight(IntegerTarget target, GraphModel model, int bits, float step)
            throws OnnxExportException {
        EncodedWeight value = model.weights().get(target.weight());
        return IntegerWeight.of(
                target.weight(),
                value,
                target.axis(),
                bits,
                IntegerBias.leastScales(target, value.shape()[target.axis()], step));
    }

    /** A weight that several products use in one way is written once. */
    private String weight(IntegerTarget target, IntegerWeight weight, MessageSketch sketch) {
        List<Object> key =
                List.of(
                        target.weight(),
                        target.axis(),
                        target.isTurned(),
                        Arrays.hashCode(weight.scales()));
        String known = weights.get(key);
        if (known == null) {
            IntegerWeight.Written written =
                    (target.isTurned() ? weight.transposed() : weight).written();
            known =
                    decoded(
                            target.weight(),
                            written.codes(),
                            written.zero(),
                            weight.scales(),
                            target.isTurned() ? 1 : target.axis(),
                            sketch);
            weights.put(key, known);
        }
        return known;
    }

    private static String decoded(
            String base,
            ExactWeight codes,
            int zero,
            float[] scales,
            int axis,
            MessageSketch sketch) {
        byte[] zeros = new byte[Math.multiplyExact(scales.length, codes.type().bytes())];
        Arrays.fill(zeros, (byte) zero);
        int[] shape = {scales.length};
        List<String> operands =
                List.of(
                        sketch.newInitializer(base + "_codes", codes),
                        sketch.newInitializer(base + "_scale", new DenseWeight(shape, scales)),
                        sketch.newInitializer(
                                base + "_zero", new ExactWeight(shape, codes.type(), zeros)));
        String name = sketch.fresh(base + "_decoded");
        sketch.node(
                "DequantizeLinear", Attributes.NONE.with("axis", axis), operands, List.of(name));
        return name;
    }
}
