package dev.bonsai.thinning;

import dev.bonsai.graph.operator.Gemm;
import java.util.ArrayList;
import java.util.List;

/** Products of matrices: what is summed over is tied, and goes with its rows and columns. */
final class ProductFlow {

    private ProductFlow() {}

    static void gemm(Step step) {
        Gemm gemm = (Gemm) step.node().operator();
        int left = gemm.transA() ? 0 : 1;
        int right = gemm.transB() ? 1 : 0;
        contract(step, left, right);
        List<Axis> axes = new ArrayList<>();
        axes.add(step.axis(0, 1 - left));
        axes.add(step.axis(1, 1 - right));
        produces(step, 0, 1 - left);
        produces(step, 1, 1 - right);
        if (step.has(2)) {
            List<Axis> bias = ElementFlow.broadcast(step, List.of(2), step.resultShape(0));
            int own = step.axes(2).size();
            for (int i = 0; i < own; ++i) {
                int at = i + 2 - own;
                if (!step.shape(2).get(i).is(1) || step.resultShape(0).get(at).is(1)) {
                    axes.set(at, step.tie(axes.get(at), bias.get(at)));
                }
            }
        }
        step.result(axes);
    }

    static void matMul(Step step) {
        int a = step.axes(0).size();
        int b = step.axes(1).size();
        contract(step, a - 1, Math.max(0, b - 2));
        int rank = step.resultShape(0).rank();
        List<Axis> axes = new ArrayList<>();
        int batch = rank - (a > 1 ? 1 : 0) - (b > 1 ? 1 : 0);
        for (int r = 0; r < batch; ++r) {
            axes.add(batchAxis(step, r, batch, Math.max(0, a - 2), Math.max(0, b - 2)));
        }
        if (a > 1) {
            axes.add(step.axis(0, a - 2));
            produces(step, 0, a - 2);
        }
        if (b > 1) {
            axes.add(step.axis(1, b - 1));
            produces(step, 1, b - 1);
        }
        step.result(axes);
    }

    private static Axis batchAxis(Step step, int r, int batch, int a, int b) {
        int left = r - batch + a;
        int right = r - batch + b;
        if (left < 0 || right < 0) {
            return left < 0 ? step.axis(1, right) : step.axis(0, left);
        }
        boolean one = step.shape(0).get(left).is(1);
        boolean other = step.shape(1).get(right).is(1);
        if (one != other) {
            step.flow()
                    .refuse(
                            one ? step.axis(0, left) : step.axis(1, right),
                            Flow.lastUnit(step.node().output()));
            return one ? step.axis(1, right) : step.axis(0, left);
        }
        return step.tie(step.axis(0, left), step.axis(1, right));
    }

    private static void produces(Step step, int operand, int axis) {
        if (!step.flow().isComputed(step.name(operand))) {
            step.flow().produces(step.name(operand), axis);
        }
    }

    private static void contract(Step step, int left, int right) {
        Flow flow = step.flow();
        Axis a = step.axis(0, left);
        Axis b = step.axis(1, right);
        if (!flow.isComputed(step.name(1))) {
            flow.consumes(step.name(1), right);
        } else if (!flow.isComputed(step.name(0))) {
            flow.consumes(step.name(0), left);
        } else {
            String what = "multiplies two computed values and sums over it";
            step.refuse(a, RefusalReason.CONTRACTED, what);
            step.refuse(b, RefusalReason.CONTRACTED, what);
        }
        step.tie(a, b);
    }
}
