package dev.bonsai.thinning;

import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The operand of an operator that names the sizes of its result, written as one constant. */
final class ShapeOperand {

    private ShapeOperand() {}

    /** Which operand names sizes; -1 if none does. */
    static int of(dev.bonsai.graph.operator.Operator operator) {
        if (operator instanceof Reshape || operator == dev.bonsai.graph.operator.Plain.EXPAND) {
            return 1;
        }
        if (operator instanceof dev.bonsai.graph.operator.Resize) {
            return 3;
        }
        return operator instanceof dev.bonsai.graph.operator.ConstantOfShape ? 0 : -1;
    }

    /**
     * The numbers as a constant can have them: of Reshape 0 keeps a free dimension, and one may be
     * -1.
     *
     * @return empty if they depend on free dimensions in another way
     */
    static Optional<List<Long>> of(Step step, int operand) {
        Optional<List<Long>> constant = step.integers(operand);
        if (constant.isPresent()) {
            return constant;
        }
        Optional<List<Dim>> numbers = step.flow().value(step.name(operand)).numbers();
        if (!(step.node().operator() instanceof Reshape reshape) || numbers.isEmpty()) {
            return Optional.empty();
        }
        return written(numbers.get(), step.shape(0), reshape.allowZero());
    }

    private static Optional<List<Long>> written(List<Dim> numbers, Shape source, boolean zeros) {
        List<Long> written = new ArrayList<>();
        for (int i = 0; i < numbers.size(); ++i) {
            Dim dim = numbers.get(i);
            if (dim.isFixed()) {
                written.add(dim.size());
            } else if (!zeros && i < source.rank() && dim.same(source.get(i))) {
                written.add(0L);
            } else if (!written.contains(-1L)) {
                written.add(-1L);
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(written);
    }
}
