package dev.bonsai.kernel;

import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Tolerance;

/** Works out the worst metric that a gate accepts, for people to see. */
final class GateBound {

    private GateBound() {}

    /** Returns the tightest of the gate's bounds, in the metric's unit; NaN without a reference. */
    static double of(Gate gate, Direction direction, double reference) {
        Tolerance tolerance = gate.getTolerance();
        double least = Double.POSITIVE_INFINITY;
        least = Math.min(least, tolerance.maxDrop().orElse(least));
        if (tolerance.maxRelativeDrop().isPresent()) {
            least =
                    Math.min(
                            least, tolerance.maxRelativeDrop().getAsDouble() * Math.abs(reference));
        }
        if (tolerance.floor().isPresent()) {
            double floor = tolerance.floor().getAsDouble();
            least = Math.min(least, direction.drop(reference, floor));
        }
        // the metric that lies as far below the reference as this drop
        double sign = direction.drop(1, 0);
        return Double.isNaN(reference) ? Double.NaN : reference - sign * least;
    }
}
