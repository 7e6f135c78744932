package dev.bonsai.thinning;

import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Pad;
import dev.bonsai.graph.operator.ShapeOf;
import dev.bonsai.graph.operator.Slice;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.thinning.Axis.Fixed;
import dev.bonsai.thinning.Axis.Lane;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Operators that put dimensions in another order, join them and take parts of them. */
final class PartFlow {

    private static final String COMPUTED = "takes a part that is computed";

    private PartFlow() {}

    static void transpose(Step step) {
        List<Axis> own = step.axes(0);
        Transpose operator = (Transpose) step.node().operator();
        step.result(operator.order(own.size()).stream().map(own::get).toList());
    }

    static void concat(Step step) {
        int along = step.resultShape(0).axis(((Concat) step.node().operator()).axis());
        List<Axis> axes = new ArrayList<>(step.axes(0));
        for (int i = 1; i < step.count(); ++i) {
            for (int k = 0; k < axes.size(); ++k) {
                if (k != along) {
                    axes.set(k, step.tie(axes.get(k), step.axis(i, k)));
                }
            }
        }
        axes.set(along, joined(step, along));
        step.result(axes);
    }

    private static Axis joined(Step step, int along) {
        boolean lanes = false;
        boolean sized = true;
        for (int i = 0; i < step.count(); ++i) {
            lanes |= step.axis(i, along) instanceof Lane;
            sized &= step.shape(i).get(along).isFixed();
        }
        if (!lanes) {
            return step.axis(0, along);
        }
        Fixed free = step.fixed(RefusalReason.SIZE, "joins it with a free dimension");
        List<Integer> atoms = new ArrayList<>();
        for (int i = 0; i < step.count(); ++i) {
            Axis axis = step.axis(i, along);
            if (!sized) {
                step.flow().refuse(axis, free.cause());
            } else {
                Lane lane =
                        axis instanceof Lane own
                                ? own
                                : step.flow().atoms().fresh((int) step.shape(i).get(along).size());
                if (axis instanceof Fixed fixed) {
                    step.flow().refuse(lane, fixed.cause());
                }
                Arrays.stream(lane.atoms()).forEach(atoms::add);
            }
        }
        return sized ? new Lane(atoms.stream().mapToInt(Integer::intValue).toArray()) : free;
    }

    static void split(Step step) {
        int along = step.shape(0).axis(((Split) step.node().operator()).axis());
        Axis whole = step.axis(0, along);
        Optional<List<Long>> sizes = splitSizes(step);
        if (whole instanceof Lane && sizes.isEmpty()) {
            step.refuse(whole, RefusalReason.SIZE, COMPUTED);
        }
        int from = 0;
        for (int i = 0; i < step.results(); ++i) {
            List<Axis> axes = new ArrayList<>(step.axes(0));
            if (whole instanceof Lane lane) {
                int size = sizes.isEmpty() ? 0 : sizes.get().get(i).intValue();
                axes.set(
                        along,
                        sizes.isEmpty()
                                ? step.fixed(RefusalReason.SIZE, COMPUTED)
                                : new Lane(Arrays.copyOfRange(lane.atoms(), from, from + size)));
                from += size;
            }
            step.result(i, axes);
        }
    }

    static Optional<List<Long>> splitSizes(Step step) {
        Dim whole = step.shape(0).get(((Split) step.node().operator()).axis());
        return step.has(1)
                ? step.integers(1)
                : Optional.of(whole)
                        .filter(Dim::isFixed)
                        .map(dim -> Split.equal(dim.size(), step.results()));
    }

    static void slice(Step step) {
        Optional<List<Long>> starts = step.integers(1);
        Optional<List<Long>> ends = step.integers(2);
        int count = starts.map(List::size).orElse(0);
        Optional<List<Long>> given = step.has(3) ? step.integers(3) : Optional.of(range(count));
        Optional<List<Long>> steps =
                step.has(4)
                        ? step.integers(4)
                        : Optional.of(range(count).stream().map(i -> 1L).toList());
        if (given.isEmpty()) {
            step.unsupported(RefusalReason.SIZE, COMPUTED);
            return;
        }
        List<Axis> axes = new ArrayList<>(step.axes(0));
        for (int i = 0; i < given.get().size(); ++i) {
            int axis = step.shape(0).axis(given.get().get(i));
            if (!(axes.get(axis) instanceof Lane lane)) {
                continue;
            }
            boolean told = starts.isPresent() && ends.isPresent() && steps.isPresent();
            if (!told || steps.get().get(i) != 1) {
                step.refuse(lane, RefusalReason.SIZE, COMPUTED + ", or skips places");
                axes.set(axis, step.fixed(RefusalReason.SIZE, COMPUTED));
            } else {
                Slice.Part part =
                        Slice.Part.of(lane.size(), starts.get().get(i), ends.get().get(i), 1);
                int from = part.start();
                axes.set(
                        axis,
                        new Lane(Arrays.copyOfRange(lane.atoms(), from, from + part.count())));
            }
        }
        step.result(axes);
    }

    static List<Long> range(int count) {
        return LongStream.range(0, count).boxed().toList();
    }

    static void gather(Step step) {
        int along = step.shape(0).axis(((Gather) step.node().operator()).axis());
        List<Axis> axes = new ArrayList<>(step.axes(0).subList(0, along));
        Axis data = step.axis(0, along);
        Optional<List<Long>> picks = step.integers(1).filter(list -> step.axes(1).size() == 1);
        if (data instanceof Lane lane && picks.isPresent()) {
            axes.add(
                    new Lane(
                            picks.get().stream()
                                    .mapToInt(
                                            i -> lane.atoms()[(int) (i < 0 ? i + lane.size() : i)])
                                    .toArray()));
        } else {
            step.refuse(data, RefusalReason.INDEXED, "picks single places of it");
            axes.addAll(step.axes(1));
        }
        axes.addAll(step.axes(0).subList(along + 1, step.axes(0).size()));
        step.result(axes);
    }

    static void tile(Step step) {
        Optional<List<Long>> repeats = step.integers(1);
        List<Axis> axes = new ArrayList<>();
        for (int i = 0; i < step.axes(0).size(); ++i) {
            boolean once = repeats.isPresent() && repeats.get().get(i) == 1;
            axes.add(same(step, i, once, "repeats it"));
        }
        step.result(axes);
    }

    static void pad(Step step) {
        Optional<List<Long>> pads = step.integers(1);
        int rank = step.axes(0).size();
        Optional<List<Long>> given = step.has(3) ? step.integers(3) : Optional.of(range(rank));
        boolean told = pads.isPresent() && given.isPresent();
        int[][] amounts =
                told ? Pad.amounts(step.shape(0), pads.get(), given.get()) : new int[2][rank];
        List<Axis> axes = new ArrayList<>();
        for (int i = 0; i < rank; ++i) {
            axes.add(same(step, i, told && amounts[0][i] == 0 && amounts[1][i] == 0, "pads it"));
        }
        step.result(axes);
    }

    static void resize(Step step) {
        List<Axis> axes = new ArrayList<>();
        boolean sizes = step.has(3);
        for (int i = 0; i < step.axes(0).size(); ++i) {
            boolean unchanged = step.shape(0).get(i).same(step.resultShape(0).get(i));
            boolean told = !sizes || ShapeOperand.of(step, 3).isPresent();
            axes.add(same(step, i, unchanged && told, "makes it larger or smaller"));
        }
        step.result(axes);
    }

    private static Axis same(Step step, int axis, boolean unchanged, String what) {
        if (unchanged) {
            return step.axis(0, axis);
        }
        step.refuse(step.axis(0, axis), RefusalReason.POSITION, what);
        return step.position();
    }

    static void shapeOf(Step step) {
        ShapeOf operator = (ShapeOf) step.node().operator();
        for (int axis : operator.axes(step.axes(0).size())) {
            step.refuse(step.axis(0, axis), RefusalReason.SIZE, "reads its size");
        }
        step.fixedResults(RefusalReason.SIZE, "is a list of sizes");
    }
}
