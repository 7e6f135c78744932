package dev.bonsai.pruning;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import dev.bonsai.core.Bounds;
import dev.bonsai.core.TechniqueSettings;
import dev.bonsai.core.WeightSelector;
import org.jspecify.annotations.NullUnmarked;

/**
 * The settings of a {@link Thinning}; {@link Thinning.Builder} says what each means.
 *
 * @param selector which weights may be cut
 * @param saving what is saved, and how much of it
 * @param criterion what ranks the channels
 * @param scope what they are ranked against
 * @param schedule in which steps the saving grows
 * @param multipleOf what the number of channels that are left of a group is a multiple of
 */
public record ThinningSettings(
        WeightSelector selector,
        Saving saving,
        Criterion criterion,
        Scope scope,
        SparsitySchedule schedule,
        @Bounds(atLeast = 1) Integer multipleOf)
        implements TechniqueSettings {

    private static final int DEFAULT_STEPS = 10;

    /**
     * Fills in the defaults and checks the settings.
     *
     * @throws IllegalArgumentException if no saving is given, or a value is out of its range
     */
    @NullUnmarked // what is given as null takes its default
    public ThinningSettings {
        if (saving == null) {
            throw new IllegalArgumentException(
                    "Thinning needs to know what to save: call"
                            + " setSaving(Saving.multiplyAdds(0.5f)), for example");
        }
        selector = requireNonNullElseGet(selector, WeightSelector::all);
        criterion = requireNonNullElse(criterion, Criterion.taylor());
        scope = requireNonNullElse(scope, Scope.GLOBAL);
        schedule = requireNonNullElse(schedule, SparsitySchedule.linear(DEFAULT_STEPS));
        multipleOf = checkMultiple(requireNonNullElse(multipleOf, 1));
        steps(schedule, saving);
    }

    static int checkMultiple(int multipleOf) {
        if (multipleOf < 1) {
            throw new IllegalArgumentException(
                    "The channels that are left are a multiple of 1 or more, but got "
                            + multipleOf
                            + ": use 8 for engines that compute eight at a time");
        }
        return multipleOf;
    }

    private static double[] steps(SparsitySchedule schedule, Saving saving) {
        return schedule.sparsities(SparsitySchedule.shortest(saving.fraction()));
    }

    /** Returns the savings to try one after the other. */
    double[] steps() {
        return steps(schedule, saving);
    }

    @Override
    public Thinning build() {
        return new Thinning(this);
    }
}
