package dev.bonsai.graph;

import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.type.GraphException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One operator of a graph with the names of its operands and results.
 *
 * @param operator the operator
 * @param inputs the names of the operands; {@link #ABSENT} where an optional one is left out
 * @param outputs the names of the results; {@link #ABSENT} where one is not used
 */
public record Node(Operator operator, List<String> inputs, List<String> outputs) {

    /** The name of an operand that is left out, or of a result that is not used. */
    public static final String ABSENT = "";

    private static final int MOST_SHOWN = 16;
    private static final int LONGEST_SHOWN = 200;

    public Node {
        inputs = withoutTrailing(inputs);
        outputs = withoutTrailing(outputs);
        if (outputs.isEmpty()) {
            throw new GraphException("%s has no result: name one", operator.onnxName());
        }
        try {
            operator.schema().checkArity(inputs.size(), outputs.size());
        } catch (GraphException e) {
            throw new GraphException("The node of " + shown(outputs) + ": " + e.getMessage(), e);
        }
    }

    /**
     * Makes a node with one result.
     *
     * @param operator the operator
     * @param output the name of the result
     * @param inputs the names of the operands
     * @return the node
     */
    public static Node of(Operator operator, String output, String... inputs) {
        return new Node(operator, List.of(inputs), List.of(output));
    }

    private static List<String> withoutTrailing(List<String> names) {
        int size = names.size();
        while (size > 0 && names.get(size - 1).equals(ABSENT)) {
            --size;
        }
        return List.copyOf(names.subList(0, size));
    }

    /**
     * Returns the first result.
     *
     * @return its name
     */
    public String output() {
        return outputs.get(0);
    }

    /** The node as a line for people; of many operands and long names only a part. */
    @Override
    public String toString() {
        String attributes = shortened(operator.attributes().toString());
        return shown(outputs)
                + " = "
                + operator.onnxName()
                + "("
                + shown(inputs)
                + (attributes.isEmpty() ? "" : "; " + attributes)
                + ")";
    }

    private static String shown(List<String> names) {
        return names.stream()
                        .limit(MOST_SHOWN)
                        .map(name -> name.equals(ABSENT) ? "-" : shortened(name))
                        .collect(Collectors.joining(", "))
                + (names.size() > MOST_SHOWN ? ", ... " + names.size() + " in all" : "");
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    }
}
