package dev.bonsai.graph;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.operator.Comparison;
import dev.bonsai.graph.operator.Gelu;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.ParametricActivation;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Variadic;
import dev.bonsai.graph.type.Constants;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Cases of the operators that go element by element. */
final class ElementCases {

    private static final Object[][][] PAIRS = {
        {{"batch", 3}, {"batch", 3}},
        {{"batch", 3}, {3}},
        {{"batch", 1}, {1, 3}},
        {{}, {"batch", "width"}},
        {{"batch", 1, "width"}, {2, 1}},
        {{}, {}}
    };

    private ElementCases() {}

    static List<OperatorCase> all() {
        List<OperatorCase> cases = new ArrayList<>();
        for (Unary unary : Unary.values()) {
            ElementType type = unary == Unary.NOT ? ElementType.BOOLEAN : ElementType.FLOAT32;
            cases.add(OperatorCase.of(unary).in(type, "batch", 3));
            cases.add(OperatorCase.of(unary).in(type));
        }
        for (Operator operator :
                List.of(
                        new ParametricActivation(ParametricActivation.Kind.LEAKY_RELU, 0.2f, 0),
                        new ParametricActivation(ParametricActivation.Kind.LEAKY_RELU, 0.01f, 0),
                        new ParametricActivation(ParametricActivation.Kind.ELU, 1f, 0),
                        new ParametricActivation(ParametricActivation.Kind.ELU, 0.5f, 0),
                        new ParametricActivation(ParametricActivation.Kind.SELU, 1.6f, 1.1f),
                        new ParametricActivation(
                                ParametricActivation.Kind.HARD_SIGMOID, 0.2f, 0.5f),
                        new ParametricActivation(
                                ParametricActivation.Kind.HARD_SIGMOID, 0.1f, 0.4f),
                        new Gelu(Gelu.Approximation.NONE),
                        new Gelu(Gelu.Approximation.TANH),
                        Plain.DROPOUT)) {
            cases.add(OperatorCase.of(operator).in("batch", 3));
        }
        cases.add(OperatorCase.of(Plain.DROPOUT).in("batch", 3).scalar(0.25f).results(2));
        pairs(cases);
        clips(cases);
        for (ElementType from :
                List.of(ElementType.FLOAT32, ElementType.INT64, ElementType.BOOLEAN)) {
            for (ElementType to : ElementType.values()) {
                cases.add(OperatorCase.of(new Cast(to)).in(from, "batch", 3));
            }
        }
        return cases;
    }

    private static void pairs(List<OperatorCase> cases) {
        for (Object[][] pair : PAIRS) {
            for (ElementType type :
                    List.of(ElementType.FLOAT32, ElementType.FLOAT64, ElementType.INT64)) {
                for (Binary binary : Binary.values()) {
                    if (binary != Binary.DIV || type != ElementType.INT64) { // inputs may be 0
                        cases.add(OperatorCase.of(binary).in(type, pair[0]).in(type, pair[1]));
                    }
                }
                for (Variadic variadic : Variadic.values()) {
                    cases.add(OperatorCase.of(variadic).in(type, pair[0]));
                    cases.add(
                            OperatorCase.of(variadic)
                                    .in(type, pair[1])
                                    .in(type, pair[0])
                                    .in(type, pair[1]));
                }
                for (Object[] condition : List.of(pair[0], pair[1])) {
                    cases.add(
                            OperatorCase.of(Plain.WHERE)
                                    .in(ElementType.BOOLEAN, condition)
                                    .in(type, pair[0])
                                    .in(type, pair[1]));
                }
            }
            for (Comparison comparison : Comparison.values()) {
                boolean logical =
                        EnumSet.range(Comparison.AND, Comparison.XOR).contains(comparison);
                ElementType type = logical ? ElementType.BOOLEAN : ElementType.FLOAT32;
                cases.add(OperatorCase.of(comparison).in(type, pair[0]).in(type, pair[1]));
            }
        }
    }

    private static void clips(List<OperatorCase> cases) {
        cases.add(OperatorCase.of(Plain.CLIP).in("batch", 3));
        cases.add(OperatorCase.of(Plain.CLIP).in("batch", 3).scalar(-1));
        cases.add(OperatorCase.of(Plain.CLIP).in("batch", 3).absent().scalar(1));
        cases.add(OperatorCase.of(Plain.CLIP).in("batch", 3).scalar(-1).scalar(1));
        cases.add(
                OperatorCase.of(Plain.CLIP)
                        .in(ElementType.INT64, "batch", 3)
                        .constant(Constants.integer(1)));
        for (int[] slope : new int[][] {{}, {1}, {4}, {3, 1}, {3, 4}, {1, 3, 1}}) {
            cases.add(OperatorCase.of(Plain.PRELU).in("batch", 3, 4).floats(slope));
        }
    }
}
