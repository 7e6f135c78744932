package dev.bonsai.block;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.type.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * An operator with operands.
 *
 * @param operator the operator
 * @param operands its operands in order
 * @param results how many results are asked for
 */
record OperatorCase(Operator operator, List<Operand> operands, int results) {

    /** An operand. */
    sealed interface Operand {

        /** A weight of floats with values in a range. */
        record Real(double low, double high, int... shape) implements Operand {}

        /** A scalar of the type of the weights. */
        record Scalar(double value) implements Operand {}

        /** A constant of its own type. */
        record Fixed(EncodedWeight value) implements Operand {}

        /** One that is left out. */
        record Absent() implements Operand {}
    }

    static Operand real(int... shape) {
        return new Operand.Real(-1, 1, shape);
    }

    static Operand positive(int... shape) {
        return new Operand.Real(0.3, 2, shape);
    }

    static Operand fixed(EncodedWeight value) {
        return new Operand.Fixed(value);
    }

    static Operand integers(long... values) {
        return fixed(dev.bonsai.graph.type.Constants.integers(values));
    }

    static Operand booleans(int[] shape, int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; ++i) {
            bytes[i] = (byte) values[i];
        }
        return fixed(new ExactWeight(shape, ElementType.BOOLEAN, bytes));
    }

    static Operand absent() {
        return new Operand.Absent();
    }

    static OperatorCase of(Operator operator, Operand... operands) {
        return new OperatorCase(operator, List.of(operands), 1);
    }

    OperatorCase withResults(int count) {
        return new OperatorCase(operator, operands, count);
    }

    private static String name(int operand) {
        return "operand" + operand;
    }

    /** Returns the graph, in which the floats are weights of a type. */
    Graph graph(ElementType type) {
        List<Weight> weights = new ArrayList<>();
        Map<String, EncodedWeight> constants = new LinkedHashMap<>();
        List<String> inputs = new ArrayList<>();
        for (int i = 0; i < operands.size(); ++i) {
            Operand operand = operands.get(i);
            inputs.add(operand instanceof Operand.Absent ? Node.ABSENT : name(i));
            if (operand instanceof Operand.Real real) {
                weights.add(new Weight(name(i), type, Shape.of(real.shape())));
            } else if (operand instanceof Operand.Scalar scalar) {
                constants.put(name(i), encode(type, new int[0], scalar.value()));
            } else if (operand instanceof Operand.Fixed fixed) {
                constants.put(name(i), fixed.value());
            }
        }
        List<String> outputs = new ArrayList<>();
        for (int i = 0; i < results; ++i) {
            outputs.add("result" + i);
        }
        return new Graph(
                List.of(),
                weights,
                constants,
                List.of(new Node(operator, inputs, outputs)),
                outputs);
    }

    /** Returns values of the weights; no two of one weight are near one another. */
    Map<String, EncodedWeight> values(ElementType type) {
        Map<String, EncodedWeight> values = new LinkedHashMap<>();
        Random random = new Random(17);
        for (int i = 0; i < operands.size(); ++i) {
            if (operands.get(i) instanceof Operand.Real real) {
                int size = Arrays.stream(real.shape()).reduce(1, (a, b) -> a * b);
                double[] spread = new double[size];
                for (int k = 0; k < size; ++k) {
                    double part = (k + 0.25 + 0.5 * random.nextDouble()) / size;
                    spread[k] = real.low() + (real.high() - real.low()) * part;
                }
                for (int k = size - 1; k > 0; --k) {
                    int other = random.nextInt(k + 1);
                    double kept = spread[k];
                    spread[k] = spread[other];
                    spread[other] = kept;
                }
                values.put(name(i), encode(type, real.shape(), spread));
            }
        }
        return values;
    }

    private static EncodedWeight encode(ElementType type, int[] shape, double... values) {
        if (type == ElementType.FLOAT32) {
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; ++i) {
                floats[i] = (float) values[i];
            }
            return new DenseWeight(shape, floats);
        }
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(bytes::putDouble);
        return new ExactWeight(shape, type, bytes.array());
    }

    @Override
    public String toString() {
        return graph(ElementType.FLOAT32).toString().replace('\n', ';');
    }
}
