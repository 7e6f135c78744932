package dev.bonsai.thinning;

import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.types.Shape;
import dev.bonsai.block.BlockTime;
import dev.bonsai.graph.Graph;
import dev.bonsai.onnx.OrtTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What a thinner network takes is measured where it will run. */
public class LatencyTest {

    private static final int RUNS = 7;

    @DataProvider
    Object[][] timers() {
        long[] shape = {1, 3, 32, 32};
        return new Object[][] {
            {new BlockTime(RUNS, new Shape(shape))},
            {new OrtTime(RUNS, dev.bonsai.graph.type.Shape.of(shape))}
        };
    }

    @Test(dataProvider = "timers")
    void aQuarterOfTheWidthTakesLessTime(ToDoubleFunction<Graph> timer) {
        Graph whole = Samples.RESNET.model().graph();
        Map<ChannelGroup, List<Integer>> most = new LinkedHashMap<>();
        for (ChannelGroup group : ChannelGroups.of(whole).groups()) {
            most.put(group, IntStream.range(0, group.size() * 3 / 4).boxed().toList());
        }
        double before = timer.applyAsDouble(whole);
        double after = timer.applyAsDouble(Thinner.remove(whole, most));
        assertTrue(before > 0 && after > 0 && after < before, after + " of " + before);
    }

    @Test
    void noRunsAreNoTime() {
        assertThrows(IllegalArgumentException.class, () -> new BlockTime(0));
        assertThrows(IllegalArgumentException.class, () -> new OrtTime(0));
    }
}
