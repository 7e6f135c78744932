package dev.bonsai.rewrite;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import java.util.List;
import java.util.Optional;

/** Says the result of a Reshape as a constant. */
final class Targets {

    private Targets() {}

    /**
     * Returns the second operand of a Reshape: fixed sizes as they are, 0 for a free one that the
     * operand has in the same place, and -1 for one that is left.
     *
     * @param from the shape of the operand
     * @param wanted the dimensions of the result; one may be -1
     * @param zeroKeeps whether 0 keeps the dimension of the operand
     * @return the constant, or empty if more than one dimension is left
     */
    static Optional<EncodedWeight> of(Shape from, List<Dim> wanted, boolean zeroKeeps) {
        long[] target = new long[wanted.size()];
        int left = 0;
        for (int i = 0; i < target.length; ++i) {
            Dim dim = wanted.get(i);
            if (dim.isFixed() && (dim.size() < -1 || (dim.size() == 0 && !zeroKeeps))) {
                return Optional.empty();
            } else if (dim.isFixed()) {
                target[i] = dim.size();
                left += dim.size() < 0 ? 1 : 0;
            } else if (i < from.rank() && from.get(i).same(dim)) {
                target[i] = 0;
            } else {
                target[i] = -1;
                ++left;
            }
        }
        return left > 1 ? Optional.empty() : Optional.of(Constants.integers(target));
    }

    /** A Reshape to a constant. */
    static Replacement reshape(String output, String operand, EncodedWeight target, Draft draft) {
        String name = draft.fresh(output + ".shape");
        return Replacement.by(Node.of(new Reshape(false), output, operand, name))
                .withConstant(name, target);
    }
}
