package dev.bonsai.examples.sentence;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.operator.Reduce;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.type.GraphException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns a model that makes a vector per token, as BERT does, into one that makes a vector per
 * sentence: the mean over the tokens, of the length 1. What only the other outputs need goes.
 */
public final class SentenceModel {

    private static final String VECTOR = "sentence_embedding";
    private static final List<String> INPUTS =
            List.of("input_ids", "attention_mask", "token_type_ids");

    private SentenceModel() {}

    /**
     * Appends the mean over the tokens.
     *
     * @param tokens a model that takes numbers, mask and kinds of tokens, of the shape (batch,
     *     tokens) each, and makes vectors of the shape (batch, tokens, length) first of all
     * @return a model with the same inputs, and one output of the shape (batch, length)
     * @throws GraphException if the inputs are others
     */
    public static GraphModel of(GraphModel tokens) {
        return of(tokens, List.of(VECTOR));
    }

    /**
     * Appends the mean over the tokens, and keeps the vectors of the tokens, from which a student
     * learns more.
     *
     * @param tokens a model as {@link #of(GraphModel)} takes it
     * @return a model with the same inputs and weights as that makes, and two outputs: vectors of
     *     the shape (batch, length), and of the shape (batch, tokens, length)
     * @throws GraphException if the inputs are others
     */
    public static GraphModel withTokens(GraphModel tokens) {
        return of(tokens, List.of(VECTOR, tokens.graph().outputs().get(0)));
    }

    private static GraphModel of(GraphModel tokens, List<String> outputs) {
        Graph graph = tokens.graph();
        List<String> inputs = graph.inputs().stream().map(Graph.Input::name).toList();
        if (!inputs.equals(INPUTS)) {
            throw new GraphException(
                    "A model of sentences takes %s, but this one takes %s: give one as"
                            + " sentence-transformers export it",
                    INPUTS, inputs);
        }
        Map<String, EncodedWeight> constants = new LinkedHashMap<>(graph.constants());
        constants.put("mask_shape", integers(0, 0, 1));
        List<Node> nodes = new ArrayList<>(graph.nodes());
        nodes.addAll(mean(graph.outputs().get(0)));
        List<Node> needed = needed(nodes);
        Set<String> used = new HashSet<>();
        needed.forEach(node -> used.addAll(node.inputs()));
        List<Graph.Weight> weights =
                graph.weights().stream().filter(weight -> used.contains(weight.path())).toList();
        constants.keySet().retainAll(used);
        return new GraphModel(
                new Graph(graph.inputs(), weights, constants, needed, outputs), tokens.weights());
    }

    /** The sum over the tokens, divided by their number and then by its own length. */
    private static List<Node> mean(String tokens) {
        Reduce sum = new Reduce(Reduce.Kind.SUM, List.of(1), false, false);
        Reduce length = new Reduce(Reduce.Kind.L2, List.of(1), true, false);
        return List.of(
                Node.of(new Cast(ElementType.FLOAT32), "mask_floats", "attention_mask"),
                Node.of(new Reshape(false), "mask", "mask_floats", "mask_shape"),
                Node.of(Binary.MUL, "masked", tokens, "mask"),
                Node.of(sum, "sum", "masked"),
                Node.of(sum, "count", "mask"),
                Node.of(Binary.DIV, "mean", "sum", "count"),
                Node.of(length, "length", "mean"),
                Node.of(Binary.DIV, VECTOR, "mean", "length"));
    }

    /** What the vector is made of. */
    private static List<Node> needed(List<Node> nodes) {
        Set<String> wanted = new HashSet<>(Set.of(VECTOR));
        List<Node> needed = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; --i) {
            Node node = nodes.get(i);
            if (node.outputs().stream().anyMatch(wanted::contains)) {
                wanted.addAll(node.inputs());
                needed.add(0, node);
            }
        }
        return needed;
    }

    private static ExactWeight integers(long... values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            bytes.putLong(value);
        }
        return new ExactWeight(new int[] {values.length}, ElementType.INT64, bytes.array());
    }
}
