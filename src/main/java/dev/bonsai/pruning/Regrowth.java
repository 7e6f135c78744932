package dev.bonsai.pruning;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.NamedValue;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.Signal;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whether and how removed weights come back while the others train, every so many steps. The number
 * of kept weights does not change thereby, and a removed one is exactly zero in every forward pass
 * all the same.
 *
 * <pre>{@code
 * Pruning.builder()
 *         .setTargetSparsity(0.9f)
 *         .optRegrowth(Regrowth.gradient(0.1f, 100))
 *         .build();
 * }</pre>
 */
public abstract sealed class Regrowth extends NamedValue permits NoRegrowth, Exchange, Splicing {

    private final int everySteps;

    Regrowth(int everySteps, String factory, Object... arguments) {
        super(factory, arguments);
        this.everySteps = everySteps;
    }

    /**
     * What is removed stays removed.
     *
     * @return the regrowth that does nothing
     */
    public static Regrowth none() {
        return new NoRegrowth();
    }

    /**
     * Drops the least important and grows as many at random (sparse evolutionary training, SET).
     *
     * <p>In each weight, {@code round(fraction * kept)} of the kept groups are exchanged for ones
     * that were removed before; a grown weight begins at zero. Blocks that the edge of the matrix
     * cuts short don't take part.
     *
     * <p>Mocanu, Mocanu, Stone, Nguyen, Gibescu, Liotta: "Scalable Training of Artificial Neural
     * Networks with Adaptive Sparse Connectivity inspired by Network Science", <a
     * href="https://arxiv.org/abs/1707.04780">arXiv:1707.04780</a>.
     *
     * @param fraction the fraction of the kept ones that is exchanged, in (0, 1)
     * @param everySteps the training steps between two exchanges, at least 1
     * @param seed the seed of the choice
     * @return the regrowth
     */
    public static Regrowth random(float fraction, int everySteps, long seed) {
        return new RandomGrowth(fraction, everySteps, seed);
    }

    /**
     * Drops the least important and grows those whose gradients were largest (RigL).
     *
     * <p>As {@link #random}, but the groups with the largest mean of {@link
     * Signal#GRADIENT_MAGNITUDE}, summed up over the epoch so far, are grown.
     *
     * <p>Evci, Gale, Menick, Castro, Elsen: "Rigging the Lottery: Making All Tickets Winners", <a
     * href="https://arxiv.org/abs/1911.11134">arXiv:1911.11134</a>.
     *
     * @param fraction the fraction of the kept ones that is exchanged, in (0, 1); 0.3 in the paper
     * @param everySteps the training steps between two exchanges, at least 1; 100 in the paper
     * @return the regrowth
     */
    public static Regrowth gradient(float fraction, int everySteps) {
        return new GradientGrowth(fraction, everySteps);
    }

    /**
     * Lets removed weights train on behind the mask, by straight-through gradients, and takes the
     * mask anew from the importances of all (dynamic network surgery). Where groups differ in size,
     * the count of kept weights may differ by a group from mask to mask.
     *
     * <p>Guo, Yao, Chen: "Dynamic Network Surgery for Efficient DNNs", <a
     * href="https://arxiv.org/abs/1608.04493">arXiv:1608.04493</a>.
     *
     * @param everySteps the training steps between two masks, at least 1
     * @return the regrowth
     */
    public static Regrowth splicing(int everySteps) {
        return new Splicing(everySteps);
    }

    /** Checks an interval that a user has set. */
    static int checkSteps(int everySteps) {
        if (everySteps < 1) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A regrowth takes place every 1 or more training steps, but got %d: use"
                                    + " 100, or Regrowth.none() for never",
                            everySteps));
        }
        return everySteps;
    }

    /** Returns the training steps between two refreshes; 0 for none. */
    int everySteps() {
        return everySteps;
    }

    /** Returns what has to be gathered while the model trains. */
    Set<Signal> signals() {
        return Set.of();
    }

    /** Tells whether removed groups are ranked again with the others. */
    boolean revives() {
        return false;
    }

    /**
     * Exchanges kept groups for removed ones at a refresh.
     *
     * @param kept the groups that a rule keeps, for each weight
     * @param rankings the weights
     * @return as many groups for each weight
     */
    List<BitSet> exchange(List<BitSet> kept, List<Ranking> rankings, Proposal proposal) {
        return kept;
    }

    /** Makes a mask under which removed elements are dealt with as this regrowth needs it. */
    abstract MaskTransform mask(
            BitSet keep, double level, Shape shape, DataType type, NDManager manager);
}
