package dev.bonsai.block;

import static dev.bonsai.block.OperatorCase.absent;
import static dev.bonsai.block.OperatorCase.booleans;
import static dev.bonsai.block.OperatorCase.fixed;
import static dev.bonsai.block.OperatorCase.integers;
import static dev.bonsai.block.OperatorCase.positive;
import static dev.bonsai.block.OperatorCase.real;

import dev.bonsai.block.OperatorCase.Operand;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.operator.Comparison;
import dev.bonsai.graph.operator.Gelu;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.ParametricActivation;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Softmax;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Variadic;
import dev.bonsai.graph.type.Constants;
import java.util.ArrayList;
import java.util.List;

/** Operators element by element. */
final class ElementCases {

    private static final int[][][] SHAPES = {
        {{2, 3}, {2, 3}}, {{2, 3}, {3}}, {{1, 3}, {2, 1}}, {{}, {2, 3}}, {{2, 3}, {}}
    };

    private ElementCases() {}

    static List<OperatorCase> all() {
        List<OperatorCase> cases = new ArrayList<>();
        for (Unary operator : Unary.values()) {
            Operand operand =
                    switch (operator) {
                        case LOG, SQRT, RECIPROCAL -> positive(2, 3);
                        case NOT -> booleans(new int[] {3}, 1, 0, 1);
                        case HARD_SWISH -> new Operand.Real(-5, 5, 4, 5);
                        default -> real(2, 3);
                    };
            cases.add(OperatorCase.of(operator, operand));
        }
        for (int[][] shapes : SHAPES) {
            for (Binary operator : Binary.values()) {
                boolean power = operator == Binary.POW || operator == Binary.DIV;
                Operand first = power ? positive(shapes[0]) : real(shapes[0]);
                Operand second = power ? positive(shapes[1]) : real(shapes[1]);
                if (operator != Binary.POW || shapes[0].length == 2) {
                    cases.add(OperatorCase.of(operator, first, second));
                }
            }
            for (Comparison operator : Comparison.values()) {
                boolean logical = operator.compareTo(Comparison.AND) >= 0;
                cases.add(
                        logical
                                ? OperatorCase.of(
                                        operator,
                                        booleans(new int[] {2, 1}, 1, 0),
                                        booleans(new int[] {3}, 1, 0, 1))
                                : OperatorCase.of(operator, real(shapes[0]), real(shapes[1])));
            }
            cases.add(
                    OperatorCase.of(
                            Plain.WHERE,
                            booleans(new int[] {2, 1}, 1, 0),
                            real(shapes[0]),
                            real(shapes[1])));
        }
        for (double exponent : new double[] {2, 0.5, 3, -1}) {
            cases.add(OperatorCase.of(Binary.POW, positive(2, 3), new Operand.Scalar(exponent)));
        }
        cases.add(OperatorCase.of(Binary.DIV, integers(7, -7, 9), integers(2, 2, -4)));
        for (Variadic operator : Variadic.values()) {
            cases.add(OperatorCase.of(operator, real(2, 3)));
            cases.add(OperatorCase.of(operator, real(2, 3), real(3)));
            cases.add(OperatorCase.of(operator, real(3), real(2, 1), real(2, 3)));
        }
        activations(cases);
        return cases;
    }

    private static void activations(List<OperatorCase> cases) {
        Operand wide = new Operand.Real(-4, 4, 4, 5);
        for (Operator operator :
                List.of(
                        new ParametricActivation(ParametricActivation.Kind.LEAKY_RELU, 0.01f, 0),
                        new ParametricActivation(ParametricActivation.Kind.LEAKY_RELU, 0.3f, 0),
                        new ParametricActivation(ParametricActivation.Kind.ELU, 1, 0),
                        new ParametricActivation(ParametricActivation.Kind.ELU, 0.5f, 0),
                        new ParametricActivation(
                                ParametricActivation.Kind.SELU, 1.6732632f, 1.050701f),
                        new ParametricActivation(ParametricActivation.Kind.SELU, 0.7f, 1.3f),
                        new ParametricActivation(
                                ParametricActivation.Kind.HARD_SIGMOID, 0.2f, 0.5f),
                        new ParametricActivation(
                                ParametricActivation.Kind.HARD_SIGMOID, 0.5f, 0.25f),
                        new Gelu(Gelu.Approximation.NONE),
                        new Gelu(Gelu.Approximation.TANH),
                        new Cast(ElementType.INT64),
                        new Cast(ElementType.BOOLEAN),
                        new Cast(ElementType.FLOAT32))) {
            cases.add(OperatorCase.of(operator, wide));
        }
        for (int[] slope : new int[][] {{5}, {1}, {4, 1}, {4, 5}, {}}) {
            cases.add(OperatorCase.of(Plain.PRELU, wide, positive(slope)));
        }
        Operand low = new Operand.Scalar(-1.1);
        Operand high = new Operand.Scalar(2.3);
        cases.add(OperatorCase.of(Plain.CLIP, wide));
        cases.add(OperatorCase.of(Plain.CLIP, wide, low));
        cases.add(OperatorCase.of(Plain.CLIP, wide, absent(), high));
        cases.add(OperatorCase.of(Plain.CLIP, wide, low, high));
        cases.add(
                OperatorCase.of(
                        Plain.CLIP,
                        integers(-3, 0, 9),
                        fixed(Constants.integer(-1)),
                        fixed(Constants.integer(4))));
        for (int axis = -1; axis < 3; ++axis) {
            cases.add(OperatorCase.of(new Softmax(Softmax.Kind.SOFTMAX, axis), real(2, 3, 2)));
            cases.add(OperatorCase.of(new Softmax(Softmax.Kind.LOG_SOFTMAX, axis), real(2, 3, 2)));
        }
        Operand part = fixed(Constants.scalar(0.3f));
        cases.add(OperatorCase.of(Plain.DROPOUT, real(2, 3), part));
        cases.add(OperatorCase.of(Plain.DROPOUT, real(2, 3)).withResults(2));
    }
}
