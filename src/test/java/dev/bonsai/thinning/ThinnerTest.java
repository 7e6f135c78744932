package dev.bonsai.thinning;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.ScaleLayout;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What removal leaves computes what zeros compute, in whole networks. */
public class ThinnerTest extends ManagerTestBase {

    @DataProvider
    Object[][] samples() {
        return Arrays.stream(Samples.values())
                .map(sample -> new Object[] {sample})
                .toArray(Object[][]::new);
    }

    @Test(dataProvider = "samples")
    public void whatIsRemovedIsAsIfItWereZero(Samples sample) {
        int exact = new Laws(sample.model(), sample.input()).checkAll(11);
        assertTrue(exact > 0, "Some groups go without a changed bit");
    }

    @Test(dataProvider = "samples")
    public void severalGroupsAtOnceAreAsOneAfterTheOther(Samples sample) {
        GraphModel model = sample.model();
        List<ChannelGroup> groups = ChannelGroups.of(model.graph()).groups();
        Random random = new Random(3);
        Map<ChannelGroup, List<Integer>> units = new LinkedHashMap<>();
        GraphModel one = model;
        for (int i = 0; i < groups.size(); ++i) {
            ChannelGroup group = groups.get(i);
            if (group.size() > 2) { // two are left, so that the group stays a group
                List<Integer> few = Laws.some(group, random);
                List<Integer> some = few.subList(0, Math.min(few.size(), group.size() - 2));
                units.put(group, some);
                one = Thinner.remove(one, ChannelGroups.of(one.graph()).groups().get(i), some);
            }
        }
        GraphModel once = Thinner.remove(model, units);
        assertEquals(once.graph().toString(), one.graph().toString());
        assertEquals(once.weights(), one.weights());
    }

    @DataProvider
    Object[][] trained() {
        return new Object[][] {
            {Samples.LENET}, {Samples.DENSENET}, {Samples.ENCODER}, {Samples.LSTM_CLASSIFIER}
        };
    }

    @Test(dataProvider = "trained")
    public void aBlockOfTheThinnerGraphComputesTheSame(Samples sample) {
        GraphModel thin = halved(sample.model());
        Tensor input = sample.input();
        GraphBlock block = GraphBlock.of(thin);
        block.initialize(manager);
        Shape shape = new Shape(Arrays.stream(input.shape()).asLongStream().toArray());
        NDArray array = manager.create(input.floats(), shape).toType(DataType.FLOAT32, false);
        ParameterStore store = new ParameterStore(manager, false);
        float[] actual = block.forward(store, new NDList(array), false).head().toFloatArray();
        float[] expected = PlainModel.of(thin).run(input).get(0).floats();
        assertEquals(actual.length, expected.length);
        for (int i = 0; i < actual.length; ++i) {
            assertEquals(actual[i], expected[i], 1e-4 * Math.max(1, Math.abs(expected[i])));
        }
    }

    static GraphModel halved(GraphModel model) {
        Map<ChannelGroup, List<Integer>> units = new LinkedHashMap<>();
        for (ChannelGroup group : ChannelGroups.of(model.graph()).groups()) {
            units.put(group, IntStream.range(0, group.size() / 2).boxed().toList());
        }
        return Thinner.remove(model, units);
    }

    @Test
    public void whatCantBeRemovedIsRefusedWithARemedy() {
        GraphModel model = Samples.LENET.model();
        ChannelGroup group = ChannelGroups.of(model.graph()).groups().get(0);
        ChannelGroup other = ChannelGroups.of(Samples.DENSENET.model().graph()).groups().get(0);
        refused(model, other, List.of(0), "no group of 8 units.*ChannelGroups.of");
        List<Integer> all = IntStream.range(0, group.size()).boxed().toList();
        refused(model, group, all, "All 20 units.*at most 19.*keep one");
        refused(model, group, List.of(1, 2, 1), "Unit 1 is named twice.*leave one out");
        refused(model, group, List.of(20), "no unit 20.*0 to 19.*count");
        refused(model, group, List.of(-1), "no unit -1.*0 to 19.*count");
        refused(model, group, Arrays.asList(0, null), "no unit null.*0 to 19.*count");
        GraphModel thin = Thinner.remove(model, group, List.of(0));
        refused(thin, group, List.of(0), "anew once units were removed");
        assertEquals(Thinner.remove(model, group, List.of()), model);
    }

    @Test
    public void leNetPrintsWhatTheGuideSays() throws IOException {
        String page = Files.readString(Path.of("docs", "thinning.md"));
        String printed = ChannelGroups.of(Samples.LENET.model().graph()).toString();
        assertTrue(page.contains(printed.indent(4)), printed);
    }

    /** Six channels in parts of two and four, which are joined the other way round. */
    private static Sketch parts() {
        return new Sketch(1, 3, 5, 5)
                .integers("sizes", 2, 4)
                .conv(1, "a", "x", 6, 3, 3, 3)
                .nodes(new Split(1), List.of("b", "c"), "a", "sizes")
                .node(new Concat(1), "d", "c", "b")
                .conv(1, "y", "d", 2, 6, 1, 1);
    }

    @Test
    public void aPartOfWhichNothingIsLeftIsRefused() {
        Sketch sketch = parts();
        GraphModel model = sketch.model();
        ChannelGroup group = ChannelGroups.of(model.graph()).groups().get(0);
        refused(model, group, List.of(0, 1), "Nothing would be left of the value b.*fewer");
        new Laws(model, sketch.tensor()).check(group, List.of(1, 2, 5), true);
    }

    /** Nobody has named the units there: what can go does. */
    @Test
    public void oneUnitOfAPartThatIsNotUsedStays() {
        Sketch sketch = parts();
        GraphModel model = sketch.model();
        Map<String, EncodedWeight> weights = new LinkedHashMap<>(model.weights());
        float[] last = weights.get("y_w").decode(); // (2, 6, 1, 1), of which 4 and 5 are b
        for (int i : new int[] {4, 5, 10, 11}) {
            last[i] = 0;
        }
        weights.put("y_w", new DenseWeight(new int[] {2, 6, 1, 1}, last));
        GraphModel pruned = new GraphModel(model.graph(), weights);
        GraphModel thin = Thinner.removeUnused(pruned);
        assertEquals(thin.weights().get("a_w").shape(), new int[] {5, 3, 3, 3});
    }

    /** exp(0) is 1: a zero of the weight does not say that the channel is not used. */
    @Test
    public void aFunctionOfAWeightDoesNotTellWhatIsUsed() {
        Operator matrix = new Gemm(1, 1, false, true);
        Sketch sketch =
                new Sketch(2, 3)
                        .weight("a_w", 6, 3)
                        .weight("w", 6, 2)
                        .node(matrix, "a", "x", "a_w")
                        .node(Unary.EXP, "e", "w")
                        .node(Plain.MATMUL, "y", "a", "e");
        GraphModel model = sketch.model();
        assertTrue(ChannelGroups.of(model.graph()).groups().isEmpty());
        Map<String, EncodedWeight> weights = new LinkedHashMap<>(model.weights());
        weights.put("w", new DenseWeight(new int[] {6, 2}, new float[12]));
        GraphModel zeros = new GraphModel(model.graph(), weights);
        assertSame(Thinner.removeUnused(zeros), zeros);
    }

    @Test
    public void weightsStayInTheirEncoding() {
        GraphModel dense = Samples.LENET.model();
        Map<String, EncodedWeight> encoded = new LinkedHashMap<>();
        dense.weights().forEach((path, value) -> encoded.put(path, perChannel(value)));
        GraphModel model = new GraphModel(dense.graph(), encoded);
        GraphModel thin = halved(model);
        for (EncodedWeight weight : thin.weights().values()) {
            ScaleLayout layout = ((GridWeight) weight).layout();
            assertEquals(layout.rows(), weight.shape()[0], "A scale per channel that is left");
            assertEquals(layout.groupLength(), layout.rowLength());
        }
        new Laws(model, Samples.LENET.input()).checkAll(19);
    }

    private static EncodedWeight perChannel(EncodedWeight value) {
        float[] values = value.decode();
        int rows = value.shape()[0];
        int length = values.length / rows;
        float[] scales = new float[rows];
        int[] codes = new int[values.length];
        for (int row = 0; row < rows; ++row) {
            float largest = 1e-3f;
            for (int i = row * length; i < (row + 1) * length; ++i) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            scales[row] = largest / 127;
            for (int i = row * length; i < (row + 1) * length; ++i) {
                codes[i] = Math.round(values[i] / scales[row]);
            }
        }
        ScaleLayout layout = new ScaleLayout(rows, length, length);
        return new GridWeight(value.shape(), 8, layout, codes, scales, new int[rows]);
    }

    private static void refused(
            GraphModel model, ChannelGroup group, List<Integer> units, String message) {
        ThinningException e =
                expectThrows(ThinningException.class, () -> Thinner.remove(model, group, units));
        assertTrue(e.getMessage().matches(".*" + message + ".*"), e.getMessage());
    }
}
