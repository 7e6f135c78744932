package dev.bonsai.graph;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One operator with operands: inputs of the graph, some with free dimensions, or constants. */
public final class OperatorCase {

    private final Operator operator;
    private final List<Input> inputs = new ArrayList<>();
    private final Map<String, EncodedWeight> constants = new LinkedHashMap<>();
    private final List<String> operands = new ArrayList<>();
    private int results = 1;

    private OperatorCase(Operator operator) {
        this.operator = operator;
    }

    public static OperatorCase of(Operator operator) {
        return new OperatorCase(operator);
    }

    /** An operand of floats; a dimension is a number or the name of a free one. */
    OperatorCase in(Object... dims) {
        return in(ElementType.FLOAT32, dims);
    }

    OperatorCase in(ElementType type, Object... dims) {
        String name = "i" + operands.size();
        List<Dim> shape =
                Arrays.stream(dims)
                        .map(dim -> dim instanceof String s ? Dim.free(s) : Dim.of((Integer) dim))
                        .toList();
        inputs.add(new Input(name, type, new Shape(shape)));
        operands.add(name);
        return this;
    }

    OperatorCase numbers(long... numbers) {
        return constant(Constants.integers(numbers));
    }

    OperatorCase scalar(float value) {
        return constant(Constants.scalar(value));
    }

    /** A constant of seeded floats. */
    OperatorCase floats(int... shape) {
        Random random = new Random(Arrays.hashCode(shape));
        float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; ++i) {
            values[i] = random.nextFloat();
        }
        return constant(new DenseWeight(shape, values));
    }

    OperatorCase constant(EncodedWeight value) {
        String name = "c" + operands.size();
        constants.put(name, value);
        operands.add(name);
        return this;
    }

    OperatorCase absent() {
        operands.add(Node.ABSENT);
        return this;
    }

    OperatorCase results(int count) {
        results = count;
        return this;
    }

    public Operator operator() {
        return operator;
    }

    public Graph graph() {
        List<String> outputs = new ArrayList<>();
        for (int i = 0; i < results; ++i) {
            outputs.add("y" + i);
        }
        Node node = new Node(operator, operands, outputs);
        return new Graph(inputs, List.of(), constants, List.of(node), outputs);
    }

    @Override
    public String toString() {
        return operator.onnxName() + operands + " of " + inputs + " and " + constants.keySet();
    }
}
