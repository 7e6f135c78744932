package dev.bonsai.block;

import static org.testng.Assert.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Shape;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.testng.annotations.Test;

public class ConstantsLifeTest extends ManagerTestBase {

    private static final int UNTIL_COMPILED = 3_000;
    private static final long TIME_TO_FREE = 50_000_000;

    /** Has what nobody holds freed whenever a weight is asked for. */
    private static final class Collecting extends ParameterStore {

        Collecting(NDManager manager) {
            super(manager, false);
        }

        @Override
        public NDArray getValue(Parameter parameter, Device device, boolean training) {
            System.gc();
            LockSupport.parkNanos(TIME_TO_FREE);
            return super.getValue(parameter, device, training);
        }
    }

    private GraphBlock block() {
        Graph graph =
                new Graph(
                        List.of(),
                        List.of(new Graph.Weight("w", ElementType.FLOAT32, Shape.of(2))),
                        Map.of("c", Constants.floats(3, 4)),
                        List.of(Node.of(Binary.ADD, "y", "w", "c")),
                        List.of("y"));
        GraphBlock block =
                GraphBlock.of(new GraphModel(graph, Map.of("w", Constants.floats(1, 2))));
        block.initialize(manager);
        return block;
    }

    /** Nobody but its own pass holds the block, and compiled code lets go of it early. */
    @Test
    void theConstantsLiveAsLongAsThePass() {
        GraphBlock warm = block();
        ParameterStore store = new ParameterStore(manager, false);
        for (int i = 0; i < UNTIL_COMPILED; ++i) {
            warm.forward(store, new NDList(), false).close();
        }
        NDList outputs = block().forward(new Collecting(manager), new NDList(), false);
        assertEquals(outputs.head().toFloatArray(), new float[] {4, 6});
    }
}
