package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.training.ParameterStore;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.core.FixedParameterStore;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out the graph of a block by forward passes in inference mode, whatever the block hides.
 *
 * <pre>{@code
 * NDList sample = new NDList(manager.zeros(new Shape(1, 1, 28, 28)));
 * GraphModel model = Tracer.trace(block, sample);
 * System.out.println(model.graph());
 * }</pre>
 *
 * <p>The passes are made with several sizes of the free axes. The operators are the same in all of
 * them, and numbers that differ, such as those of a reshape, are said by the sizes. The graph is
 * compared with the block at two other sizes before it is handed out.
 *
 * <p>A {@link GraphBlock} is traced only where free axes are chosen: else its graph is what it
 * runs.
 *
 * <p>Block, parameters, running statistics and inputs stay as they are, and no array is left
 * behind. Trace the block itself, before or after a training: while a {@link
 * dev.bonsai.core.Technique} is at work on it, the model's block is another one.
 *
 * <p>Limits, of which all but the last end in a {@link TraceException}: an array of the block's own
 * making as the receiver, as in {@code constant.mul(x)} (write {@code x.mul(constant)}); branches
 * on values; operators that have no words in a graph; imported models; operators that depend on the
 * sizes. A batch of one sample may mean another graph to a block that squeezes axes without naming
 * them: the graph is that of larger batches.
 */
public final class Tracer {

    private static final Logger LOGGER = LoggerFactory.getLogger(Tracer.class);

    private final Block block;
    private final NDList inputs;
    private final Map<String, String> paths = new LinkedHashMap<>();
    private final Map<String, TargetWeight> weights = new LinkedHashMap<>();

    private Tracer(Block block, NDList inputs) {
        this.block = block;
        this.inputs = inputs;
        IdentityHashMap<NDArray, String> arrays = new IdentityHashMap<>();
        for (TargetWeight weight : TargetWeight.allOf(block)) {
            NDArray array = weight.parameter().getArray();
            String path =
                    Objects.requireNonNullElse(
                            arrays.putIfAbsent(array, weight.path()), weight.path());
            paths.put(weight.id(), path);
            weights.putIfAbsent(path, weight);
        }
    }

    /**
     * Traces a block with a free batch: axis 0 of all inputs that are as long there as the first.
     * The length of a sequence is free too where the block allows it: axis 1 of integers of rank 2
     * and of all of rank 3, and of further inputs of that length.
     *
     * @param block an initialised block
     * @param inputs samples of its inputs, of any batch size, on the device of its parameters
     * @return the graph and the weights
     * @throws TraceException if no graph can be made of the block, or the graph's outputs differ
     *     from the block's
     */
    public static GraphModel trace(Block block, NDList inputs) {
        return structure(block, inputs).copied();
    }

    /**
     * Traces a block as {@link #trace(Block, NDList)} does, without a copy of its weights.
     *
     * @param block an initialised block
     * @param inputs samples of its inputs
     * @return the graph
     * @throws TraceException if no graph can be made of the block, its outputs differ from the
     *     block's, or a constant of the block is too large to be a part of it
     */
    public static Graph graph(Block block, NDList inputs) {
        Structure structure = structure(block, inputs);
        if (!structure.constants().isEmpty()) {
            throw new TraceException(
                    "The block computes with constants that are too large for a graph without"
                            + " weights: "
                            + structure.constants().keySet()
                            + ". Make parameters of them");
        }
        return structure.graph();
    }

    private static Structure structure(Block block, NDList inputs) {
        Tracer tracer = checked(block, inputs);
        if (block instanceof GraphBlock own) { // nothing is hidden
            return Structure.of(own.graph(), tracer.weights);
        }
        List<FreeAxis> batch = StandardAxes.batch(inputs);
        List<FreeAxis> both = new ArrayList<>(batch);
        both.addAll(StandardAxes.length(inputs));
        Graph first = tracer.first(batch);
        if (both.size() > batch.size()) {
            try {
                return tracer.structure(both, first);
            } catch (TraceException e) { // the length is that of the samples
                LOGGER.debug("The length of {} is fixed", block, e);
            }
        }
        return tracer.structure(batch, first);
    }

    /**
     * Traces a block with free axes of one's choice.
     *
     * @param block an initialised block
     * @param inputs samples of its inputs
     * @param free the axes that are free; all others have the size of the samples
     * @return the graph and the weights
     * @throws TraceException if no graph can be made of the block, or the graph's outputs differ
     *     from the block's
     */
    public static GraphModel trace(Block block, NDList inputs, List<FreeAxis> free) {
        StandardAxes.check(free, inputs);
        Tracer tracer = checked(block, inputs);
        return tracer.structure(free, tracer.first(free)).copied();
    }

    private static Tracer checked(Block block, NDList inputs) {
        if (inputs.isEmpty()) {
            throw new TraceException("A block is traced with samples of its inputs, but got none");
        }
        refuseImported(block);
        if (!block.isInitialized()) {
            throw new TraceException("The block is not initialised: call block.initialize first");
        }
        return new Tracer(block, inputs);
    }

    private static void refuseImported(Block block) {
        if (block instanceof SymbolBlock) {
            throw new TraceException(
                    "A "
                            + block.getClass().getSimpleName()
                            + " is an imported model, of which the operators can't be seen: import"
                            + " it as an ONNX file, or build the network of DJL's blocks");
        }
        block.getChildren().values().forEach(Tracer::refuseImported);
    }

    private Graph first(List<FreeAxis> free) {
        return pass(free, StandardAxes.sizes(free, inputs, 0));
    }

    private Structure structure(List<FreeAxis> free, Graph first) {
        Sizes sizes =
                Sizes.of(StandardAxes.sizes(free, inputs, 0), StandardAxes.sizes(free, inputs, 1));
        List<Graph> graphs = new ArrayList<>(List.of(first));
        for (Map<String, Long> other : sizes.passes().subList(1, sizes.passes().size())) {
            graphs.add(pass(free, other));
        }
        Graph graph = new Generalisation(free, sizes, graphs).graph();
        Structure structure = Structure.of(Names.tidy(graph), weights);
        try (Agreement agreement = new Agreement(structure, inputs.head().getManager())) {
            for (int which = 2; which <= 3; ++which) {
                check(agreement, free, StandardAxes.sizes(free, inputs, which));
            }
        }
        return structure;
    }

    /** Returns the graph of one pass, for its very sizes. */
    private Graph pass(List<FreeAxis> free, Map<String, Long> sizes) {
        try (NDManager owner = inputs.head().getManager().newSubManager()) {
            NDList sized = new Samples(inputs, free).at(sizes, owner);
            Recording recording = new Recording(paths);
            for (int i = 0; i < sized.size(); ++i) {
                recording.input(name(i), sized.get(i));
            }
            OperatorWatch watch = recording.watch();
            ParameterStore store = watch.over(store(owner));
            try {
                NDList outputs = run(sizes, store, watch.over(sized));
                return recording.graph(OperatorWatch.plain(outputs));
            } finally {
                recording.end();
            }
        }
    }

    private static ParameterStore store(NDManager owner) {
        return new FixedParameterStore(owner, Parameter::getArray);
    }

    private NDList run(Map<String, Long> sizes, ParameterStore store, NDList sized) {
        try {
            return block.forward(store, sized, false);
        } catch (TraceException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new TraceException(
                    "The block can't be run with the sizes "
                            + sizes
                            + ": "
                            + e.getMessage()
                            + ". Give samples that it accepts, and name the axes that are free",
                    e);
        }
    }

    private String name(int input) {
        String own = inputs.get(input).getName();
        if (own != null && !own.isBlank()) {
            return own;
        }
        List<String> described = describedInputs();
        return described.size() == inputs.size() ? described.get(input) : "";
    }

    private List<String> describedInputs() {
        try {
            return block.describeInput().keys();
        } catch (RuntimeException e) { // a block without a description
            return List.of();
        }
    }

    private void check(Agreement agreement, List<FreeAxis> free, Map<String, Long> sizes) {
        try (NDManager owner = inputs.head().getManager().newSubManager()) {
            Samples samples = new Samples(inputs, free);
            NDList expected = run(sizes, store(owner), samples.at(sizes, owner));
            agreement.check(samples.at(sizes, owner), expected, sizes); // not what a block changed
        }
    }
}
