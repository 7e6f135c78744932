package dev.bonsai.onnx;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/** Older forms of operators that work element by element. */
final class ElementForms {

    /** From this operator set on, operands are broadcast as in NumPy. */
    private static final long BROADCAST = 7;

    /** From this operator set on, bounds of a Clip are operands. */
    private static final long CLIP_OPERANDS = 11;

    /** From this operator set on, the ratio of a Dropout is an operand. */
    private static final long DROPOUT_OPERANDS = 12;

    private static final float DROPOUT_RATIO = 0.5f;

    /** The names that types had as texts, where they are not ours. */
    private static final Map<String, String> TYPE_NAMES =
            Map.of("FLOAT", "FLOAT32", "DOUBLE", "FLOAT64", "BOOL", "BOOLEAN");

    private ElementForms() {}

    static void broadcast(OnnxNode node, GraphSketch sketch) {
        String second = node.input(1);
        if (node.version() < BROADCAST && node.integer("broadcast", 0) == 1 && node.has("axis")) {
            int rank = sketch.rank(node.input(0));
            int own = sketch.rank(second);
            long axis = node.integer("axis", 0);
            long from = axis < 0 ? axis + rank : axis;
            if (from < 0 || from + own > rank) {
                throw new GraphException(
                        "axis " + axis + " does not fit the ranks of the operands");
            }
            second = behind(second, own, rank - (int) from, sketch);
        }
        sketch.node(
                Operators.of(node.operator(), node.attributes("broadcast", "axis")),
                List.of(node.input(0), second),
                node.outputs());
    }

    /** A value with axes of size 1 behind its own, up to a rank. */
    private static String behind(String name, int rank, int wanted, GraphSketch sketch) {
        if (rank >= wanted) {
            return name;
        }
        String axes =
                sketch.newConstant(
                        name + "_axes",
                        Constants.integers(LongStream.range(rank, wanted).toArray()));
        return sketch.newNode(Plain.UNSQUEEZE, name + "_unsqueezed", name, axes);
    }

    /** In old operator sets a slope of rank 1 is one per channel. */
    static void pRelu(OnnxNode node, GraphSketch sketch) {
        String slope = node.input(1);
        Shape own = sketch.shape(slope).orElse(Shape.SCALAR);
        boolean perChannel = own.rank() == 1 && !own.get(0).is(1);
        if (node.version() < BROADCAST && perChannel) {
            slope = behind(slope, 1, sketch.rank(node.input(0)) - 1, sketch);
        }
        sketch.node(Plain.PRELU, List.of(node.input(0), slope), node.outputs());
    }

    static void clip(OnnxNode node, GraphSketch sketch) {
        if (node.version() >= CLIP_OPERANDS) {
            Translations.plain(node, sketch);
            return;
        }
        String base = node.outputs().get(0);
        String low = bound(node, "min", base, sketch);
        String high = bound(node, "max", base, sketch);
        sketch.node(Plain.CLIP, List.of(node.input(0), low, high), node.outputs());
    }

    private static String bound(OnnxNode node, String name, String base, GraphSketch sketch) {
        EncodedWeight value = Constants.scalar(node.real(name, 0f));
        return node.has(name) ? sketch.newConstant(base + "_" + name, value) : Node.ABSENT;
    }

    static void cast(OnnxNode node, GraphSketch sketch) {
        if (node.value("to").orElse(0L) instanceof String text) {
            String upper = text.toUpperCase(Locale.ROOT);
            Cast cast = new Cast(type(TYPE_NAMES.getOrDefault(upper, upper)));
            sketch.node(cast, node.inputs(), node.outputs());
        } else {
            Translations.plain(node, sketch, "saturate", "round_mode"); // of 8-bit floats only
        }
    }

    private static dev.bonsai.encoding.ElementType type(String name) {
        try {
            return dev.bonsai.encoding.ElementType.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new GraphException("There is no type '" + name + "'", e);
        }
    }

    static void dropout(OnnxNode node, GraphSketch sketch) {
        String ratio = node.input(1);
        if (node.version() < DROPOUT_OPERANDS) {
            float part = node.real("ratio", DROPOUT_RATIO);
            ratio =
                    part == DROPOUT_RATIO
                            ? Node.ABSENT
                            : sketch.newConstant(
                                    node.outputs().get(0) + "_ratio", Constants.scalar(part));
        }
        sketch.node(Plain.DROPOUT, List.of(node.input(0), ratio), node.outputs());
    }

    static void argMax(OnnxNode node, GraphSketch sketch) {
        node.need("select_last_index", 0L);
        Translations.plain(node, sketch, "select_last_index");
    }
}
