package dev.bonsai.graph;

import dev.bonsai.graph.operator.ArgMax;
import dev.bonsai.graph.operator.AutoPad;
import dev.bonsai.graph.operator.BatchNormalization;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.ConvTranspose;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.GlobalPool;
import dev.bonsai.graph.operator.LayerNormalization;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Recurrence;
import dev.bonsai.graph.operator.Recurrence.Direction;
import dev.bonsai.graph.operator.Reduce;
import dev.bonsai.graph.operator.Softmax;
import dev.bonsai.graph.operator.Window;
import dev.bonsai.graph.operator.WindowPool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Cases of every operator: its options in cross products. */
public final class OperatorCases {

    private static final boolean[] BOTH = {false, true};

    private OperatorCases() {}

    public static List<OperatorCase> all() {
        List<OperatorCase> cases = new ArrayList<>(ElementCases.all());
        cases.addAll(LayoutCases.all());
        for (int spatial = 1; spatial <= 2; ++spatial) {
            for (Window window : windows(spatial)) {
                convolutions(cases, spatial, window);
                pools(cases, spatial, window);
            }
            for (GlobalPool pool : GlobalPool.values()) {
                cases.add(image(OperatorCase.of(pool), spatial));
            }
        }
        transposedShapes(cases);
        products(cases);
        normalizations(cases);
        reductions(cases);
        recurrences(cases);
        return cases;
    }

    private static List<Window> windows(int spatial) {
        List<Window> windows = new ArrayList<>();
        for (int stride = 1; stride <= 3; ++stride) {
            for (int dilation = 1; dilation <= 2; ++dilation) {
                List<Integer> kernel = Collections.nCopies(spatial, 3);
                List<Integer> strides = Collections.nCopies(spatial, stride);
                List<Integer> dilations = Collections.nCopies(spatial, dilation);
                for (AutoPad auto :
                        List.of(AutoPad.VALID, AutoPad.SAME_UPPER, AutoPad.SAME_LOWER)) {
                    windows.add(new Window(auto, kernel, strides, List.of(), dilations));
                }
                for (int pad = 0; pad <= 2; ++pad) {
                    List<Integer> pads = new ArrayList<>(Collections.nCopies(spatial, pad));
                    pads.addAll(Collections.nCopies(spatial, (pad + 1) / 2));
                    windows.add(new Window(AutoPad.NOTSET, kernel, strides, pads, dilations));
                }
            }
        }
        return windows;
    }

    private static OperatorCase image(OperatorCase made, int spatial) {
        return spatial == 1 ? made.in("batch", 4, "width") : made.in("batch", 4, 7, "width");
    }

    private static int[] weight(int spatial, int first, int second) {
        return spatial == 1 ? new int[] {first, second, 3} : new int[] {first, second, 3, 3};
    }

    private static void convolutions(List<OperatorCase> cases, int spatial, Window window) {
        for (int group : new int[] {1, 2}) {
            for (boolean bias : BOTH) {
                OperatorCase conv =
                        image(OperatorCase.of(new Conv(window, group)), spatial)
                                .floats(weight(spatial, 6, 4 / group));
                cases.add(bias ? conv.floats(6) : conv);
                if (window.dilations().isEmpty()) {
                    int out = window.strides().isEmpty() ? 0 : 1;
                    List<Integer> padding = Collections.nCopies(spatial, out);
                    OperatorCase transposed =
                            image(
                                            OperatorCase.of(
                                                    new ConvTranspose(
                                                            window, group, padding, List.of())),
                                            spatial)
                                    .floats(weight(spatial, 4, 3));
                    cases.add(bias ? transposed.floats(3 * group) : transposed);
                }
            }
        }
    }

    private static void pools(List<OperatorCase> cases, int spatial, Window window) {
        for (boolean ceil : BOTH) {
            if (ceil && window.autoPad() != AutoPad.NOTSET) {
                continue;
            }
            for (boolean option : BOTH) {
                cases.add(
                        image(
                                OperatorCase.of(
                                        new WindowPool(
                                                WindowPool.Kind.AVERAGE, window, ceil, option)),
                                spatial));
                cases.add(
                        image(
                                        OperatorCase.of(
                                                new WindowPool(
                                                        WindowPool.Kind.MAX, window, ceil, option)),
                                        spatial)
                                .results(2));
            }
        }
    }

    private static void transposedShapes(List<OperatorCase> cases) {
        for (AutoPad auto : List.of(AutoPad.NOTSET, AutoPad.SAME_UPPER, AutoPad.SAME_LOWER)) {
            Window window = new Window(auto, List.of(3, 3), List.of(2, 2), List.of(), List.of());
            cases.add(
                    OperatorCase.of(new ConvTranspose(window, 1, List.of(), List.of(14, 10)))
                            .in("batch", 4, 7, 5)
                            .floats(4, 2, 3, 3));
        }
    }

    private static void products(List<OperatorCase> cases) {
        for (boolean transA : BOTH) {
            for (boolean transB : BOTH) {
                for (int[] c : new int[][] {null, {}, {1}, {5}, {1, 5}, {1, 1}}) {
                    OperatorCase gemm =
                            OperatorCase.of(new Gemm(0.5f, 2f, transA, transB))
                                    .in(
                                            transA
                                                    ? new Object[] {3, "batch"}
                                                    : new Object[] {"batch", 3})
                                    .floats(transB ? new int[] {5, 3} : new int[] {3, 5});
                    cases.add(c == null ? gemm : gemm.floats(c));
                }
            }
        }
        Object[][] lefts = {{3}, {"batch", 3}, {"batch", 2, 3}, {"batch", 1, 4, 3}};
        Object[][] rights = {{3}, {3, 5}, {2, 3, 5}, {"batch", 2, 3, "width"}};
        for (Object[] left : lefts) {
            for (Object[] right : rights) {
                if (left.length != 3 || right.length < 3) {
                    cases.add(OperatorCase.of(Plain.MATMUL).in(left).in(right));
                }
            }
        }
    }

    private static void normalizations(List<OperatorCase> cases) {
        for (Object[] shape : new Object[][] {{"batch", 3}, {"batch", 3, "width", 2}}) {
            cases.add(
                    OperatorCase.of(new BatchNormalization(1e-3f, 0.8f))
                            .in(shape)
                            .floats(3)
                            .floats(3)
                            .floats(3)
                            .floats(3));
        }
        for (int axis : new int[] {-1, 2, -2}) {
            int[] scale = axis == -2 ? new int[] {3, 4} : new int[] {4};
            for (int results = 1; results <= 3; ++results) {
                OperatorCase made =
                        OperatorCase.of(new LayerNormalization(axis, 1e-3f))
                                .in("batch", 3, 4)
                                .floats(scale)
                                .results(results);
                cases.add(results == 2 ? made : made.floats(scale));
            }
        }
        for (int axis : new int[] {-1, 0, 1}) {
            cases.add(
                    OperatorCase.of(new Softmax(Softmax.Kind.SOFTMAX, axis))
                            .in("batch", "width", 3));
            cases.add(
                    OperatorCase.of(new Softmax(Softmax.Kind.LOG_SOFTMAX, axis))
                            .in("batch", "width", 3));
        }
    }

    private static void reductions(List<OperatorCase> cases) {
        for (boolean keep : BOTH) {
            for (Reduce.Kind kind : Reduce.Kind.values()) {
                for (List<Integer> axes : List.of(List.<Integer>of(), List.of(1), List.of(-1, 0))) {
                    for (boolean identity : BOTH) {
                        cases.add(
                                OperatorCase.of(new Reduce(kind, axes, keep, identity))
                                        .in("batch", 3, "width"));
                    }
                }
                cases.add(
                        OperatorCase.of(new Reduce(kind, List.of(), keep, false))
                                .in("batch", 3, "width")
                                .numbers(0, -1));
                cases.add(
                        OperatorCase.of(new Reduce(kind, List.of(), keep, true))
                                .in("batch", 3)
                                .numbers());
            }
            for (int axis : new int[] {0, -1}) {
                cases.add(OperatorCase.of(new ArgMax(axis, keep)).in("batch", 3, "width"));
            }
        }
    }

    private static void recurrences(List<OperatorCase> cases) {
        int hidden = 4;
        for (Direction direction : Direction.values()) {
            for (boolean batchFirst : BOTH) {
                for (boolean states : BOTH) {
                    int count = direction.count();
                    OperatorCase lstm =
                            sequence(
                                    new Recurrence(
                                            Recurrence.Kind.LSTM,
                                            hidden,
                                            direction,
                                            batchFirst,
                                            false));
                    cases.add(
                            states
                                    ? state(state(lstm, count, batchFirst), count, batchFirst)
                                            .floats(count, 3 * hidden)
                                            .results(3)
                                    : lstm);
                    for (boolean linear : BOTH) {
                        OperatorCase gru =
                                sequence(
                                        new Recurrence(
                                                Recurrence.Kind.GRU,
                                                hidden,
                                                direction,
                                                batchFirst,
                                                linear));
                        cases.add(states ? state(gru, count, batchFirst).results(2) : gru);
                    }
                }
            }
        }
    }

    private static OperatorCase sequence(Recurrence operator) {
        int count = operator.direction().count();
        int gates = operator.kind().gates();
        int hidden = operator.hidden();
        return OperatorCase.of(operator)
                .in("a", "b", 3)
                .floats(count, gates * hidden, 3)
                .floats(count, gates * hidden, hidden)
                .floats(count, 2 * gates * hidden)
                .absent();
    }

    private static OperatorCase state(OperatorCase made, int count, boolean batchFirst) {
        return batchFirst ? made.in("a", count, 4) : made.in(count, "b", 4);
    }
}
