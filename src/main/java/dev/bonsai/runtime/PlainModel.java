package dev.bonsai.runtime;

import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiFormatException;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import dev.bonsai.runtime.arithmetic.Arithmetic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A model that runs in plain Java, on the thread that calls it. Any number of threads may run one
 * model at once; its weights are decoded when it is made.
 *
 * <pre>{@code
 * PlainModel model = PlainModel.load(Path.of("lenet.bonsai"));
 * float[] scores = model.run(Tensor.of(pixels, 1, 1, 28, 28)).get(0).floats();
 * }</pre>
 */
public final class PlainModel {

    /** The most combinations of shapes that are remembered as checked. */
    private static final int MOST_CHECKED = 256;

    private final Graph graph;
    private final Program program;
    private final Map<List<Shape>, boolean[]> checked = new ConcurrentHashMap<>();

    private PlainModel(Graph graph, Program program) {
        this.graph = graph;
        this.program = program;
    }

    /**
     * Loads a model.
     *
     * @param file a {@code .bonsai} file with a graph
     * @return the model
     * @throws BonsaiFormatException if the file is damaged, foreign, or of a newer version
     * @throws IOException if the file cannot be read
     * @throws GraphException if the file has no graph, or an operator can't be run
     */
    public static PlainModel load(Path file) throws IOException {
        try {
            return of(BonsaiFile.read(file));
        } catch (GraphException e) {
            throw new GraphException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Makes a model of what a {@code .bonsai} file holds.
     *
     * @param model the content of a file with a graph
     * @return the model
     * @throws GraphException if there is no graph, or an operator can't be run
     */
    public static PlainModel of(BonsaiModel model) {
        return of(
                model.graphModel()
                        .orElseThrow(
                                () ->
                                        new GraphException(
                                                "The model has weights only and no graph to run:"
                                                        + " write it with its graph")));
    }

    /**
     * Makes a model.
     *
     * @param model the operators and the weights
     * @return the model
     * @throws GraphException if an operator can't be run
     */
    public static PlainModel of(GraphModel model) {
        return of(model, Arithmetic.best());
    }

    /** Makes a model that computes by a given arithmetic. */
    static PlainModel of(GraphModel model, Arithmetic arithmetic) {
        return new PlainModel(model.graph(), Program.of(model, arithmetic));
    }

    /**
     * Returns the operators.
     *
     * @return the graph that this model was made of
     */
    public Graph graph() {
        return graph;
    }

    /**
     * Runs the model.
     *
     * @param inputs a value per input of the graph, in its order
     * @return a value per output of the graph, in its order
     * @throws GraphException if the inputs don't fit the model; the message says what does
     */
    public List<Tensor> run(Tensor... inputs) {
        return program.run(inputs, check(inputs));
    }

    /**
     * Runs the model.
     *
     * @param inputs a value per input of the graph, by its name
     * @return a value per output of the graph, by its name
     * @throws GraphException if the inputs don't fit the model; the message says what does
     */
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        List<String> names = graph.inputs().stream().map(Input::name).toList();
        if (!inputs.keySet().equals(Set.copyOf(names))) {
            throw new GraphException(
                    "The model takes the inputs "
                            + names
                            + ", but got "
                            + inputs.keySet().stream().sorted().toList());
        }
        List<Tensor> results = run(names.stream().map(inputs::get).toArray(Tensor[]::new));
        Map<String, Tensor> named = new LinkedHashMap<>();
        for (int i = 0; i < results.size(); ++i) {
            named.put(graph.outputs().get(i), results.get(i));
        }
        return named;
    }

    /** Checks the inputs, and tells which steps have to be checked while the model runs. */
    private boolean[] check(Tensor[] inputs) {
        if (inputs.length != graph.inputs().size()) {
            throw new GraphException(
                    "The model takes "
                            + graph.inputs()
                            + ", but got "
                            + inputs.length
                            + " values: give one per input, in this order");
        }
        List<Shape> shapes = new ArrayList<>(inputs.length);
        for (int i = 0; i < inputs.length; ++i) {
            Input input = graph.inputs().get(i);
            if (inputs[i] == null || inputs[i].type() != input.type()) {
                throw new GraphException(
                        "The model takes "
                                + input
                                + ", but got "
                                + (inputs[i] == null ? "null" : inputs[i])
                                + ": give a Tensor of the type "
                                + input.type());
            }
            shapes.add(Shape.of(inputs[i].dims()));
        }
        boolean[] known = checked.get(shapes);
        if (known == null) {
            Map<String, ValueInfo> values = graph.values(shapes);
            known = program.unknown(values);
            if (checked.size() >= MOST_CHECKED) {
                checked.clear();
            }
            checked.put(shapes, known);
        }
        return known;
    }

    /** Inputs and outputs. */
    @Override
    public String toString() {
        return "PlainModel "
                + graph.inputs()
                + " -> "
                + graph.outputs()
                + ", "
                + graph.nodes().size()
                + " operators";
    }
}
