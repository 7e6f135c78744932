package dev.bonsai.pruning;

import dev.bonsai.core.Levels;
import java.util.Locale;
import java.util.Optional;

/**
 * How far a pruning goes, in which steps, and how it cuts the masks on the way.
 *
 * @param levels the levels
 * @param rule cuts the masks at a level
 */
record PruningLevels(Levels levels, Masks.Rule rule) {

    private static final int THRESHOLD_STEPS = 10;

    static PruningLevels of(PruningSettings settings) {
        if (settings.pattern() instanceof NofM pattern) {
            return byPattern(settings, pattern);
        }
        if (settings.targetSparsity().isPresent() == settings.threshold().isPresent()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "Pruning needs either a target sparsity or a threshold, but got %s:"
                                    + " call exactly one of setTargetSparsity and setThreshold",
                            settings.threshold().isEmpty() ? "none" : "both"));
        }
        return settings.threshold().isEmpty() ? bySparsity(settings) : byThreshold(settings);
    }

    private static PruningLevels byPattern(PruningSettings settings, NofM pattern) {
        if (settings.targetSparsity().isPresent()
                || settings.threshold().isPresent()
                || settings.scope().isPresent()
                || settings.allocation().isPresent()
                || settings.schedule().isPresent()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The pattern %s removes the fraction %s of each group, step by step:"
                                    + " leave out setTargetSparsity, setThreshold, optScope,"
                                    + " optAllocation and optSchedule",
                            pattern,
                            pattern.sparsity()));
        }
        return pattern.levels();
    }

    private static PruningLevels bySparsity(PruningSettings settings) {
        boolean local = settings.scope().equals(Optional.of(Scope.LOCAL));
        if (settings.allocation().isPresent() && !local) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The allocation %s shares out the sparsity among weights, which the"
                                    + " global scope does by itself: add optScope(Scope.LOCAL) or"
                                    + " leave out optAllocation",
                            settings.allocation().get()));
        }
        double target = SparsitySchedule.shortest(settings.targetSparsity().orElseThrow());
        SparsitySchedule schedule = settings.schedule().orElseThrow();
        double resolution = Math.min(0.005, (1 - target) / 16);
        return new PruningLevels(
                levels("sparsity", schedule.sparsities(target), resolution),
                local ? Masks.local(settings.allocation().orElseThrow()) : Masks::global);
    }

    private static PruningLevels byThreshold(PruningSettings settings) {
        if (settings.scope().isPresent()
                || settings.allocation().isPresent()
                || settings.schedule().isPresent()) {
            throw new IllegalArgumentException(
                    "A threshold is compared with each group by itself, in ten equal steps: leave"
                            + " out optScope, optAllocation and optSchedule, which belong to"
                            + " setTargetSparsity");
        }
        double target = SparsitySchedule.shortest(settings.threshold().orElseThrow());
        double[] steps = new double[THRESHOLD_STEPS];
        for (int k = 1; k <= THRESHOLD_STEPS; ++k) {
            steps[k - 1] = target * k / THRESHOLD_STEPS;
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
