package dev.bonsai.thinning;

import static org.testng.Assert.assertTrue;

import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.operator.BatchNormalization;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.GlobalPool;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.operator.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.testng.annotations.Test;

/** Networks of random layers, in which channels are joined, cut, shuffled and added anyhow. */
public class RandomNetworksTest {

    private static final int NETWORKS = 150;
    private static final int SIZE = 4;

    /** A value of an image with so many channels. */
    private record Value(String name, int channels) {}

    private static final class Growth {

        private final Random random;
        private final Sketch sketch = new Sketch(1, 3, SIZE, SIZE);
        private final List<Value> values = new ArrayList<>(List.of(new Value("x", 3)));
        private int count;

        Growth(long seed) {
            random = new Random(seed);
        }

        Sketch grown() {
            conv(new Value("x", 3), 8);
            for (int i = 0; i < 9; ++i) {
                layer(any());
            }
            List<String> last =
                    values.subList(values.size() - 3, values.size()).stream()
                            .map(Value::name)
                            .toList();
            int all =
                    values.subList(values.size() - 3, values.size()).stream()
                            .mapToInt(Value::channels)
                            .sum();
            return sketch.node(new Concat(1), "end", last.toArray(String[]::new))
                    .conv(1, "y", "end", 2, all, 1, 1);
        }

        private Value any() {
            return values.get(Math.max(0, values.size() - 1 - random.nextInt(4)));
        }

        private String next() {
            return "v" + count++;
        }

        private void add(String name, int channels) {
            values.add(new Value(name, channels));
        }

        private void conv(Value from, int channels) {
            String name = next();
            sketch.conv(1, name, from.name(), channels, from.channels(), 3, 3);
            add(name, channels);
        }

        private void layer(Value from) {
            String a = from.name();
            int c = from.channels();
            String name = next();
            switch (random.nextInt(12)) {
                case 0 -> conv(from, 2 + random.nextInt(7));
                case 1 -> {
                    sketch.conv(c, name, a, 2L * c, 1, 3, 3);
                    add(name, 2 * c);
                }
                case 2 -> grouped(from, name);
                case 3 -> {
                    sketch.node(random.nextBoolean() ? Unary.RELU : Unary.SIGMOID, name, a);
                    add(name, c);
                }
                case 4 -> norm(from, name);
                case 5 -> {
                    Value other = any();
                    sketch.node(new Concat(1), name, a, other.name());
                    add(name, c + other.channels());
                }
                case 6 -> {
                    Value other = any();
                    if (other.channels() == c) {
                        sketch.node(
                                random.nextBoolean() ? Binary.ADD : Binary.MUL,
                                name,
                                a,
                                other.name());
                        add(name, c);
                    }
                }
                case 7 -> split(from, name);
                case 8 -> slice(from, name);
                case 9 -> {
                    long[] picks = random.longs(1 + random.nextInt(c), -c, c).toArray();
                    sketch.integers(name + "_i", picks).node(new Gather(1), name, a, name + "_i");
                    add(name, picks.length);
                }
                case 10 -> shuffled(from, name);
                default -> gated(from, name);
            }
        }

        private void grouped(Value from, String name) {
            int c = from.channels();
            if (c % 2 == 0 && c > 2) {
                int made = 2 * (1 + random.nextInt(4));
                sketch.conv(2, name, from.name(), made, c / 2, 3, 3);
                add(name, made);
            }
        }

        private void norm(Value from, String name) {
            String[] operands = {
                from.name(), name + "_gamma", name + "_b", name + "_m", name + "Var"
            };
            for (int i = 1; i < operands.length; ++i) {
                sketch.weight(operands[i], from.channels());
            }
            sketch.node(new BatchNormalization(1e-5f, 0.9f), name, operands);
            add(name, from.channels());
        }

        private void split(Value from, String name) {
            int c = from.channels();
            if (c > 1) {
                int first = 1 + random.nextInt(c - 1);
                sketch.integers(name + "_i", first, c - first)
                        .nodes(
                                new Split(1),
                                List.of(name + "a", name + "b"),
                                from.name(),
                                name + "_i");
                add(name + "a", first);
                add(name + "b", c - first);
            }
        }

        private void slice(Value from, String name) {
            int c = from.channels();
            int start = random.nextInt(c);
            int end = start + 1 + random.nextInt(c - start);
            sketch.integers(name + "_s", random.nextBoolean() ? start : start - c)
                    .integers(name + "_e", end == c ? 1000 : end)
                    .integers(name + "_a", 1)
                    .node(Plain.SLICE, name, from.name(), name + "_s", name + "_e", name + "_a");
            add(name, end - start);
        }

        private void shuffled(Value from, String name) {
            int c = from.channels();
            int outer = c % 3 == 0 ? 3 : 2;
            if (c % outer == 0) {
                sketch.integers(name + "_i", 1, outer, c / outer, SIZE, SIZE)
                        .integers(name + "_j", 0, -1, SIZE, SIZE)
                        .node(new Reshape(false), name + "a", from.name(), name + "_i")
                        .node(new Transpose(List.of(0, 2, 1, 3, 4)), name + "b", name + "a")
                        .node(new Reshape(false), name, name + "b", name + "_j");
                add(name, c);
            }
        }

        private void gated(Value from, String name) {
            int c = from.channels();
            sketch.node(GlobalPool.AVERAGE, name + "p", from.name())
                    .conv(1, name + "q", name + "p", 3, c, 1, 1)
                    .conv(1, name + "r", name + "q", c, 3, 1, 1)
                    .node(Unary.SIGMOID, name + "s", name + "r")
                    .node(Binary.MUL, name, from.name(), name + "s");
            add(name, c);
        }
    }

    @Test
    public void whatIsRemovedIsAsIfNothingUsedIt() {
        int groups = 0;
        int units = 0;
        for (int seed = 0; seed < NETWORKS; ++seed) {
            Sketch sketch = new Growth(seed).grown();
            GraphModel model = sketch.model();
            Laws laws = new Laws(model, sketch.tensor());
            Random random = new Random(seed);
            for (ChannelGroup group : ChannelGroups.of(model.graph()).groups()) {
                List<Integer> some = Laws.some(group, random);
                try {
                    laws.checkUnused(group, some);
                    units += some.size();
                } catch (ThinningException e) {
                    assertTrue(e.getMessage().startsWith("Nothing would be left"), e.getMessage());
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(
                            "seed " + seed + ": " + group + "\n" + model.graph(), e);
                }
                ++groups;
            }
        }
        assertTrue(
                groups > NETWORKS && units > 2 * NETWORKS, groups + " groups, " + units + " units");
    }
}
