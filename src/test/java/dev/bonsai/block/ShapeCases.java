package dev.bonsai.block;

import static dev.bonsai.block.OperatorCase.absent;
import static dev.bonsai.block.OperatorCase.fixed;
import static dev.bonsai.block.OperatorCase.integers;
import static dev.bonsai.block.OperatorCase.positive;
import static dev.bonsai.block.OperatorCase.real;

import dev.bonsai.block.OperatorCase.Operand;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.operator.ArgMax;
import dev.bonsai.graph.operator.BatchNormalization;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.ConstantOfShape;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.LayerNormalization;
import dev.bonsai.graph.operator.Pad;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reduce;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.Resize;
import dev.bonsai.graph.operator.ShapeOf;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.type.Constants;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operators on shapes and parts, reductions, products and normalisations. */
final class ShapeCases {

    private static final boolean[] BOTH = {false, true};

    private final List<OperatorCase> cases = new ArrayList<>();

    private ShapeCases() {}

    static List<OperatorCase> all() {
        ShapeCases made = new ShapeCases();
        made.shapes();
        made.parts();
        made.reductions();
        made.products();
        made.norms();
        made.resizes();
        return made.cases;
    }

    private void add(OperatorCase made) {
        cases.add(made);
    }

    private void shapes() {
        Operand x = real(2, 1, 6);
        add(OperatorCase.of(new Reshape(false), x, integers(0, -1, 3)));
        add(OperatorCase.of(new Reshape(false), x, integers(12)));
        for (int axis = -3; axis <= 3; ++axis) {
            add(OperatorCase.of(new Flatten(axis), x));
        }
        add(OperatorCase.of(new Transpose(List.of()), x));
        add(OperatorCase.of(new Transpose(List.of(1, 2, 0)), x));
        add(OperatorCase.of(Plain.SQUEEZE, x));
        add(OperatorCase.of(Plain.SQUEEZE, x, integers(-2)));
        add(OperatorCase.of(Plain.UNSQUEEZE, x, integers(0, -1)));
        add(OperatorCase.of(Plain.EXPAND, x, integers(3, 1)));
        add(OperatorCase.of(Plain.TILE, x, integers(1, 2, 3)));
        add(OperatorCase.of(new ShapeOf(0, Optional.empty()), x));
        add(OperatorCase.of(new ShapeOf(-2, Optional.of(-1)), x));
        add(OperatorCase.of(new ConstantOfShape(2.5f, ElementType.FLOAT32), integers(2, 3)));
        add(OperatorCase.of(new ConstantOfShape(2, ElementType.INT64), integers(2, 3)));
        for (long[] range : new long[][] {{0, 5, 1}, {5, 0, -2}, {3, 3, 1}}) {
            Operand[] operands = new Operand[range.length];
            for (int i = 0; i < range.length; ++i) {
                operands[i] = fixed(Constants.integer(range[i]));
            }
            add(OperatorCase.of(Plain.RANGE, operands));
        }
    }

    private void parts() {
        Operand x = real(3, 4, 2);
        for (int axis = -2; axis < 2; ++axis) {
            add(OperatorCase.of(new Concat(axis), real(2, 2, 2), real(2, 2, 2)));
            add(OperatorCase.of(new Split(axis), real(4, 4, 4), integers(1, 3)).withResults(2));
            add(OperatorCase.of(new Split(axis), real(5, 5, 5)).withResults(2));
            add(OperatorCase.of(new Gather(axis), x, fixed(Constants.integer(-1))));
            add(OperatorCase.of(new Gather(axis), x, integers(1, -2, 1)));
            add(OperatorCase.of(new Gather(axis), real(3, 2), integers(1, -2, 1, 0)));
        }
        add(OperatorCase.of(new Concat(0), real(2, 2)));
        add(OperatorCase.of(Plain.SLICE, x, integers(1, 0), integers(3, -1)));
        add(OperatorCase.of(Plain.SLICE, x, integers(-1), integers(-9), integers(1), integers(-2)));
        add(OperatorCase.of(Plain.SLICE, x, integers(0), integers(99), integers(-2), integers(3)));
        add(OperatorCase.of(Plain.SLICE, x, integers(2), integers(2)));
        for (Pad.Mode mode : Pad.Mode.values()) {
            add(OperatorCase.of(new Pad(mode), x, integers(1, 2, 0, 0, 1, 1)));
            add(OperatorCase.of(new Pad(mode), x, integers(-1, 1, 0, 0, -2, 1)));
            add(OperatorCase.of(new Pad(mode), x, integers(1, 2), absent(), integers(-2)));
        }
        add(
                OperatorCase.of(
                        new Pad(Pad.Mode.CONSTANT),
                        x,
                        integers(0, 1, 0, 0, 0, 2),
                        new Operand.Scalar(1.5)));
    }

    private void reductions() {
        for (Reduce.Kind kind : Reduce.Kind.values()) {
            for (boolean keep : BOTH) {
                for (List<Integer> axes : List.of(List.<Integer>of(), List.of(1), List.of(-1, 0))) {
                    add(OperatorCase.of(new Reduce(kind, axes, keep, false), positive(2, 3, 2)));
                }
                Reduce told = new Reduce(kind, List.of(), keep, false);
                add(OperatorCase.of(told, positive(2, 3, 2), integers(0, 1)));
                add(OperatorCase.of(new Reduce(kind, List.of(), keep, true), real(2, 3)));
            }
        }
        for (boolean keep : BOTH) {
            for (int axis = -1; axis < 2; ++axis) {
                add(OperatorCase.of(new ArgMax(axis, keep), real(3, 4)));
            }
        }
    }

    private void products() {
        for (boolean transA : BOTH) {
            for (boolean transB : BOTH) {
                for (float factor : new float[] {1, 0.5f}) {
                    Gemm gemm = new Gemm(factor, 2 * factor - 1, transA, transB);
                    Gemm other = new Gemm(1, factor, transA, transB);
                    for (Gemm operator : List.of(gemm, other)) {
                        Operand a = transA ? real(4, 2) : real(2, 4);
                        Operand b = transB ? real(3, 4) : real(4, 3);
                        add(OperatorCase.of(operator, a, b));
                        for (int[] c : new int[][] {{3}, {1}, {2, 1}, {2, 3}, {}}) {
                            add(OperatorCase.of(operator, a, b, real(c)));
                        }
                    }
                }
            }
        }
        int[][][] shapes = {
            {{2, 3}, {3, 4}},
            {{3}, {3, 4}},
            {{2, 3}, {3}},
            {{3}, {3}},
            {{2, 1, 2, 3}, {2, 3, 2}},
            {{2, 2, 3}, {3, 2}}
        };
        for (int[][] pair : shapes) {
            add(OperatorCase.of(Plain.MATMUL, real(pair[0]), real(pair[1])));
        }
    }

    private void norms() {
        for (int[] shape : new int[][] {{3, 2}, {2, 2, 3}, {1, 2, 2, 3}}) {
            add(
                    OperatorCase.of(
                            new BatchNormalization(1e-3f, 0.9f),
                            real(shape),
                            real(2),
                            real(2),
                            real(2),
                            positive(2)));
        }
        for (int axis = 1; axis < 3; ++axis) {
            LayerNormalization norm = new LayerNormalization(axis - 3, 1e-3f);
            int[] scale = axis == 1 ? new int[] {2, 3} : new int[] {3};
            add(OperatorCase.of(norm, real(2, 2, 3), real(scale)));
            add(OperatorCase.of(norm, real(2, 2, 3), real(scale), real(scale)));
            add(OperatorCase.of(norm, real(2, 2, 3), real(3), real(1)));
            add(OperatorCase.of(norm, real(2, 2, 3), real(scale), real(scale)).withResults(3));
        }
    }

    private void resizes() {
        for (Resize.Mode mode : Resize.Mode.values()) {
            for (Resize.Coordinates coordinates : Resize.Coordinates.values()) {
                for (Resize.Nearest nearest : Resize.Nearest.values()) {
                    if (mode == Resize.Mode.NEAREST || nearest == Resize.Nearest.FLOOR) {
                        resizes(mode, coordinates, nearest);
                    }
                }
            }
        }
    }

    private void resizes(Resize.Mode mode, Resize.Coordinates coordinates, Resize.Nearest nearest) {
        Operand x = real(1, 2, 3, 5);
        Operand none = absent();
        Resize all = new Resize(mode, coordinates, nearest, List.of(), Resize.AspectRatio.STRETCH);
        for (float[] scales : new float[][] {{2, 3}, {0.6f, 0.5f}, {1.5f, 1}}) {
            Operand scale = fixed(Constants.floats(1, 1, scales[0], scales[1]));
            add(OperatorCase.of(all, x, none, scale));
        }
        add(OperatorCase.of(all, x, none, none, integers(1, 2, 6, 4)));
        for (Resize.AspectRatio policy : Resize.AspectRatio.values()) {
            Resize some = new Resize(mode, coordinates, nearest, List.of(3, 2), policy);
            add(OperatorCase.of(some, x, none, none, integers(7, 6)));
        }
    }
}
