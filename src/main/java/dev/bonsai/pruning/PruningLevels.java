package dev.bonsai.pruning;

import dev.bonsai.core.Levels;
import java.util.Locale;

/**
 * How far a pruning goes, in which steps, and how it cuts the masks on the way.
 *
 * @param levels the levels
 * @param rule cuts the masks at a level
 */
record PruningLevels(Levels levels, Masks.Rule rule) {

    private static final int DEFAULT_STEPS = 10;

    static PruningLevels of(Pruning.Builder options) {
        if (options.pattern instanceof NofM pattern) {
            return byPattern(options, pattern);
        }
        if ((options.targetSparsity == null) == (options.threshold == null)) {
            throw new IllegalArgumentException(
                    String.format(
                            "Pruning needs either a target sparsity or a threshold, but got %s:"
                                    + " call exactly one of setTargetSparsity and setThreshold",
                            options.threshold == null ? "none" : "both"));
        }
        return options.threshold == null ? bySparsity(options) : byThreshold(options);
    }

    private static PruningLevels byPattern(Pruning.Builder options, NofM pattern) {
        Float target = options.targetSparsity;
        boolean other = target != null && Math.abs(target - pattern.sparsity()) > 1e-6; // a float
        if (other
                || options.threshold != null
                || options.scope != null
                || options.allocation != null
                || options.schedule != null) {
            throw new IllegalArgumentException(
                    String.format(
                            "The pattern %s removes the fraction %s of each group, step by step:"
                                    + " leave out setTargetSparsity, setThreshold, optScope,"
                                    + " optAllocation and optSchedule",
                            pattern, pattern.sparsity()));
        }
        return pattern.course();
    }

    private static PruningLevels bySparsity(Pruning.Builder options) {
        Allocation allocation = options.allocation;
        if (allocation != null && options.scope != Scope.LOCAL) {
            throw new IllegalArgumentException(
                    String.format(
                            "The allocation %s shares out the sparsity among weights, which the"
                                    + " global scope does by itself: add optScope(Scope.LOCAL) or"
                                    + " leave out optAllocation",
                            allocation));
        }
        double target = SparsitySchedule.shortest(options.targetSparsity);
        SparsitySchedule schedule =
                options.schedule == null ? SparsitySchedule.cubic(DEFAULT_STEPS) : options.schedule;
        double resolution = Math.min(0.005, (1 - target) / 16);
        return new PruningLevels(
                levels("sparsity", schedule.sparsities(target), resolution),
                options.scope == Scope.LOCAL
                        ? Masks.local(allocation == null ? Allocation.UNIFORM : allocation)
                        : Masks::global);
    }

    private static PruningLevels byThreshold(Pruning.Builder options) {
        if (options.scope != null || options.allocation != null || options.schedule != null) {
            throw new IllegalArgumentException(
                    "A threshold is compared with each group by itself, in ten equal steps: leave"
                            + " out optScope, optAllocation and optSchedule, which belong to"
                            + " setTargetSparsity");
        }
        double target = SparsitySchedule.shortest(options.threshold);
        double[] steps = new double[DEFAULT_STEPS];
        for (int k = 1; k <= DEFAULT_STEPS; ++k) {
            steps[k - 1] = target * k / DEFAULT_STEPS;
        }
        return new PruningLevels(levels("threshold", steps, target / 100), Masks::threshold);
    }

    /** Shows levels with as many digits as tell them apart, and at least four. */
    private static Levels levels(String name, double[] steps, double resolution) {
        int digits = (int) Math.max(4, Math.ceil(-Math.log10(resolution) - 1e-9));
        String format = name + " %." + digits + "f";
        return Levels.of(0, steps, resolution, level -> String.format(Locale.ROOT, format, level));
    }
}
