package dev.bonsai.thinning;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.ArgMax;
import dev.bonsai.graph.operator.BatchNormalization;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.operator.Comparison;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.ConstantOfShape;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.ConvTranspose;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Gelu;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.GlobalPool;
import dev.bonsai.graph.operator.LayerNormalization;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Pad;
import dev.bonsai.graph.operator.ParametricActivation;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Recurrence;
import dev.bonsai.graph.operator.Reduce;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.Resize;
import dev.bonsai.graph.operator.ShapeOf;
import dev.bonsai.graph.operator.Softmax;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Variadic;
import dev.bonsai.graph.operator.WindowPool;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Which rule an operator has. */
final class Rules {

    private static final String UNKNOWN = "is not known to thinning";

    private static final Map<Class<? extends Operator>, Consumer<Step>> BY_TYPE = byType();

    private static final Map<Plain, Consumer<Step>> PLAIN =
            Map.ofEntries(
                    Map.entry(Plain.PRELU, ElementFlow::all),
                    Map.entry(Plain.WHERE, ElementFlow::all),
                    Map.entry(Plain.CLIP, Step::carry),
                    Map.entry(Plain.DROPOUT, Step::carry),
                    Map.entry(Plain.MATMUL, ProductFlow::matMul),
                    Map.entry(Plain.SQUEEZE, ReshapeFlow::apply),
                    Map.entry(Plain.UNSQUEEZE, ReshapeFlow::apply),
                    Map.entry(Plain.SLICE, PartFlow::slice),
                    Map.entry(Plain.EXPAND, ReshapeFlow::expand),
                    Map.entry(Plain.TILE, PartFlow::tile));

    private Rules() {}

    private static Map<Class<? extends Operator>, Consumer<Step>> byType() {
        Map<Class<? extends Operator>, Consumer<Step>> rules = new HashMap<>();
        rules.put(Unary.class, ElementFlow::all);
        rules.put(Binary.class, ElementFlow::all);
        rules.put(Comparison.class, ElementFlow::all);
        rules.put(Variadic.class, ElementFlow::all);
        rules.put(ParametricActivation.class, ElementFlow::all);
        rules.put(Gelu.class, ElementFlow::all);
        rules.put(Cast.class, ElementFlow::all);
        rules.put(BatchNormalization.class, ReduceFlow::batchNorm);
        rules.put(LayerNormalization.class, ReduceFlow::layerNorm);
        rules.put(Softmax.class, ReduceFlow::softmax);
        rules.put(Reduce.class, ReduceFlow::reduce);
        rules.put(ArgMax.class, ReduceFlow::argMax);
        rules.put(WindowPool.class, ReduceFlow::pool);
        rules.put(GlobalPool.class, ReduceFlow::pool);
        rules.put(Conv.class, ConvFlow::conv);
        rules.put(ConvTranspose.class, ConvFlow::transposed);
        rules.put(Gemm.class, ProductFlow::gemm);
        rules.put(Recurrence.class, RecurrentFlow::apply);
        rules.put(Reshape.class, ReshapeFlow::apply);
        rules.put(Flatten.class, ReshapeFlow::apply);
        rules.put(ConstantOfShape.class, ReshapeFlow::filled);
        rules.put(Transpose.class, PartFlow::transpose);
        rules.put(Concat.class, PartFlow::concat);
        rules.put(Split.class, PartFlow::split);
        rules.put(Gather.class, PartFlow::gather);
        rules.put(Pad.class, PartFlow::pad);
        rules.put(Resize.class, PartFlow::resize);
        rules.put(ShapeOf.class, PartFlow::shapeOf);
        return rules;
    }

    static void apply(Step step) {
        Operator operator = step.node().operator();
        Consumer<Step> rule =
                operator instanceof Plain plain ? PLAIN.get(plain) : BY_TYPE.get(typeOf(operator));
        if (rule == null) {
            step.unsupported(RefusalReason.UNSUPPORTED, UNKNOWN);
        } else if (!ranksAreKnown(step)) {
            step.unsupported(RefusalReason.SIZE, "has a value of unknown rank");
        } else {
            rule.accept(step);
        }
    }

    private static Class<?> typeOf(Operator operator) {
        return operator instanceof Enum<?> constant
                ? constant.getDeclaringClass()
                : operator.getClass();
    }

    private static boolean ranksAreKnown(Step step) {
        Node node = step.node();
        for (String input : node.inputs()) {
            if (!input.equals(Node.ABSENT) && step.flow().axes(input).isEmpty()) {
                return false;
            }
        }
        return node.outputs().stream()
                .filter(output -> !output.equals(Node.ABSENT))
                .allMatch(output -> step.flow().shape(output).isPresent());
    }
}
