package dev.bonsai.runtime;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Operators;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Operators with their options in cross products, on seeded operands. */
final class OperatorCases {

    /**
     * One operator with operands.
     *
     * @param operator the operator
     * @param operands its operands; null where one is left out
     * @param results the number of results
     */
    record Case(Operator operator, List<Tensor> operands, int results) {

        @Override
        public String toString() {
            return operator.onnxName() + " {" + operator.attributes() + "} " + operands;
        }
    }

    private final Random random = new Random(7);
    private final List<Case> cases = new ArrayList<>();

    private OperatorCases() {}

    static List<Case> all() {
        OperatorCases made = new OperatorCases();
        made.elementwise();
        made.convolutions();
        made.pools();
        made.products();
        made.normalisations();
        made.reductions();
        made.parts();
        made.recurrent();
        return made.cases;
    }

    private void elementwise() {
        for (String name :
                List.of(
                        "Relu",
                        "Sigmoid",
                        "Tanh",
                        "Exp",
                        "Erf",
                        "HardSwish",
                        "Neg",
                        "Abs",
                        "Reciprocal",
                        "Floor",
                        "Ceil",
                        "Round",
                        "Softplus",
                        "Softsign",
                        "Sign",
                        "Sin",
                        "Cos",
                        "LeakyRelu",
                        "Elu",
                        "Selu",
                        "HardSigmoid",
                        "Gelu",
                        "Identity")) {
            add(name, Map.of(), floats(3, 5, 7));
        }
        add("Sqrt", Map.of(), positive(3, 5));
        add("Log", Map.of(), positive(3, 5));
        add("Gelu", Map.of("approximate", "tanh"), floats(41));
        add("Clip", Map.of(), floats(3, 5), scalar(-0.5f), scalar(0.75f));
        add("Clip", Map.of(), floats(3, 5), null, scalar(0.25f));
        int[][][] shapes = {
            {{2, 3, 4}, {2, 3, 4}},
            {{2, 3, 4}, {}},
            {{}, {2, 3, 4}},
            {{2, 3, 4}, {4}},
            {{2, 3, 4}, {3, 1}},
            {{2, 1, 4}, {3, 1}},
            {{1, 3, 1}, {2, 1, 4}},
            {{2, 3, 1}, {2, 3, 4}}
        };
        for (int[][] pair : shapes) {
            for (String name : List.of("Add", "Sub", "Mul", "Div", "Max", "Min", "Sum")) {
                add(name, Map.of(), floats(pair[0]), positive(pair[1]));
            }
            add("Pow", Map.of(), positive(pair[0]), floats(pair[1]));
            for (String name : List.of("Greater", "GreaterOrEqual", "Less", "LessOrEqual")) {
                add(name, Map.of(), floats(pair[0]), floats(pair[1]));
            }
        }
        add("Pow", Map.of(), floats(3, 4), scalar(2));
        add("PRelu", Map.of(), floats(2, 3, 4), floats(3, 1));
    }

    private void convolutions() {
        for (long stride : new long[] {1, 2}) {
            for (long dilation : new long[] {1, 2}) {
                for (long group : new long[] {1, 2, 4}) {
                    for (boolean bias : new boolean[] {false, true}) {
                        for (int rank : new int[] {1, 2}) {
                            convolutions(stride, dilation, (int) group, bias, rank);
                        }
                    }
                }
            }
        }
        add("Conv", Map.of(), floats(2, 3, 5, 6), floats(4, 3, 1, 1), floats(4));
    }

    private void convolutions(long stride, long dilation, int group, boolean bias, int rank) {
        int[] sizes = rank == 1 ? new int[] {9} : new int[] {9, 8};
        int[] kernel = rank == 1 ? new int[] {3} : new int[] {3, 2};
        Map<String, Object> attributes =
                Map.of(
                        "strides", same(rank, stride),
                        "dilations", same(rank, dilation),
                        "pads", same(2 * rank, 1L),
                        "group", (long) group);
        Tensor x = floats(joined(new int[] {2, 4}, sizes));
        Tensor weight = floats(joined(new int[] {8, 4 / group}, kernel));
        add("Conv", attributes, x, weight, bias ? floats(8) : null);
        Tensor turned = floats(joined(new int[] {4, 6 / (group == 4 ? 2 : group)}, kernel));
        int outputs = turned.shape()[1] * group;
        add("ConvTranspose", attributes, x, turned, bias ? floats(outputs) : null);
    }

    private void pools() {
        for (long size : new long[] {2, 3}) {
            for (long stride : new long[] {1, 2}) {
                for (long pad : new long[] {0, 1}) {
                    Map<String, Object> attributes =
                            Map.of(
                                    "kernel_shape", same(2, size),
                                    "strides", same(2, stride),
                                    "pads", same(4, pad));
                    add("MaxPool", attributes, floats(2, 3, 7, 8));
                    for (long counted : new long[] {0, 1}) {
                        Map<String, Object> more = new TreeMap<>(attributes);
                        more.put("count_include_pad", counted);
                        add("AveragePool", more, floats(2, 3, 7, 8));
                    }
                }
            }
        }
        add("GlobalAveragePool", Map.of(), floats(2, 3, 4, 5));
        add("GlobalMaxPool", Map.of(), floats(2, 3, 4, 5));
    }

    private void products() {
        for (long transA : new long[] {0, 1}) {
            for (long transB : new long[] {0, 1}) {
                for (int[] bias : new int[][] {null, {}, {5}, {3, 1}, {3, 5}}) {
                    for (float factor : new float[] {1f, 0.5f}) {
                        add(
                                "Gemm",
                                Map.of(
                                        "transA", transA, "transB", transB, "alpha", factor, "beta",
                                        factor),
                                transA == 1 ? floats(4, 3) : floats(3, 4),
                                transB == 1 ? floats(5, 4) : floats(4, 5),
                                bias == null ? null : floats(bias));
                    }
                }
            }
        }
        int[][][] shapes = {
            {{3, 4}, {4, 5}},
            {{4}, {4, 5}},
            {{3, 4}, {4}},
            {{2, 3, 4}, {4, 5}},
            {{2, 3, 4}, {2, 4, 5}},
            {{2, 1, 3, 4}, {6, 4, 5}},
            {{3, 4}, {2, 4, 5}}
        };
        for (int[][] pair : shapes) {
            add("MatMul", Map.of(), floats(pair[0]), floats(pair[1]));
        }
    }

    private void normalisations() {
        add(
                "BatchNormalization",
                Map.of("epsilon", 0.01f),
                floats(2, 3, 4, 5),
                floats(3),
                floats(3),
                floats(3),
                positive(3));
        for (long axis : new long[] {-1, 1, 0}) {
            int[] inner =
                    axis == 0 ? new int[] {2, 3, 4} : axis == 1 ? new int[] {3, 4} : new int[] {4};
            add(
                    "LayerNormalization",
                    Map.of("axis", axis),
                    floats(2, 3, 4),
                    floats(inner),
                    floats(inner));
        }
        for (long axis : new long[] {0, 1, -1}) {
            add("Softmax", Map.of("axis", axis), floats(2, 3, 4));
            add("LogSoftmax", Map.of("axis", axis), floats(2, 3, 4));
            add("ArgMax", Map.of("axis", axis), floats(2, 3, 4));
        }
    }

    private void reductions() {
        for (String name :
                List.of(
                        "ReduceSum",
                        "ReduceMean",
                        "ReduceMax",
                        "ReduceMin",
                        "ReduceSumSquare",
                        "ReduceL1",
                        "ReduceL2",
                        "ReduceProd")) {
            for (List<Long> axes :
                    List.of(List.of(0L), List.of(-1L), List.of(1L, 2L), List.of(0L, 2L))) {
                for (long keep : new long[] {0, 1}) {
                    add(name, Map.of("axes", axes, "keepdims", keep), floats(2, 3, 4));
                }
            }
        }
    }

    private void parts() {
        add("Transpose", Map.of("perm", List.of(0L, 2L, 1L, 3L)), floats(2, 3, 4, 5));
        add("Transpose", Map.of("perm", List.of(3L, 1L, 0L, 2L)), floats(2, 3, 4, 5));
        add("Transpose", Map.of("perm", List.of(0L, 1L, 3L, 2L)), floats(2, 3, 4, 5));
        add("Reshape", Map.of(), floats(2, 3, 4), integers(0, -1));
        add("Flatten", Map.of("axis", 2L), floats(2, 3, 4));
        add("Squeeze", Map.of(), floats(2, 1, 4), integers(1));
        add("Unsqueeze", Map.of(), floats(2, 4), integers(0, -1));
        add("Concat", Map.of("axis", 1L), floats(2, 3, 2), floats(2, 1, 2), floats(2, 2, 2));
        add("Slice", Map.of(), floats(4, 5, 6), integers(1, -3), integers(4, 9), integers(0, 2));
        add("Slice", Map.of(), floats(9, 4), integers(1), integers(8), integers(0), integers(3));
        add(
                "Gather",
                Map.of("axis", 1L),
                floats(3, 4, 2),
                Tensor.of(new long[] {3, 0, 0, 1}, 2, 2));
        add("Expand", Map.of(), floats(3, 1), integers(2, 1, 4));
        add("Tile", Map.of(), floats(2, 3), integers(2, 2));
        add(
                "Where",
                Map.of(),
                Tensor.of(new boolean[] {true, false, true}, 3, 1),
                floats(3, 4),
                scalar(1));
        for (String mode : List.of("constant", "reflect", "edge")) {
            add("Pad", Map.of("mode", mode), floats(1, 2, 5, 6), integers(0, 0, 1, 2, 0, 0, 2, 0));
        }
        for (String mode : List.of("nearest", "linear")) {
            for (float scale : new float[] {2f, 0.5f, 1.5f}) {
                add(
                        "Resize",
                        Map.of(
                                "mode",
                                mode,
                                "coordinate_transformation_mode",
                                mode.equals("nearest") ? "asymmetric" : "half_pixel",
                                "nearest_mode",
                                "floor"),
                        floats(1, 2, 6, 8),
                        null,
                        Tensor.of(new float[] {1, 1, scale, scale}, 4));
            }
        }
    }

    private void recurrent() {
        for (String direction : List.of("forward", "reverse", "bidirectional")) {
            int count = direction.equals("bidirectional") ? 2 : 1;
            for (boolean initial : new boolean[] {false, true}) {
                Tensor state = initial ? floats(count, 2, 5) : null;
                Map<String, Object> attributes = Map.of("hidden_size", 5L, "direction", direction);
                add(
                        3,
                        "LSTM",
                        attributes,
                        floats(4, 2, 3),
                        floats(count, 20, 3),
                        floats(count, 20, 5),
                        initial ? floats(count, 40) : null,
                        null,
                        state,
                        state);
                for (long linear : new long[] {0, 1}) {
                    Map<String, Object> more = new TreeMap<>(attributes);
                    more.put("linear_before_reset", linear);
                    add(
                            2,
                            "GRU",
                            more,
                            floats(4, 2, 3),
                            floats(count, 15, 3),
                            floats(count, 15, 5),
                            initial ? floats(count, 30) : null,
                            null,
                            state);
                }
            }
        }
    }

    private void add(String name, Map<String, Object> attributes, Tensor... operands) {
        add(1, name, attributes, operands);
    }

    private void add(int results, String name, Map<String, Object> attributes, Tensor... operands) {
        Operator operator = Operators.of(name, Attributes.of(attributes));
        cases.add(new Case(operator, Arrays.asList(operands), results));
    }

    private Tensor floats(int... shape) {
        return numbers(-2, 2, shape);
    }

    private Tensor positive(int... shape) {
        return numbers(0.5f, 2, shape);
    }

    private Tensor numbers(float low, float high, int[] shape) {
        float[] values = new float[Sizes.elements(shape)];
        for (int i = 0; i < values.length; ++i) {
            values[i] = low + (high - low) * random.nextFloat();
        }
        return Tensor.of(values, shape);
    }

    private static Tensor scalar(float value) {
        return Tensor.of(new float[] {value});
    }

    private static Tensor integers(long... values) {
        return Tensor.of(ElementType.INT64, values, values.length);
    }

    private static List<Long> same(int count, long value) {
        return Collections.nCopies(count, value);
    }

    private static int[] joined(int[] first, int[] second) {
        int[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
