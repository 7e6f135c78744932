package dev.bonsai.search;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.testng.Assert.ThrowingRunnable;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class SearchSpaceTest {

    private static List<Strategy> sample(SearchSpace space, List<Strategy> starts, long seed) {
        Sampler sampler = new Sampler(space, starts, seed);
        return Stream.generate(sampler::next)
                .takeWhile(Optional::isPresent)
                .map(Optional::get)
                .toList();
    }

    @Test
    void everyStrategyIsGivenOnceUntilNoneIsLeft() {
        for (long seed = 0; seed < 50; ++seed) {
            List<Strategy> all = sample(Toy.SPACE, List.of(), seed);
            assertEquals(all.size(), Toy.SPACE.size());
            assertEquals(new HashSet<>(all).size(), all.size());
        }
    }

    @Test
    void startsComeFirstAndOnlyOnce() {
        Strategy second = Toy.SPACE.first().with(Toy.BITS, 4);
        List<Strategy> all = sample(Toy.SPACE, List.of(second, Toy.SPACE.first()), 3);
        assertEquals(all.subList(0, 2), List.of(second, Toy.SPACE.first()));
        assertEquals(new HashSet<>(all).size(), Toy.SPACE.size());
        assertEquals(all.size(), Toy.SPACE.size());
    }

    @Test
    void sameSeedSameOrder() {
        assertEquals(sample(Toy.SPACE, List.of(), 7), sample(Toy.SPACE, List.of(), 7));
        assertNotEquals(sample(Toy.SPACE, List.of(), 7), sample(Toy.SPACE, List.of(), 8));
    }

    @Test
    void everyStrategyMayBeTheFirst() {
        Set<Strategy> firsts = new HashSet<>();
        for (long seed = 0; seed < 400; ++seed) {
            firsts.add(new Sampler(Toy.SPACE, List.of(), seed).next().orElseThrow());
        }
        // Each of the 18 is missing with a probability of (17/18)^400, 1e-10.
        assertEquals(firsts.size(), Toy.SPACE.size());
    }

    @Test
    void hugeSpaceIsCountedAndSampled() {
        SearchSpace.Builder builder = SearchSpace.builder();
        for (int i = 0; i < 60; ++i) {
            builder.addChoice(Choice.of("bits." + i, 2, 3, 4, 5));
        }
        SearchSpace space = builder.build();
        assertEquals(space.size(), Long.MAX_VALUE);
        Sampler sampler = new Sampler(space, List.of(), 1);
        Set<Strategy> given = new HashSet<>();
        for (int i = 0; i < 1_000; ++i) {
            assertTrue(given.add(sampler.next().orElseThrow()));
        }
    }

    @Test
    void strategyHasTheValuesOfItsChoices() {
        Strategy first = Toy.SPACE.first();
        Strategy other = first.with(Toy.BITS, 3).with(Toy.ENUM, Better.LOWER);
        assertEquals(other.get(Toy.SPARSITY), 0.9);
        assertEquals((int) other.get(Toy.BITS), 3);
        assertEquals(other.get(Toy.ENUM), Better.LOWER);
        assertEquals(other.toString(), "sparsity=0.9 bits=3 kind=LOWER");
        assertEquals(other.toJson().toString(), "{\"sparsity\":0.9,\"bits\":3,\"kind\":\"LOWER\"}");
        assertEquals(first.toString(), "sparsity=0.9 bits=2 kind=HIGHER");
        assertEquals(other.with(Toy.BITS, 2).with(Toy.ENUM, Better.HIGHER), first);
        assertEquals(
                other.with(Toy.BITS, 2).hashCode(), first.with(Toy.ENUM, Better.LOWER).hashCode());
        assertNotEquals(other, first);
    }

    @Test
    void numbersThatJsonLacksBecomeText() {
        Choice<Object> odd = Choice.of("odd", Double.NaN, Float.POSITIVE_INFINITY, "1", 2L);
        assertEquals(odd.toJson().toString(), "[\"NaN\",\"Infinity\",\"1\",2]");
    }

    @DataProvider
    Object[][] mistakes() {
        Supplier<?> lambda = () -> "value";
        return new Object[][] {
            {"a name such as", (ThrowingRunnable) () -> Choice.of(" ", 1)},
            {"1 or more values", (ThrowingRunnable) () -> Choice.of("bits")},
            {"'3' twice", (ThrowingRunnable) () -> Choice.of("bits", 3, 4, 3)},
            {"'3' twice", (ThrowingRunnable) () -> Choice.of("bits", 3, "3")},
            {"toString", (ThrowingRunnable) () -> Choice.of("criterion", lambda)},
            {"1 or more choices", (ThrowingRunnable) () -> SearchSpace.builder().build()},
            {
                "'bits' twice",
                (ThrowingRunnable)
                        () -> SearchSpace.builder().addChoice(Toy.BITS).addChoice(Toy.BITS)
            },
            {
                "The search space has no Choice[name=scope",
                (ThrowingRunnable) () -> Toy.SPACE.first().get(Choice.of("scope", 1))
            },
            {
                "has the values [2, 3, 4], but got 5",
                (ThrowingRunnable) () -> Toy.SPACE.first().with(Toy.BITS, 5)
            },
        };
    }

    @Test(dataProvider = "mistakes")
    void mistakeIsNamed(String message, ThrowingRunnable mistake) {
        String said = expectThrows(IllegalArgumentException.class, mistake).getMessage();
        assertTrue(said.contains(message), said);
    }

    @Test
    void valuesAreCopied() {
        List<Integer> values = new ArrayList<>(List.of(1, 2));
        Choice<Integer> choice = new Choice<>("bits", values);
        values.clear();
        assertEquals(choice.values(), List.of(1, 2));
    }
}
