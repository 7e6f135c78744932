package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** What {@link Plain#SLICE} takes of its operand. */
public final class Slice {

    private Slice() {}

    /** What is taken along one axis. */
    public record Part(int start, int step, int count) {

        /**
         * Returns what is taken along an axis.
         *
         * @param size the size of the axis
         * @param start the first index, as ONNX gives it
         * @param end the index behind the last, as ONNX gives it
         * @param step the step, not 0
         * @return the part, with indices from the front
         */
        public static Part of(long size, long start, long end, long step) {
            if (step == 0) {
                throw new GraphException("A step of a slice is not 0");
            }
            if (size == 0) {
                return new Part(0, 1, 0);
            }
            long first = start < 0 ? start + size : start;
            long behind = end < 0 ? end + size : end;
            if (step > 0) {
                first = clamp(first, 0, size);
                behind = clamp(behind, 0, size);
            } else {
                first = clamp(first, 0, size - 1);
                behind = clamp(behind, -1, size - 1);
            }
            long count = Math.max(0, ceilDiv(behind - first, step));
            long narrow = clamp(step, -Integer.MAX_VALUE, Integer.MAX_VALUE);
            return new Part((int) first, (int) narrow, (int) count);
        }

        private static long clamp(long value, long low, long high) {
            return Math.max(low, Math.min(value, high));
        }

        private static long ceilDiv(long a, long b) {
            return -Math.floorDiv(-a, b);
        }
    }

    static List<ValueInfo> infer(Operands operands) {
        ValueInfo operand = operands.get(0);
        for (int i = 1; i < operands.count(); ++i) {
            operands.needIndices(i);
            operands.length(i);
        }
        Optional<List<Long>> starts = operands.integers(1);
        Optional<List<Dim>> ends = operands.numbers(2);
        boolean told =
                starts.isPresent()
                        && ends.isPresent()
                        && (!operands.has(3) || operands.integers(3).isPresent())
                        && (!operands.has(4) || operands.integers(4).isPresent());
        if (operand.shape().isEmpty() || !told) {
            Optional<List<Long>> axes = operands.integers(3);
            return operands.result(operand.shape().map(shape -> ofRank(shape, axes)));
        }
        int count = starts.get().size();
        List<Long> axes = operands.integers(3).orElse(LongStream.range(0, count).boxed().toList());
        List<Long> steps = operands.integers(4).orElse(Collections.nCopies(count, 1L));
        if (ends.get().size() != count || axes.size() != count || steps.size() != count) {
            throw new GraphException(
                    "Starts, ends, axes and steps of a slice are equally many, but there are %s",
                    List.of(count, ends.get().size(), axes.size(), steps.size()));
        }
        List<Dim> dims = new ArrayList<>(operand.shape().get().dims());
        for (int i = 0; i < count; ++i) {
            int axis = operand.shape().get().axis(axes.get(i));
            dims.set(
                    axis,
                    size(dims.get(axis), starts.get().get(i), ends.get().get(i), steps.get(i)));
        }
        return List.of(sliced(operand, dims, starts.get(), ends.get(), steps));
    }

    private static Shape ofRank(Shape shape, Optional<List<Long>> axes) {
        if (axes.isEmpty()) {
            return Shape.unknown(shape.rank());
        }
        Shape cut = shape;
        for (long axis : axes.get()) {
            cut = cut.with(cut.axis(axis), Dim.UNKNOWN);
        }
        return cut;
    }

    private static Dim size(Dim whole, long start, Dim end, long step) {
        if (whole.isFixed() && end.isFixed()) {
            return Dim.of(Part.of(whole.size(), start, end.size(), step).count());
        }
        boolean toTheEnd = end.isFixed() && end.size() >= Integer.MAX_VALUE;
        boolean first = start == 0 && end.is(1);
        boolean last = start == -1 && toTheEnd;
        if (step == 1 && (first || last)) {
            return Dim.of(1); // a free dimension is at least 1
        }
        if (start == 0 && step == 1 && (toTheEnd || end.same(whole))) {
            return whole;
        }
        boolean fromTheFront = !end.isFixed() && end.factor() > 0;
        if (start == 0 && step == 1 && fromTheFront && whole.isFixed()) {
            return end; // at most the whole, or the graph could not be run
        }
        return Dim.UNKNOWN;
    }

    private static ValueInfo sliced(
            ValueInfo operand,
            List<Dim> dims,
            List<Long> starts,
            List<Dim> ends,
            List<Long> steps) {
        Shape shape = new Shape(dims);
        boolean list = operand.numbers().isPresent() && shape.rank() == 1 && starts.size() == 1;
        if (!list || !ends.get(0).isFixed()) {
            return ValueInfo.of(operand.type(), shape);
        }
        List<Dim> numbers = operand.numbers().get();
        Part part = Part.of(numbers.size(), starts.get(0), ends.get(0).size(), steps.get(0));
        List<Dim> kept = new ArrayList<>();
        for (int i = 0; i < part.count(); ++i) {
            kept.add(numbers.get(part.start() + i * part.step()));
        }
        return ValueInfo.numbers(operand.type(), shape, kept);
    }
}
