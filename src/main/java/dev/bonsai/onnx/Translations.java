package dev.bonsai.onnx;

import dev.bonsai.graph.operator.Operators;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The meaning of each operator of a file, by its name. Most are translated word by word; the others
 * have other forms in some operator sets.
 */
final class Translations {

    /** The oldest operator set whose files are read. */
    static final long OLDEST = 6;

    /** The newest one; from 22 on, operators that are known here have got types only. */
    static final long NEWEST = 25;

    private static final Map<String, Translation> TABLE = table();

    private Translations() {}

    private static Map<String, Translation> table() {
        Map<String, Translation> table = new HashMap<>();
        Operators.all().forEach(schema -> table.put(schema.name(), Translations::wordByWord));
        table.put("Constant", ConstantForms::constant);
        table.put("ConstantOfShape", ConstantForms::ofShape);
        List.of("Add", "Sub", "Mul", "Div", "Pow", "Equal", "Greater", "Less", "And", "Or", "Xor")
                .forEach(name -> table.put(name, ElementForms::broadcast));
        table.put("PRelu", ElementForms::pRelu);
        table.put("Clip", ElementForms::clip);
        table.put("Cast", ElementForms::cast);
        table.put("Dropout", ElementForms::dropout);
        table.put("Gemm", (node, sketch) -> plain(node, sketch, "broadcast"));
        table.put("ArgMax", ElementForms::argMax);
        table.put("Softmax", NormalForms::softmax);
        table.put("LogSoftmax", NormalForms::softmax);
        table.put("BatchNormalization", NormalForms::batch);
        table.put("LayerNormalization", NormalForms::layer);
        table.put("Squeeze", ShapeForms::axes);
        table.put("Unsqueeze", ShapeForms::axes);
        table.put("Slice", ShapeForms::slice);
        table.put("Split", ShapeForms::split);
        table.put("Pad", ShapeForms::pad);
        table.put("Resize", ResizeForms::resize);
        table.put("Upsample", ResizeForms::upsample);
        List.of("Sum", "Mean", "Max", "Min", "Prod", "SumSquare", "L1", "L2")
                .forEach(name -> table.put("Reduce" + name, ReduceForms::reduce));
        table.put("LSTM", RecurrentForms::translate);
        table.put("GRU", RecurrentForms::translate);
        return Map.copyOf(table);
    }

    static boolean knows(String operator) {
        return TABLE.containsKey(operator);
    }

    static void translate(OnnxNode node, GraphSketch sketch) throws OnnxFormatException {
        TABLE.get(node.operator()).translate(node, sketch);
    }

    private static void wordByWord(OnnxNode node, GraphSketch sketch) {
        plain(node, sketch);
    }

    /** The operator with the attributes of the node but some. */
    static void plain(OnnxNode node, GraphSketch sketch, String... without) {
        sketch.node(
                Operators.of(node.operator(), node.attributes(without)),
                node.inputs(),
                node.outputs());
    }
}
