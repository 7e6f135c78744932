package dev.bonsai.thinning;

import dev.bonsai.graph.operator.ConstantOfShape;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.thinning.Axis.Fixed;
import dev.bonsai.thinning.Axis.Lane;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Operators that give the elements another shape in the same order. A channel that becomes a block
 * of a dimension goes as the block; where a dimension is cut into several, the outermost that can
 * goes: heads, and not their insides.
 */
final class ReshapeFlow {

    private final Step step;
    private final Axis[] results;
    private final List<Integer> from = new ArrayList<>();
    private final List<Integer> to = new ArrayList<>();

    private ReshapeFlow(Step step) {
        this.step = step;
        results = new Axis[step.resultShape(0).rank()];
    }

    static void apply(Step step) {
        if (step.node().operator() instanceof Reshape && ShapeOperand.of(step, 1).isEmpty()) {
            step.unsupported(RefusalReason.SIZE, "has a shape that is computed");
            return;
        }
        new ReshapeFlow(step).run();
    }

    /** Dimensions that are repeated may be of any size. */
    static void expand(Step step) {
        List<Axis> axes = ElementFlow.broadcast(step, List.of(0), step.resultShape(0));
        Optional<List<Long>> sizes = ShapeOperand.of(step, 1);
        for (Axis axis : axes) {
            if (sizes.isEmpty()) {
                step.refuse(axis, RefusalReason.SIZE, "has a shape that is computed");
            }
        }
        step.result(sizes.isEmpty() ? axes : elastic(step, axes));
    }

    static void filled(Step step) {
        Fixed size = step.fixed(RefusalReason.SIZE, "is filled");
        List<Axis> axes = Step.fixedAxes(step.resultShape(0).rank(), size);
        boolean told =
                step.node().operator() instanceof ConstantOfShape
                        && ShapeOperand.of(step, 0).isPresent();
        step.result(told ? elastic(step, axes) : axes);
    }

    private static List<Axis> elastic(Step step, List<Axis> axes) {
        List<Axis> own = new ArrayList<>(axes);
        Shape given = step.has(1) ? step.shape(0) : Shape.SCALAR;
        Shape shape = step.resultShape(0);
        for (int i = 0; i < own.size(); ++i) {
            int source = i - shape.rank() + given.rank();
            boolean made = source < 0 || given.get(source).is(1);
            if (made && shape.get(i).isFixed() && shape.get(i).size() > 1) {
                own.set(i, step.flow().atoms().fresh((int) shape.get(i).size()));
            }
        }
        return own;
    }

    private void run() {
        withoutOnes(step.shape(0), step.resultShape(0));
        pair(from, to);
        Collections.reverse(from); // what is left is told from the end
        Collections.reverse(to);
        pair(from, to);
        Fixed free = step.fixed(RefusalReason.SIZE, "mixes it with a free dimension");
        unknown(from, to, free);
        step.result(Arrays.asList(results));
    }

    private void withoutOnes(Shape in, Shape out) {
        Fixed one = new Fixed(Flow.lastUnit(step.node().output()));
        for (int i = 0; i < in.rank(); ++i) {
            if (in.get(i).is(1)) {
                step.flow().refuse(step.axis(0, i), one.cause());
            } else {
                from.add(i);
            }
        }
        for (int i = 0; i < out.rank(); ++i) {
            if (out.get(i).is(1)) {
                results[i] = one;
            } else {
                to.add(i);
            }
        }
    }

    /** Takes runs of dimensions of equal products from the front, as far as that goes. */
    private void pair(List<Integer> in, List<Integer> out) {
        while (!in.isEmpty() && !out.isEmpty()) {
            int a = 1;
            int b = 1;
            Dim left = step.shape(0).get(in.get(0));
            Dim right = step.resultShape(0).get(out.get(0));
            while (!left.same(right)) {
                boolean more = right.dividedBy(left).isPresent() || isLess(left, right);
                boolean other = !more && (left.dividedBy(right).isPresent() || isLess(right, left));
                if (more && a < in.size()) {
                    left = left.times(step.shape(0).get(in.get(a++)));
                } else if (other && b < out.size()) {
                    right = right.times(step.resultShape(0).get(out.get(b++)));
                } else {
                    return;
                }
            }
            group(taken(in, a), taken(out, b));
        }
    }

    /** Removes the first axes from a list; returns them in the order of the value. */
    private static List<Integer> taken(List<Integer> axes, int count) {
        List<Integer> first = axes.subList(0, count);
        List<Integer> taken = first.stream().sorted().toList();
        first.clear();
        return taken;
    }

    private static boolean isLess(Dim a, Dim b) {
        return a.isFixed() && b.isFixed() && a.size() < b.size();
    }

    private void unknown(List<Integer> in, List<Integer> out, Fixed free) {
        in.forEach(axis -> step.flow().refuse(step.axis(0, axis), free.cause()));
        out.forEach(axis -> results[axis] = free);
    }

    private void group(List<Integer> in, List<Integer> out) {
        int kept = -1;
        boolean sized = true;
        for (int i : in) {
            sized &= step.shape(0).get(i).isFixed();
            if (step.axis(0, i) instanceof Lane) {
                if (kept >= 0) {
                    step.refuse(
                            step.axis(0, i), RefusalReason.WITHIN_UNIT, "joins it with another");
                }
                kept = kept < 0 ? i : kept;
            }
        }
        if (in.size() == 1 && out.size() == 1) {
            results[out.get(0)] = step.axis(0, in.get(0));
        } else if (kept < 0) {
            out.forEach(axis -> results[axis] = step.axis(0, in.get(0)));
        } else if (!sized) {
            unknown(in, out, step.fixed(RefusalReason.SIZE, "mixes it with a free dimension"));
        } else {
            cut(flat(in, kept), out);
        }
    }

    /** The atoms of some dimensions as one. */
    private int[] flat(List<Integer> in, int kept) {
        Lane lane = (Lane) step.axis(0, kept);
        int inner = 1;
        int all = 1;
        for (int i : in) {
            int size = (int) step.shape(0).get(i).size();
            inner *= i > kept ? size : 1;
            all *= size;
        }
        int[] atoms = new int[all];
        for (int i = 0; i < all; ++i) {
            atoms[i] = lane.atoms()[i / inner % lane.size()];
        }
        return atoms;
    }

    /** Cuts a dimension into several, of which one can be made smaller. */
    private void cut(int[] flat, List<Integer> out) {
        int chosen = -1;
        int inner = flat.length;
        int[] inners = new int[out.size()];
        for (int k = 0; k < out.size(); ++k) {
            inner /= size(out, k);
            inners[k] = inner;
            if (chosen < 0 && agrees(flat, inner, size(out, k))) {
                chosen = k;
            }
        }
        boolean told = chosen >= 0;
        String result = step.node().output();
        chosen = told ? chosen : step.flow().choice(result, out.size());
        Fixed within = step.fixed(RefusalReason.WITHIN_UNIT, "cuts it into parts that stay whole");
        for (int axis : out) {
            results[axis] = within;
        }
        int size = size(out, chosen);
        int[] atoms = new int[size];
        Arrays.fill(atoms, -1);
        for (int i = 0; i < flat.length; ++i) {
            int at = i / inners[chosen] % size;
            atoms[at] = atoms[at] < 0 ? flat[i] : atoms[at];
            step.flow().atoms().tie(atoms[at], flat[i]);
        }
        Lane lane = new Lane(atoms);
        results[out.get(chosen)] = lane;
        if (!told) {
            step.flow().cut(result, lane);
        }
    }

    private int size(List<Integer> out, int k) {
        return (int) step.resultShape(0).get(out.get(k)).size();
    }

    /** Whether all that has one place along a dimension is tied already. */
    private boolean agrees(int[] flat, int inner, int size) {
        Atoms atoms = step.flow().atoms();
        int[] first = new int[size];
        Arrays.fill(first, -1);
        for (int i = 0; i < flat.length; ++i) {
            int at = i / inner % size;
            int root = atoms.find(flat[i]);
            if (first[at] >= 0 && first[at] != root) {
                return false;
            }
            first[at] = root;
        }
        return true;
    }
}
