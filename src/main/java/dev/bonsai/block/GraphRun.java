package dev.bonsai.block;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.type.GraphException;
import java.lang.ref.Reference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Runs the graph of a block over the block's own parameters, as {@link GraphBlock} does over its
 * own, and lets values be changed on the way. Any number of threads may run it at once.
 */
public final class GraphRun {

    private final ExecutionPlan plan;
    private final InputCheck check;
    private final List<Parameter> parameters;
    private final OwnedConstants constants;

    /**
     * Makes a run.
     *
     * @param graph the graph
     * @param parameters the parameter of a weight by its path
     * @throws GraphException if the engine can't run the graph
     */
    public GraphRun(Graph graph, Function<String, Parameter> parameters) {
        graph.values().forEach(GraphBlock::checkType);
        plan = new ExecutionPlan(graph);
        check = new InputCheck(graph.inputs());
        this.parameters =
                graph.weights().stream().map(weight -> parameters.apply(weight.path())).toList();
        constants = OwnedConstants.of(this, plan.constants());
    }

    /**
     * Runs the graph.
     *
     * @param store what is asked for the parameters
     * @param inputs the inputs, whose manager will own the outputs
     * @param training whether dropout is active, and batch normalisation uses the batch and updates
     *     its statistics
     * @param changes what is done to values, by their names; a result belongs to the manager of
     *     what it was made of
     * @return the outputs
     * @throws GraphException if the inputs don't fit, or an operator can't be computed
     */
    public NDList run(
            ParameterStore store,
            NDList inputs,
            boolean training,
            Map<String, UnaryOperator<NDArray>> changes) {
        check.arrays(inputs);
        NDManager outer = inputs.head().getManager();
        Device device = inputs.head().getDevice();
        Map<Integer, UnaryOperator<NDArray>> bySlot = new HashMap<>();
        changes.forEach((name, change) -> bySlot.put(plan.slot(name), change));
        try {
            DeviceConstants known = constants.on(device, outer);
            return new Pass(plan, parameters, store, known, device, training, false, outer, bySlot)
                    .run(inputs);
        } finally {
            Reference.reachabilityFence(this); // or the constants might be freed in mid-pass
        }
    }
}
