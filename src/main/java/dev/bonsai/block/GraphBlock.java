package dev.bonsai.block;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import dev.bonsai.core.NetworkBlock;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.ValueInfo;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs a graph as an ordinary block: it trains, saves and loads, initialises and compresses like
 * one of Java code. Its parameters have the paths of the graph's weights.
 *
 * <p>In training, batch normalisation uses the batch and updates its statistics in place where they
 * are weights of the graph, and dropout is active; in inference, and after {@link #keepStatistics},
 * neither is.
 *
 * <pre>{@code
 * GraphBlock block = GraphBlock.of(OnnxImporter.read(Path.of("model.onnx")));
 * try (Model model = Model.newInstance("network")) {
 *     model.setBlock(block);
 *     block.initialize(model.getNDManager());
 *     // predict, or train with model.newTrainer(config)
 * }
 * }</pre>
 */
public final class GraphBlock extends AbstractBlock implements NetworkBlock {

    private static final byte VERSION = 1;

    private final Graph graph;
    private final Map<String, EncodedWeight> values;
    private final ExecutionPlan plan;
    private final InputCheck check;
    private final BlockTypes types;
    private final List<Parameter> ordered = new ArrayList<>();
    private final OwnedConstants constants;
    private boolean still;

    /**
     * Makes a block with fresh parameters, which DJL's initializers fill.
     *
     * @param graph the graph
     * @throws GraphException if the engine can't run it
     */
    public GraphBlock(Graph graph) {
        this(graph, Map.of());
    }

    private GraphBlock(Graph graph, Map<String, EncodedWeight> values) {
        super(VERSION);
        graph.values().forEach(GraphBlock::checkType);
        this.graph = graph;
        this.values = Map.copyOf(values);
        plan = new ExecutionPlan(graph);
        check = new InputCheck(graph.inputs());
        types = new BlockTypes(graph);
        inputNames = graph.inputs().stream().map(Input::name).toList();
        ParameterRoles roles = new ParameterRoles(graph);
        for (Weight weight : graph.weights()) {
            ordered.add(addParameter(parameter(weight, roles.of(weight))));
        }
        constants = OwnedConstants.of(this, plan.constants());
    }

    /**
     * Makes a block whose parameters are initialised with given values.
     *
     * @param model the graph and its weights
     * @return the block
     * @throws GraphException if the engine can't run the graph
     */
    public static GraphBlock of(GraphModel model) {
        return new GraphBlock(model.graph(), model.weights());
    }

    /**
     * Has batch normalisation use and keep its statistics, and dropout do nothing, in training too:
     * for a model that is tuned on few samples, or only looked at.
     *
     * @return this block
     */
    public GraphBlock keepStatistics() {
        still = true;
        return this;
    }

    static void checkType(String name, ValueInfo value) {
        try {
            Types.of(value.type());
        } catch (GraphException e) {
            throw new GraphException("The value '" + name + "': " + e.getMessage(), e);
        }
    }

    private static Parameter parameter(Weight weight, Parameter.Type type) {
        boolean state =
                type == Parameter.Type.RUNNING_MEAN
                        || type == Parameter.Type.RUNNING_VAR
                        || !Constants.isFloat(weight.type());
        return Parameter.builder()
                .setName(weight.path())
                .setType(type)
                .optShape(Types.of(weight.shape()))
                .optRequiresGrad(!state)
                .build();
    }

    /**
     * Returns what is run.
     *
     * @return the graph
     */
    public Graph graph() {
        return graph;
    }

    /** The block of DJL that would have the parameter, such as {@code Linear} or {@code Conv2d}. */
    @Override
    public String blockType(String parameter) {
        return types.of(parameter).orElse(getClass().getSimpleName());
    }

    /**
     * Gives the parameters their arrays, for inputs of any size that the graph allows.
     *
     * @param manager the owner of the parameters, such as that of the model
     */
    public void initialize(NDManager manager) {
        Shape[] shapes = describeInput().values().toArray(new Shape[0]);
        initialize(manager, DataType.FLOAT32, shapes);
    }

    @Override
    public void initialize(NDManager manager, DataType dataType, Shape... inputShapes) {
        check.shapes(inputShapes);
        for (int i = 0; i < ordered.size(); ++i) {
            Weight weight = graph.weights().get(i);
            Parameter parameter = ordered.get(i);
            EncodedWeight value = values.get(weight.path());
            if (value != null) { // a trainer's initializers don't touch what was given
                parameter.setInitializer((m, s, t) -> DeviceConstants.array(m, value));
            } else if (!parameter.isInitialized()) {
                parameter.setInitializer(fresh(weight, parameter.getInitializer()));
            }
        }
        super.initialize(manager, dataType, inputShapes);
    }

    private static Initializer fresh(Weight weight, Initializer chosen) {
        if (!Constants.isFloat(weight.type())) {
            throw new GraphException(
                    "The weight "
                            + weight
                            + " of integers can't be initialised: give it a value with"
                            + " GraphBlock.of");
        }
        return (m, s, t) -> chosen.initialize(m, s, Types.of(weight.type()));
    }

    /** The inputs that the graph takes; -1 where a dimension is free. */
    @Override
    public PairList<String, Shape> describeInput() {
        PairList<String, Shape> described = new PairList<>();
        graph.inputs().forEach(input -> described.add(input.name(), Types.of(input.shape())));
        return described;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return check.outputs(graph, inputShapes);
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameterStore,
            NDList inputs,
            boolean training,
            PairList<String, Object> params) {
        check.arrays(inputs);
        NDManager outer =
                inputs.isEmpty() ? parameterStore.getManager() : inputs.head().getManager();
        Device device = inputs.isEmpty() ? outer.getDevice() : inputs.head().getDevice();
        DeviceConstants known = constants.on(device, outer);
        try {
            return new Pass(plan, ordered, parameterStore, known, device, training, still, outer)
                    .run(inputs);
        } finally {
            Reference.reachabilityFence(this); // or the constants might be freed in mid-pass
        }
    }

    /** Returns how many arrays the constants of a device take up. */
    int constants(NDArray anyOfTheDevice) {
        return constants.size(anyOfTheDevice.getDevice());
    }
}
