package dev.bonsai.pruning;

import static org.testng.Assert.assertEquals;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class TopKTest {

    @DataProvider
    Object[][] keys() {
        List<Object[]> rows = new ArrayList<>();
        // Few distinct keys make many ties; all integers (0) reach both ends of the order.
        for (int distinct : new int[] {4, 300, 0}) {
            for (int weights = 1; weights <= 4; ++weights) {
                for (int seed = 0; seed < 5; ++seed) {
                    rows.add(new Object[] {distinct, weights, seed});
                }
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "keys")
    void agreesWithSorting(int distinct, int weights, int seed) {
        Random random = new Random(seed);
        List<Ranking> arrays = new ArrayList<>();
        List<int[]> elements = new ArrayList<>(); // key, array, index
        for (int a = 0; a < weights; ++a) {
            int[] keys = new int[random.nextInt(400)];
            for (int i = 0; i < keys.length; ++i) {
                keys[i] =
                        distinct == 0 ? random.nextInt() : random.nextInt(distinct) - distinct / 2;
                elements.add(new int[] {keys[i], a, i});
            }
            arrays.add(new Ranking(null, new Groups(1, keys.length, 1, 1), keys, 0, 0));
        }
        elements.sort(
                Comparator.<int[]>comparingInt(e -> e[0])
                        .thenComparingInt(e -> -e[1])
                        .thenComparingInt(e -> -e[2]));
        for (int count : new int[] {0, elements.size() / 3, elements.size()}) {
            List<BitSet> kept = TopK.allButLowest(arrays, count);
            for (int e = 0; e < elements.size(); ++e) {
                int[] element = elements.get(e);
                assertEquals(kept.get(element[1]).get(element[2]), e >= count, "element " + e);
            }
        }
    }

    @Test
    void keysHaveTheOrderOfFloats() {
        float[] ascending = {
            Float.NEGATIVE_INFINITY,
            -1e30f,
            -1,
            -Float.MIN_VALUE,
            0,
            Float.MIN_VALUE,
            1,
            1e30f,
            Float.POSITIVE_INFINITY
        };
        for (int i = 1; i < ascending.length; ++i) {
            assertEquals(
                    Integer.compare(Ranking.key(ascending[i - 1]), Ranking.key(ascending[i])), -1);
        }
        assertEquals(Ranking.key(-0f), Ranking.key(0f));
        assertEquals(Integer.compare(Ranking.GONE, Ranking.key(Float.NEGATIVE_INFINITY)), -1);
        assertEquals(Integer.compare(Ranking.LAST, Ranking.key(Float.POSITIVE_INFINITY)), 1);
    }
}
