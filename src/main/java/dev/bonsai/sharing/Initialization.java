package dev.bonsai.sharing;

import dev.bonsai.core.NamedValue;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Where k-means begins: it ends at the nearest local optimum, and the few large weights, which
 * count most, get values of their own only if it begins there.
 *
 * <pre>{@code
 * WeightSharing.builder().setCentroids(16).optInitialization(Initialization.kMeansPlusPlus(1));
 * }</pre>
 *
 * <p>Han, Mao, Dally: "Deep Compression", <a
 * href="https://arxiv.org/abs/1510.00149">arXiv:1510.00149</a>, section 3.2, compares the first
 * three.
 */
public final class Initialization extends NamedValue {

    private static final Initialization LINEAR =
            new Initialization((values, count, position) -> linear(values, count), "linear");
    private static final Initialization DENSITY =
            new Initialization((values, count, position) -> density(values, count), "density");

    private final Start start;

    private Initialization(Start start, String factory, Object... arguments) {
        super(factory, arguments);
        this.start = start;
    }

    @FunctionalInterface
    private interface Start {
        double[] centroids(SortedValues values, int count, int position);
    }

    /**
     * Begins at equal distances from the least to the greatest element: {@code least + i (greatest
     * - least) / (k - 1)}. Large weights are served best.
     *
     * @return the initialization
     */
    public static Initialization linear() {
        return LINEAR;
    }

    /**
     * Begins where the elements are: at the quantiles {@code (i + 1/2) / k} of their distribution.
     *
     * @return the initialization
     */
    public static Initialization density() {
        return DENSITY;
    }

    /**
     * Begins at elements drawn at random, each as likely as another (Forgy).
     *
     * @param seed the seed; each weight has random numbers of its own
     * @return the initialization
     */
    public static Initialization random(long seed) {
        return new Initialization(
                (values, count, position) -> random(values, count, generator(seed, position)),
                "random",
                seed);
    }

    /**
     * Begins at elements drawn one after the other, each with a probability in proportion to the
     * squared distance from the nearest one so far: k-means++, by Arthur and Vassilvitskii, "The
     * Advantages of Careful Seeding", 2007.
     *
     * @param seed the seed; each weight has random numbers of its own
     * @return the initialization
     */
    public static Initialization kMeansPlusPlus(long seed) {
        return new Initialization(
                (values, count, position) -> plusPlus(values, count, generator(seed, position)),
                "kMeansPlusPlus",
                seed);
    }

    /**
     * Returns the centroids to begin with.
     *
     * @param values the values, more than centroids
     * @param count the number of centroids, at least 1
     * @param position the position of the weight in the model, for its random numbers
     * @return the centroids, ascending
     */
    double[] centroids(SortedValues values, int count, int position) {
        double[] centroids = start.centroids(values, count, position);
        Arrays.sort(centroids);
        return centroids;
    }

    private static SplittableRandom generator(long seed, int position) {
        return new SplittableRandom(Objects.hash(seed, position));
    }

    private static double[] linear(SortedValues values, int count) {
        double least = values.least();
        double range = values.get(values.size() - 1) - least;
        double[] centroids = new double[count];
        for (int i = 0; i < count; ++i) {
            centroids[i] = count == 1 ? least + range / 2 : least + i * range / (count - 1);
        }
        return centroids;
    }

    private static double[] density(SortedValues values, int count) {
        double[] centroids = new double[count];
        for (int i = 0; i < count; ++i) {
            int rank = (int) ((i + 0.5) / count * values.elements());
            centroids[i] = values.get(values.ofElement(rank));
        }
        return centroids;
    }

    private static double[] random(SortedValues values, int count, SplittableRandom random) {
        return random.ints(0, values.elements())
                .distinct()
                .limit(count)
                .mapToDouble(rank -> values.get(values.ofElement(rank)))
                .toArray();
    }

    private static double[] plusPlus(SortedValues values, int count, SplittableRandom random) {
        double[] centroids = new double[count];
        double[] weights = new double[values.size()];
        Arrays.fill(weights, Double.POSITIVE_INFINITY);
        int chosen = values.ofElement(random.nextInt(values.elements()));
        for (int i = 0; i < count; ++i) {
            centroids[i] = values.get(chosen);
            double total = 0;
            for (int j = 0; j < weights.length; ++j) {
                double distance = values.get(j) - centroids[i];
                weights[j] = Math.min(weights[j], distance * distance * values.count(j, j + 1));
                total += weights[j];
            }
            chosen = draw(weights, random.nextDouble() * total);
        }
        return centroids;
    }

    /**
     * Returns the value at which the running sum of the weights exceeds a number below their sum.
     */
    private static int draw(double[] weights, double number) {
        double left = number;
        int chosen = 0;
        for (int j = 0; j < weights.length; ++j) {
            if (weights[j] > 0) {
                chosen = j;
                left -= weights[j];
            }
            if (left < 0) {
                break;
            }
        }
        return chosen;
    }
}
