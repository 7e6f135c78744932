package dev.bonsai.trace;

import dev.bonsai.graph.type.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sizes of the free dimensions in several passes, and how numbers that were seen in these
 * follow from them. In each pass but the first one dimension has another size than in the first.
 *
 * @param passes the sizes by name, per pass
 */
record Sizes(List<Map<String, Long>> passes) {

    /** The highest power of a size that is looked for. */
    private static final int MOST = 2;

    /**
     * A number as a sum of products of sizes.
     *
     * @param terms the products
     * @param offset what is added
     */
    record Expression(List<Dim> terms, long offset) {}

    Sizes {
        passes = List.copyOf(passes);
    }

    /** The passes in which one size after the other is changed. */
    static Sizes of(Map<String, Long> first, Map<String, Long> others) {
        List<Map<String, Long>> passes = new ArrayList<>(List.of(first));
        others.forEach(
                (name, size) -> {
                    Map<String, Long> changed = new LinkedHashMap<>(first);
                    changed.put(name, size);
                    passes.add(changed);
                });
        return new Sizes(passes);
    }

    private List<String> names() {
        return List.copyOf(passes.get(0).keySet());
    }

    /** Says a number by the sizes: as a product of them, or else as a weighted sum. */
    Optional<Expression> fit(long[] numbers) {
        return product(numbers)
                .map(product -> new Expression(List.of(product), 0))
                .or(() -> sum(numbers));
    }

    private Optional<Dim> product(long[] numbers) {
        List<String> symbols = new ArrayList<>();
        long divisor = 1;
        for (int i = 0; i < names().size(); ++i) {
            String name = names().get(i);
            long before = passes.get(0).get(name);
            int power = power(numbers[0], numbers[i + 1], before, passes.get(i + 1).get(name));
            if (power < 0) {
                return Optional.empty();
            }
            symbols.addAll(Collections.nCopies(power, name));
            for (int k = 0; k < power; ++k) {
                divisor *= before;
            }
        }
        return numbers[0] % divisor == 0
                ? Optional.of(new Dim(numbers[0] / divisor, symbols))
                : Optional.empty();
    }

    /** Returns the power of a size that a number grows with; -1 if it is none of the first ones. */
    private static int power(long before, long after, long sizeBefore, long sizeAfter) {
        long left = before;
        long right = after;
        for (int power = 0; power <= MOST; ++power) {
            if (left == right) {
                return power;
            }
            left *= sizeAfter;
            right *= sizeBefore;
        }
        return -1;
    }

    private Optional<Expression> sum(long[] numbers) {
        List<Dim> terms = new ArrayList<>();
        long offset = numbers[0];
        for (int i = 0; i < names().size(); ++i) {
            String name = names().get(i);
            long before = passes.get(0).get(name);
            long step = passes.get(i + 1).get(name) - before;
            long change = numbers[i + 1] - numbers[0];
            if (change % step != 0) {
                return Optional.empty();
            }
            if (change != 0) {
                terms.add(new Dim(change / step, List.of(name)));
                offset -= change / step * before;
            }
        }
        return Optional.of(new Expression(terms, offset));
    }
}
