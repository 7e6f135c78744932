package dev.bonsai.graph;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.ConstantOfShape;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Pad;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.Resize;
import dev.bonsai.graph.operator.ShapeOf;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.type.Constants;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cases of the operators that move elements. */
final class LayoutCases {

    private LayoutCases() {}

    static List<OperatorCase> all() {
        List<OperatorCase> cases = new ArrayList<>();
        shapes(cases);
        parts(cases);
        slices(cases);
        sources(cases);
        pads(cases);
        sizes(cases);
        return cases;
    }

    private static void shapes(List<OperatorCase> cases) {
        long[][] targets = {
            {0, 12}, {0, -1}, {-1, 4}, {0, 3, 2, 2}, {-1}, {-1, 1, 3, 4}, {0, 0, 4}
        };
        for (long[] target : targets) {
            cases.add(OperatorCase.of(new Reshape(false)).in("batch", 3, 4).numbers(target));
        }
        cases.add(OperatorCase.of(new Reshape(false)).in("batch", "width", 4).numbers(0, 0, 2, 2));
        cases.add(OperatorCase.of(new Reshape(false)).in("batch", "width", 4).numbers(-1, 4));
        cases.add(OperatorCase.of(new Reshape(true)).in("batch", 3, 4).numbers(-1, 12));
        for (int axis = -3; axis <= 3; ++axis) {
            cases.add(OperatorCase.of(new Flatten(axis)).in("batch", 3, "width"));
        }
        for (List<Integer> perm :
                List.of(List.<Integer>of(), List.of(1, 0, 2), List.of(2, 0, 1), List.of(0, 1, 2))) {
            cases.add(OperatorCase.of(new Transpose(perm)).in("batch", 3, "width"));
        }
        cases.add(OperatorCase.of(Plain.SQUEEZE).in("batch", 1, 3, 1).numbers(1));
        cases.add(OperatorCase.of(Plain.SQUEEZE).in("batch", 1, 3, 1).numbers(-1, 1));
        cases.add(OperatorCase.of(Plain.SQUEEZE).in(2, 1, 3, 1));
        cases.add(OperatorCase.of(Plain.UNSQUEEZE).in("batch", 3).numbers(0));
        cases.add(OperatorCase.of(Plain.UNSQUEEZE).in("batch", 3).numbers(-1, 1));
        cases.add(OperatorCase.of(Plain.UNSQUEEZE).in().numbers(0));
        long[][] expanded = {{1, 1}, {4, 1, 1}, {2, 1, 3}, {3}};
        for (long[] target : expanded) {
            cases.add(OperatorCase.of(Plain.EXPAND).in("batch", 1).numbers(target));
        }
        for (long[] times : new long[][] {{1, 1}, {2, 3}, {0, 2}}) {
            cases.add(OperatorCase.of(Plain.TILE).in("batch", 3).numbers(times));
        }
    }

    private static void parts(List<OperatorCase> cases) {
        for (int axis : new int[] {0, 1, -1, -2}) {
            for (int count = 1; count <= 3; ++count) {
                OperatorCase made = OperatorCase.of(new Concat(axis));
                for (int i = 0; i < count; ++i) {
                    made.in("batch", 3);
                }
                cases.add(made);
            }
        }
        cases.add(OperatorCase.of(new Concat(0)).in("batch", 3).in("width", 3));
        for (int axis : new int[] {1, -1}) {
            cases.add(OperatorCase.of(new Split(axis)).in("batch", 6).results(3));
            cases.add(OperatorCase.of(new Split(axis)).in("batch", 5).results(2));
            cases.add(OperatorCase.of(new Split(axis)).in("batch", 6).numbers(1, 5).results(2));
            cases.add(OperatorCase.of(new Split(axis)).in("batch", 6).numbers(0, 6, 0).results(3));
        }
        cases.add(OperatorCase.of(new Gather(0)).numbers(5, 6, 7).numbers(-1, 0, -3));
        for (int axis : new int[] {0, 1, -1}) {
            cases.add(OperatorCase.of(new Gather(axis)).in("batch", 3, 4).numbers(0));
            cases.add(
                    OperatorCase.of(new Gather(axis))
                            .in("batch", 3, 4)
                            .constant(Constants.integer(-1)));
            cases.add(
                    OperatorCase.of(new Gather(axis))
                            .in(2, 3, 4)
                            .in(ElementType.INT64, "width", 2));
        }
    }

    private static void slices(List<OperatorCase> cases) {
        for (long step : new long[] {1, 2, -2}) {
            cases.add(
                    OperatorCase.of(Plain.SLICE)
                            .numbers(5, 6, 7, 8, 9)
                            .numbers(step > 0 ? 1 : -1)
                            .numbers(step > 0 ? Long.MAX_VALUE : Long.MIN_VALUE)
                            .numbers(0)
                            .numbers(step));
        }
        long[] starts = {0, 1, -1, -3, 100, -100};
        long[] ends = {0, 1, 2, 3, -1, Long.MAX_VALUE, Long.MIN_VALUE};
        for (long start : starts) {
            for (long end : ends) {
                for (long step : new long[] {1, 2, -1, -2}) {
                    cases.add(
                            OperatorCase.of(Plain.SLICE)
                                    .in("batch", 5)
                                    .numbers(start)
                                    .numbers(end)
                                    .numbers(1)
                                    .numbers(step));
                }
                cases.add(OperatorCase.of(Plain.SLICE).in("batch", 5).numbers(start).numbers(end));
            }
        }
    }

    private static void sources(List<OperatorCase> cases) {
        List<Optional<Integer>> ends =
                List.of(Optional.empty(), Optional.of(1), Optional.of(-1), Optional.of(9));
        for (int start : new int[] {0, 1, -1, -9}) {
            for (Optional<Integer> end : ends) {
                cases.add(OperatorCase.of(new ShapeOf(start, end)).in("batch", 3, "width"));
            }
        }
        for (ElementType type : List.of(ElementType.FLOAT32, ElementType.INT64)) {
            cases.add(OperatorCase.of(new ConstantOfShape(2f, type)).numbers(2, 3));
            cases.add(OperatorCase.of(new ConstantOfShape(0f, type)).numbers(4));
        }
        for (long[] range : new long[][] {{0, 5, 1}, {5, 0, -2}, {0, 0, 1}, {3, 10, 3}}) {
            cases.add(
                    OperatorCase.of(Plain.RANGE)
                            .constant(Constants.integer(range[0]))
                            .constant(Constants.integer(range[1]))
                            .constant(Constants.integer(range[2])));
        }
        cases.add(OperatorCase.of(Plain.RANGE).scalar(0).scalar(2.5f).scalar(0.5f));
    }

    private static void pads(List<OperatorCase> cases) {
        for (Pad.Mode mode : Pad.Mode.values()) {
            cases.add(OperatorCase.of(new Pad(mode)).in("batch", 4).numbers(0, 2, 0, 1));
            cases.add(
                    OperatorCase.of(new Pad(mode))
                            .in("batch", 4)
                            .numbers(1, 2)
                            .absent()
                            .numbers(-1));
        }
        OperatorCase constant = OperatorCase.of(new Pad(Pad.Mode.CONSTANT));
        cases.add(constant.in("batch", 4).numbers(1, -1, 0, -2).scalar(7));
    }

    private static void sizes(List<OperatorCase> cases) {
        for (Resize.Mode mode : Resize.Mode.values()) {
            for (Resize.Coordinates coordinates : Resize.Coordinates.values()) {
                for (Resize.Nearest nearest : Resize.Nearest.values()) {
                    Resize all =
                            new Resize(
                                    mode,
                                    coordinates,
                                    nearest,
                                    List.of(),
                                    Resize.AspectRatio.STRETCH);
                    cases.add(
                            OperatorCase.of(all)
                                    .in("batch", 2, 4, 6)
                                    .absent()
                                    .constant(Constants.floats(1, 1, 2, 0.5f)));
                    cases.add(
                            OperatorCase.of(all)
                                    .in("batch", 2, "height", "width")
                                    .absent()
                                    .constant(Constants.floats(1, 1, 2, 3)));
                }
            }
            for (Resize.AspectRatio policy : Resize.AspectRatio.values()) {
                Resize named =
                        new Resize(
                                mode,
                                Resize.Coordinates.ASYMMETRIC,
                                Resize.Nearest.FLOOR,
                                List.of(2, 3),
                                policy);
                cases.add(
                        OperatorCase.of(named)
                                .in("batch", 2, 4, 6)
                                .absent()
                                .absent()
                                .numbers(5, 7));
                cases.add(
                        OperatorCase.of(named)
                                .in("batch", 2, "height", 16)
                                .absent()
                                .absent()
                                .numbers(7, 8));
                cases.add(
                        OperatorCase.of(named)
                                .in(1, 2, 10, 10)
                                .absent()
                                .constant(Constants.floats(0.7f, 1.3f)));
            }
        }
    }
}
