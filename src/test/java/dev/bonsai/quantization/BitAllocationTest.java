package dev.bonsai.quantization;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.quantization.BitAllocation.Offer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class BitAllocationTest {

    @DataProvider
    public Object[][] seeds() {
        return IntStream.range(0, 40).mapToObj(i -> new Object[] {i}).toArray(Object[][]::new);
    }

    /** Errors fall with the width, but not always by less, and lengths rise. */
    private static List<List<Offer>> offers(SplittableRandom random) {
        List<List<Offer>> all = new ArrayList<>();
        for (int weight = 0; weight < 4; ++weight) {
            List<Offer> own = new ArrayList<>();
            double length = 10 * random.nextDouble();
            double error = 100 * random.nextDouble();
            for (int bits = 2; bits <= 6; ++bits) {
                own.add(new Offer(bits, length, error));
                length += 1 + 10 * random.nextDouble();
                error *= random.nextDouble();
            }
            all.add(own);
        }
        return all;
    }

    private static double length(List<Offer> chosen) {
        return chosen.stream().mapToDouble(Offer::length).sum();
    }

    private static double error(List<Offer> chosen) {
        return chosen.stream().mapToDouble(Offer::error).sum();
    }

    private static List<List<Offer>> everyChoice(List<List<Offer>> offers) {
        List<List<Offer>> all = List.of(List.of());
        for (List<Offer> own : offers) {
            List<List<Offer>> longer = new ArrayList<>();
            for (List<Offer> before : all) {
                for (Offer offer : own) {
                    List<Offer> with = new ArrayList<>(before);
                    with.add(offer);
                    longer.add(with);
                }
            }
            all = longer;
        }
        return all;
    }

    /** What fits is as good as the best choice that is no longer than it. */
    @Test(dataProvider = "seeds")
    public void noChoiceOfTheSameLengthHasMuchLessError(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<List<Offer>> offers = offers(random);
        List<List<Offer>> every = everyChoice(offers);
        double shortest = every.stream().mapToDouble(BitAllocationTest::length).min().orElseThrow();
        double longest = every.stream().mapToDouble(BitAllocationTest::length).max().orElseThrow();
        double largest =
                offers.stream()
                        .mapToDouble(own -> own.get(0).error() - own.get(4).error())
                        .max()
                        .orElseThrow();
        for (int part = 0; part <= 20; ++part) {
            double most = shortest + (longest - shortest) * part / 20;
            List<Offer> chosen = BitAllocation.choose(offers, most);
            assertTrue(length(chosen) <= most * (1 + 1e-12), "length");
            double least =
                    every.stream()
                            .filter(choice -> length(choice) <= most)
                            .mapToDouble(BitAllocationTest::error)
                            .min()
                            .orElseThrow();
            assertTrue(error(chosen) - least <= largest, "part " + part);
        }
    }

    /** At the corners of the joint hull there is nothing better at all. */
    @Test(dataProvider = "seeds")
    public void whatIsChosenByAPriceOfABitIsTheBest(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<List<Offer>> offers = offers(random);
        for (double price : new double[] {0.01, 0.1, 1, 10}) {
            List<Offer> best = atPrice(offers, price);
            List<Offer> chosen = BitAllocation.choose(offers, length(best) + 1e-9);
            assertEquals(chosen, best);
        }
    }

    /** Returns the offer of each weight with the least error, where a bit costs so much. */
    private static List<Offer> atPrice(List<List<Offer>> offers, double price) {
        return offers.stream()
                .map(
                        own ->
                                own.stream()
                                        .min(
                                                Comparator.comparingDouble(
                                                        o -> o.error() + price * o.length()))
                                        .orElseThrow())
                .toList();
    }

    @Test(dataProvider = "seeds")
    public void moreRoomIsNeverWorse(int seed) {
        List<List<Offer>> offers = offers(new SplittableRandom(seed));
        double before = Double.POSITIVE_INFINITY;
        for (int exponent = 6; exponent >= -6; --exponent) {
            double room = length(atPrice(offers, Math.pow(4, exponent))) + 1e-9;
            double now = error(BitAllocation.choose(offers, room));
            assertTrue(now <= before);
            before = now;
        }
    }

    @Test
    public void whereNothingFitsEachHasItsShortest() {
        List<List<Offer>> offers = offers(new SplittableRandom(1));
        List<Offer> chosen = BitAllocation.choose(offers, 0);
        for (int i = 0; i < chosen.size(); ++i) {
            assertEquals(chosen.get(i), offers.get(i).get(0));
        }
    }

    @Test
    public void anOfferThatIsLongerAndWorseIsNeverTaken() {
        List<Offer> own = List.of(new Offer(2, 10, 5), new Offer(3, 12, 6), new Offer(4, 11, 1));
        assertEquals(BitAllocation.choose(List.of(own), 100), List.of(new Offer(4, 11, 1)));
    }
}
