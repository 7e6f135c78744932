package dev.bonsai.rounding;

import dev.bonsai.encoding.Codes;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.entropy.CodeLayout;
import dev.bonsai.entropy.EntropyCoder;
import java.util.List;

/**
 * Chooses for the weights of a model, one after the other, the codes that are cheapest in error and
 * bits: it walks through the elements in the order of a file, with the coder of a file.
 *
 * <p>What an element costs is its error plus lambda times its bits, at the prices of that moment:
 * the coder learns from what was chosen. The result is counted as a file counts it, and taken only
 * where the sum is less than that of the codes as they were: so a weight never takes more bits than
 * before, and its error rises by at most lambda times the bits that are saved. A second walk, begun
 * with what the first had learned, lowered the sum by less than a thousandth.
 */
final class CheapestCodes {

    /** The most elements of a weight of which more than one coding is tried, as in a file. */
    private static final int MOST_TRIED = 1 << 20;

    private final double lambda;
    private EntropyCoder coder = EntropyCoder.counter();

    /**
     * @param lambda what a bit costs, in squared steps of the grid
     */
    CheapestCodes(double lambda) {
        this.lambda = lambda;
    }

    /** Codes, and what they cost by the state of the coder. */
    private record Counted(Codes codes, EntropyCoder after, double cost) {}

    /**
     * Chooses the codes of the next weight.
     *
     * @param weight the weight on its grid, and what its elements were before
     * @return the codes: of each element what it had, one step nearer to zero, or zero
     */
    Codes of(SteppedWeight weight) {
        GridWeight grid = weight.grid();
        CodeLayout layout = CodeLayout.of(grid.shape(), grid.size());
        Counted best = counted(weight, grid.codes(), layout);
        if (lambda > 0) {
            for (boolean tied : codings(layout)) {
                Counted chosen = counted(weight, walk(weight, layout, tied), layout);
                best = chosen.cost < best.cost ? chosen : best;
            }
        }
        coder = best.after;
        return best.codes;
    }

    private static List<Boolean> codings(CodeLayout layout) {
        return layout.isMatrix() && layout.size() <= MOST_TRIED
                ? List.of(false, true)
                : List.of(false);
    }

    private Codes walk(SteppedWeight weight, CodeLayout layout, boolean tied) {
        EntropyCoder learning = coder.trial();
        Codes given = weight.grid().codes();
        int low = GridWeight.lowestCode(weight.grid().bits());
        Codes.Builder codes = Codes.builder(given.size(), low, ~low);
        learning.choose(
                layout,
                tied,
                (i, prices) -> {
                    int code = given.get(i);
                    int cheapest = code == 0 ? 0 : cheapest(weight, i, code, prices);
                    codes.set(i, cheapest);
                    return cheapest;
                });
        return codes.build();
    }

    private int cheapest(SteppedWeight weight, int index, int code, EntropyCoder.Prices prices) {
        int best = code;
        double least = cost(weight, index, code, prices);
        int nearer = code - Integer.signum(code);
        double cost = cost(weight, index, nearer, prices);
        if (cost < least) {
            best = nearer;
            least = cost;
        }
        return nearer != 0 && cost(weight, index, 0, prices) < least ? 0 : best;
    }

    private double cost(SteppedWeight weight, int index, int code, EntropyCoder.Prices prices) {
        return weight.error(index, code) + lambda * prices.bits(code);
    }

    /** Counts codes in the coding in which a file would have them. */
    private Counted counted(SteppedWeight weight, Codes codes, CodeLayout layout) {
        EntropyCoder shortest = null;
        for (boolean tied : codings(layout)) {
            EntropyCoder trial = coder.trial();
            trial.choose(layout, tied, (i, prices) -> codes.get(i));
            shortest = shortest == null || trial.bits() < shortest.bits() ? trial : shortest;
        }
        double error = 0;
        for (int i = 0; i < codes.size(); ++i) {
            error += weight.error(i, codes.get(i));
        }
        return new Counted(codes, shortest, error + lambda * shortest.bits());
    }
}
