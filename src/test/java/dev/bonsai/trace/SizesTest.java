package dev.bonsai.trace;

import static org.testng.Assert.assertEquals;

import dev.bonsai.graph.type.Dim;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Numbers that were seen at several sizes are said by the sizes. */
public class SizesTest {

    /** Seen with a batch of 3 and a length of 7, of 5 and 7, and of 3 and 6. */
    private static final Sizes SIZES = sizes();

    private static Sizes sizes() {
        Map<String, Long> first = new LinkedHashMap<>();
        first.put("b", 3L);
        first.put("l", 7L);
        Map<String, Long> others = new LinkedHashMap<>();
        others.put("b", 5L);
        others.put("l", 6L);
        return Sizes.of(first, others);
    }

    private static Optional<Sizes.Expression> product(long factor, String... symbols) {
        Dim product = new Dim(factor, List.of(symbols));
        return Optional.of(new Sizes.Expression(List.of(product), 0));
    }

    private static Optional<Sizes.Expression> sum(long offset, Dim... terms) {
        return Optional.of(new Sizes.Expression(List.of(terms), offset));
    }

    @DataProvider
    Object[][] numbers() {
        Dim batch = Dim.free("b");
        Dim length = Dim.free("l");
        return new Object[][] {
            {new long[] {4, 4, 4}, product(4)},
            {new long[] {3, 5, 3}, product(1, "b")},
            {new long[] {12, 20, 12}, product(4, "b")},
            {new long[] {21, 35, 18}, product(1, "b", "l")},
            {new long[] {98, 98, 72}, product(2, "l", "l")},
            {new long[] {0, 0, 0}, product(0)},
            {new long[] {-7, -7, -6}, product(-1, "l")},
            {new long[] {6, 6, 5}, sum(-1, length)},
            {new long[] {10, 12, 9}, sum(0, batch, length)},
            {new long[] {-2, -6, -2}, sum(4, Dim.of(-2).times(batch))},
            {new long[] {3, 4, 3}, Optional.empty()},
        };
    }

    @Test(dataProvider = "numbers")
    void numbersAreSaid(long[] numbers, Optional<Sizes.Expression> expected) {
        assertEquals(SIZES.fit(numbers), expected);
    }
}
