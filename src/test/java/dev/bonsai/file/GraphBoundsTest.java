package dev.bonsai.file;

import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.NamedWeight.Role;
import dev.bonsai.graph.type.Constants;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A hostile graph gives a clear exception or a graph, in memory and time that its bytes bound. */
public class GraphBoundsTest {

    private static final int MANY = 3_000;

    /** Each change of a byte, and pairs of them, behind right checksums. */
    @Test(timeOut = 120_000)
    public void forgedChecksumsDoNoHarm() {
        Random random = new Random(2);
        for (Map.Entry<String, BonsaiModel> each : GraphSamples.all().entrySet()) {
            BonsaiModel model = each.getValue();
            byte[] weights = ModelWriter.write(model, new PackedWriter(), MemoryBudget.ofWriter());
            byte[] graph =
                    GraphWriter.write(
                            model.graph().orElseThrow(),
                            model.weights(),
                            new PackedWriter(),
                            MemoryBudget.ofWriter());
            int refused = 0;
            for (int i = 0; i < graph.length; ++i) {
                for (int k = 0; k < 8; ++k) {
                    byte[] altered = graph.clone();
                    altered[i] = (byte) (k < 4 ? k : random.nextInt(256));
                    if (k % 3 == 0) {
                        altered[random.nextInt(graph.length)] = (byte) random.nextInt(256);
                    }
                    byte[] file = HostileGraphs.file(weights, altered);
                    refused += BoundsTest.readsWithinBounds(file, each.getKey()) ? 0 : 1;
                }
                byte[] shorter = HostileGraphs.file(weights, Arrays.copyOf(graph, i));
                assertTrue(!BoundsTest.readsWithinBounds(shorter, each.getKey()));
            }
            assertTrue(refused > graph.length, each.getKey() + ": " + refused);
            assertTrue(refused < 8 * graph.length, each.getKey() + ": " + refused);
        }
    }

    @Test(timeOut = 120_000)
    public void randomOperatorsDoNoHarm() {
        Random random = new Random(4);
        EncodedWeight[] constants = {
            Constants.integers(2, 2),
            Constants.integers(-1),
            Constants.integers(),
            Constants.integer(1),
            Constants.integers(Long.MIN_VALUE, 1L << 31, 0),
            Constants.scalar(2),
            Constants.floats(1, 2),
            new DenseWeight(new int[] {2, 3, 0}, new float[0])
        };
        int read = 0;
        for (int i = 0; i < 6_000; ++i) {
            byte[] graph = HostileGraphs.next(random, constants);
            byte[] file = HostileGraphs.file(HostileGraphs.noWeights(), graph);
            read += BoundsTest.readsWithinBounds(file, "graph " + i) ? 1 : 0;
        }
        assertTrue(read > 300, "some are sound: " + read);
        assertTrue(read < 5_700, "many are not: " + read);
    }

    @DataProvider
    public static Object[][] amplified() {
        long[] most = new long[64];
        Arrays.fill(most, -1);
        String name = "n".repeat(255);
        return new Object[][] {
            {"free dimensions that double", made(() -> doubled(name))},
            {"ranks that double", made(GraphBoundsTest::ranks)},
            {"numbers that double", made(GraphBoundsTest::numbers)},
            {"results that take no bytes", made(GraphBoundsTest::results)},
            {"a huge list as a shape", made(GraphBoundsTest::hugeShape)},
            {"equal elements of attributes", made(GraphBoundsTest::attributes)},
            {"large shapes", made(() -> additions(name, most))},
        };
    }

    private static byte[] made(Supplier<byte[]> graph) {
        return HostileGraphs.file(HostileGraphs.noWeights(), graph.get());
    }

    @Test(dataProvider = "amplified", timeOut = 60_000)
    public void littleDoesNotBecomeMuch(String what, byte[] file) {
        BoundsTest.readsWithinBounds(file, what);
    }

    /** A product of all dimensions, as a row and as a column, added to a matrix. */
    private static byte[] doubled(String name) {
        HostileGraphs graph = new HostileGraphs().inputs(name, 12, new long[] {-1, -1});
        graph.constants(0).nodes(3 * 200);
        for (int i = 0; i < 200; ++i) {
            graph.node("Flatten", 1, 1, 1, 0); // (1, n)
            graph.node("Flatten", 1, 2, 1, 4); // (n, 1)
            graph.node("Add", 1, 1, 2);
        }
        return graph.done();
    }

    private static byte[] ranks() {
        HostileGraphs graph = new HostileGraphs().inputs("n", 9, new long[] {2, 2});
        graph.constants(0).nodes(100);
        for (int i = 0; i < 100; ++i) {
            graph.node("Gather", 1, 1, 1, 0);
        }
        return graph.done();
    }

    private static byte[] numbers() {
        HostileGraphs graph = new HostileGraphs().inputs("n", 12, new long[] {2, 2});
        graph.constants(0, Constants.integers(1, 2)).nodes(100);
        for (int i = 0; i < 100; ++i) {
            graph.node("Concat", 1, 1, 1, 1, 1, 0);
        }
        return graph.done();
    }

    private static byte[] results() {
        HostileGraphs graph = new HostileGraphs().inputs("n", 12, new long[] {0, 2});
        graph.constants(0).nodes(MANY);
        for (int i = 0; i < MANY; ++i) {
            graph.node("Split", 65_536, 0, graph.values(), 2 * 65_535, 0);
        }
        return graph.done();
    }

    private static byte[] hugeShape() {
        HostileGraphs graph = new HostileGraphs().inputs("n", 12, new long[] {1});
        EncodedWeight most = Constants.integer(Integer.MAX_VALUE);
        graph.constants(0, Constants.integer(1), Constants.integer(0), most).nodes(2);
        graph.node("Range", 1, 2, 1, 3); // from 0 to the most by 1
        graph.node("ConstantOfShape", 1, 1, 0);
        return graph.done();
    }

    private static byte[] attributes() {
        HostileGraphs graph = new HostileGraphs().inputs("n", 12, new long[] {1, 1, 2, 2});
        graph.constants(0).nodes(200);
        for (int i = 0; i < 200; ++i) {
            graph.node("ReduceSum", 1, 0, 1, 1, 2 * 1_000 + 1, 0);
        }
        return graph.done();
    }

    private static byte[] additions(String name, long[] shape) {
        HostileGraphs graph = new HostileGraphs().inputs(name, 12, shape);
        graph.constants(0).nodes(2_000);
        for (int i = 0; i < 2_000; ++i) {
            graph.node("Add", 1, 1, 1);
        }
        return graph.done();
    }

    /** A message must not repeat a long path for each of many operands. */
    @Test(timeOut = 60_000)
    public void aMessageIsShortWhateverItNames() {
        String path = "p".repeat(1 << 20);
        NamedWeight weight =
                new NamedWeight(path, Role.WEIGHT, new DenseWeight(new int[0], new float[1]));
        BonsaiModel model = new BonsaiModel(List.of(weight), List.of());
        byte[] weights = ModelWriter.write(model, new PackedWriter(), MemoryBudget.ofWriter());
        HostileGraphs graph = new HostileGraphs().inputs("n", 12, new long[] {2}, new long[] {3});
        graph.constants(1).nodes(1);
        long[] operands = new long[60_001];
        Arrays.fill(operands, 1);
        operands[0] = 60_000 - 1;
        graph.node("Sum", 1, operands);
        HostileGraphs wrong = new HostileGraphs().inputs("n", 12, new long[] {2}, new long[] {3});
        operands[1] = 2;
        operands[2] = 3;
        byte[] bad = wrong.constants(1).nodes(1).node("Sum", 1, operands).done();
        assertTrue(
                BoundsTest.readsWithinBounds(HostileGraphs.file(weights, graph.done()), "sound"));
        assertTrue(!BoundsTest.readsWithinBounds(HostileGraphs.file(weights, bad), "wrong"));
    }
}
