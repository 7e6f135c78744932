package dev.bonsai.sharing;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import dev.bonsai.core.Bounds;
import dev.bonsai.core.Refresh;
import dev.bonsai.core.TechniqueSettings;
import dev.bonsai.core.WeightSelector;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.NullUnmarked;

/**
 * The settings of a {@link WeightSharing}; {@link WeightSharing.Builder} says what each means.
 *
 * @param selector which weights share values
 * @param centroids how many values a weight has in the end, from 2 to 256
 * @param steps the numbers on the way, falling; the target may be the last
 * @param initialization where k-means begins
 * @param training how the shared values are trained
 * @param refresh when the elements are grouped anew
 */
public record WeightSharingSettings(
        WeightSelector selector,
        @Bounds(atLeast = 2, atMost = 256) int centroids,
        @Bounds(atLeast = 2, atMost = 256) List<Integer> steps,
        Initialization initialization,
        CentroidTraining training,
        Refresh refresh)
        implements TechniqueSettings {

    static final int LEAST = 2;
    static final int MOST = 256;

    /**
     * Fills in the defaults and checks the settings.
     *
     * @throws IllegalArgumentException if a number is out of its range, or the steps do not go down
     *     to the centroids
     */
    @NullUnmarked // what is given as null takes its default
    public WeightSharingSettings {
        selector = requireNonNullElseGet(selector, WeightSelector::all);
        check(centroids);
        steps = List.copyOf(requireNonNullElse(steps, List.of()));
        steps.forEach(WeightSharingSettings::check);
        initialization = requireNonNullElse(initialization, Initialization.linear());
        training = requireNonNullElse(training, CentroidTraining.SUMMED_GRADIENT);
        refresh = requireNonNullElse(refresh, Refresh.EACH_EPOCH);
        WeightSharing.levels(steps, centroids);
    }

    static int check(int centroids) {
        if (centroids < LEAST || centroids > MOST) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A weight has from %d to %d centroids, but got %d: use 16 for 4"
                                    + " bits, or 256 for 8",
                            LEAST,
                            MOST,
                            centroids));
        }
        return centroids;
    }

    @Override
    public WeightSharing build() {
        return new WeightSharing(this);
    }
}
