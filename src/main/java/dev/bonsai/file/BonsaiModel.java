package dev.bonsai.file;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A compressed model as a {@code .bonsai} file holds it: all parameters of a block, in its order,
 * and perhaps the graph that they belong to.
 *
 * <p>The lists cannot be changed; the arrays belong to the record and must not be.
 *
 * @param weights the parameters, each path once
 * @param inputShapes the shapes that the block was initialised with, -1 for a free dimension; may
 *     be empty, and is then that of the graph's inputs where there is a graph
 * @param graph what is computed with the weights, if it is known; a file keeps the names of its
 *     inputs and outputs, the others become those of {@link Graph#canonical()}
 * @param extras sections of the file that this version does not know and need not understand; they
 *     are written again
 */
public record BonsaiModel(
        List<NamedWeight> weights,
        List<int[]> inputShapes,
        Optional<Graph> graph,
        List<Extra> extras) {

    /**
     * A section of a file that is kept as it is.
     *
     * @param tag a letter from a to z
     * @param bytes what it holds; must not be changed
     */
    public record Extra(char tag, byte[] bytes) {

        public Extra {
            if (tag < 'a' || tag > 'z' || tag == ModelReader.PADDING || tag == ModelReader.GRAPH) {
                throw new IllegalArgumentException(
                        "A section that need not be understood has a tag from a to y but g, but got '"
                                + tag
                                + "'");
            }
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Extra that
                    && tag == that.tag
                    && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return 31 * tag + Arrays.hashCode(bytes);
        }
    }

    /** The dimension of an input that can have any size. */
    public static final int FREE = -1;

    public BonsaiModel {
        List<NamedWeight> all = List.copyOf(weights);
        weights = all;
        extras = List.copyOf(extras);
        inputShapes =
                inputShapes.isEmpty() && graph.isPresent()
                        ? GraphFit.inputShapes(graph.get())
                        : inputShapes.stream().map(int[]::clone).toList();
        Set<String> paths = new HashSet<>();
        for (NamedWeight weight : weights) {
            checkWeight(weight);
            if (!paths.add(weight.path())) {
                throw new IllegalArgumentException(
                        "Each parameter needs a path of its own, but two have '"
                                + weight.path()
                                + "'");
            }
        }
        graph.ifPresent(given -> new GraphModel(given, values(all)));
        graph.ifPresent(GraphFit::check);
        for (int[] shape : inputShapes) {
            if (Arrays.stream(shape).anyMatch(dimension -> dimension < FREE)) {
                throw new IllegalArgumentException(
                        "A dimension of an input shape is at least 0, or -1 where it is free, but"
                                + " the shape is "
                                + Arrays.toString(shape));
            }
        }
    }

    /**
     * Makes a model without a graph.
     *
     * @param weights the parameters, each path once
     * @param inputShapes the shapes that the block was initialised with
     * @param extras sections that are written as they are
     */
    public BonsaiModel(List<NamedWeight> weights, List<int[]> inputShapes, List<Extra> extras) {
        this(weights, inputShapes, Optional.empty(), extras);
    }

    /**
     * Makes a model without a graph and without extra sections.
     *
     * @param weights the parameters, each path once
     * @param inputShapes the shapes that the block was initialised with
     */
    public BonsaiModel(List<NamedWeight> weights, List<int[]> inputShapes) {
        this(weights, inputShapes, List.of());
    }

    private static void checkWeight(NamedWeight weight) {
        if (weight.path() == null || weight.role() == null || weight.value() == null) {
            throw new IllegalArgumentException(
                    "A parameter needs a path, a role and a value, but got " + weight);
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(weight.path())) {
            throw new IllegalArgumentException(
                    "A path is valid Unicode, but '"
                            + weight.path()
                            + "' has half a surrogate pair: rename the parameter");
        }
    }

    /** Tells whether the input shapes need not be written, for the graph has them. */
    boolean hasShapesOfGraph() {
        return graph.isPresent()
                && Arrays.deepEquals(
                        inputShapes.toArray(), GraphFit.inputShapes(graph.get()).toArray());
    }

    /**
     * Returns this model with a graph.
     *
     * @param given the graph, or empty to leave it out
     * @return a model with the same weights, input shapes and extra sections
     */
    public BonsaiModel withGraph(Optional<Graph> given) {
        return new BonsaiModel(weights, inputShapes, given, extras);
    }

    /**
     * Returns the parameter at a path.
     *
     * @param path the path from the root block
     * @return the parameter
     * @throws NoSuchElementException if there is none; the message lists the paths that exist
     */
    public NamedWeight weight(String path) {
        return weights.stream()
                .filter(weight -> weight.path().equals(path))
                .findFirst()
                .orElseThrow(
                        () ->
                                new NoSuchElementException(
                                        "No parameter has the path '"
                                                + path
                                                + "'; there are "
                                                + weights.stream()
                                                        .map(NamedWeight::path)
                                                        .toList()));
    }

    /**
     * Returns the values of all parameters by their paths.
     *
     * @return a value per path, in the order of the model
     */
    public Map<String, EncodedWeight> values() {
        return values(weights);
    }

    private static Map<String, EncodedWeight> values(List<NamedWeight> weights) {
        Map<String, EncodedWeight> values = new LinkedHashMap<>();
        weights.forEach(weight -> values.put(weight.path(), weight.value()));
        return Collections.unmodifiableMap(values);
    }

    /**
     * Returns the graph with its weights: what can be run and exported.
     *
     * @return the graph and the values that it needs, or empty if there is no graph
     */
    public Optional<GraphModel> graphModel() {
        return graph.map(given -> new GraphModel(given, values()));
    }

    /**
     * Returns the number of elements of all parameters, zeros included: four times this is the size
     * of the model in 32-bit floats.
     *
     * @return the sum of the sizes
     */
    public long elements() {
        return weights.stream().mapToLong(weight -> weight.value().size()).sum();
    }
}
