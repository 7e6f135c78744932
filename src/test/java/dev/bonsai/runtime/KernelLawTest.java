package dev.bonsai.runtime;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.ParameterStore;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Schema;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.runtime.OperatorCases.Case;
import dev.bonsai.runtime.arithmetic.Arithmetic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Each kernel computes what PyTorch does. */
public class KernelLawTest {

    private static final double PART = 1e-4; // of the largest number; the issue asks for this

    @Test
    void everyOperatorHasAKernel() {
        Set<String> without = new TreeSet<>();
        for (Schema schema : Operators.all()) {
            Attributes needed = Attributes.NONE;
            for (String name : List.of("to", "axis", "hidden_size")) {
                needed = has(schema, name) ? needed.with(name, 1) : needed;
            }
            if (has(schema, "kernel_shape")) {
                needed = needed.with("kernel_shape", List.of(2, 2));
            }
            if (!Kernels.knows(schema.create(needed))) {
                without.add(schema.name());
            }
        }
        assertEquals(without, Set.of());
    }

    private static boolean has(Schema schema, String attribute) {
        return schema.attributes().stream().anyMatch(known -> known.name().equals(attribute));
    }

    @DataProvider
    Iterator<Object[]> cases() {
        return OperatorCases.all().stream()
                .flatMap(test -> Arithmetic.all().stream().map(by -> new Object[] {test, by}))
                .iterator();
    }

    @Test(dataProvider = "cases")
    void kernelComputesWhatPyTorchDoes(Case test, Arithmetic arithmetic) {
        Map<String, EncodedWeight> constants = new LinkedHashMap<>();
        List<Input> inputs = new ArrayList<>();
        List<Tensor> given = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < test.operands().size(); ++i) {
            Tensor operand = test.operands().get(i);
            boolean constant = i > 0 && operand != null && isConstant(test.operator(), operand);
            names.add(operand == null ? Node.ABSENT : "v" + i);
            if (constant) {
                constants.put("v" + i, operand.encode());
            } else if (operand != null) {
                inputs.add(new Input("v" + i, operand.type(), Shape.of(operand.shape())));
                given.add(operand);
            }
        }
        List<String> outputs = Stream.of("a", "b", "c").limit(test.results()).toList();
        Node node = new Node(test.operator(), names, outputs);
        Graph graph = new Graph(inputs, List.of(), constants, List.of(node), outputs);
        List<Tensor> found =
                PlainModel.of(new GraphModel(graph, Map.of()), arithmetic)
                        .run(given.toArray(Tensor[]::new));
        compare(test, found, byPyTorch(graph, given));
    }

    /** Shapes and scales have to be known beforehand. */
    private static boolean isConstant(Operator operator, Tensor operand) {
        return operand.data() instanceof long[]
                || Set.of("Resize", "Clip").contains(operator.onnxName());
    }

    private static List<double[]> byPyTorch(Graph graph, List<Tensor> given) {
        try (NDManager manager = NDManager.newBaseManager()) {
            GraphBlock block = GraphBlock.of(new GraphModel(graph, Map.of()));
            NDList inputs = new NDList();
            for (Tensor tensor : given) {
                inputs.add(array(tensor, manager));
            }
            block.initialize(manager, DataType.FLOAT32, inputs.getShapes());
            NDList outputs = block.forward(new ParameterStore(manager, false), inputs, false);
            List<double[]> results = new ArrayList<>();
            for (NDArray output : outputs) {
                results.add(output.toType(DataType.FLOAT64, true).toDoubleArray());
            }
            return results;
        }
    }

    private static NDArray array(Tensor tensor, NDManager manager) {
        long[] shape = Shape.of(tensor.shape()).dims().stream().mapToLong(d -> d.size()).toArray();
        ai.djl.ndarray.types.Shape own = new ai.djl.ndarray.types.Shape(shape);
        return switch (tensor.type()) {
            case FLOAT32 -> manager.create(tensor.floats(), own);
            case BOOLEAN -> manager.create(tensor.longs(), own).toType(DataType.BOOLEAN, true);
            default -> manager.create(tensor.longs(), own);
        };
    }

    private static void compare(Case test, List<Tensor> found, List<double[]> expected) {
        assertEquals(found.size(), expected.size());
        for (int i = 0; i < expected.size(); ++i) {
            double[] numbers = expected.get(i);
            assertEquals(found.get(i).size(), numbers.length, test.toString());
            double largest = 1;
            for (double number : numbers) {
                largest = Math.max(largest, Math.abs(number));
            }
            for (int k = 0; k < numbers.length; ++k) {
                double difference = Math.abs(Types.real(found.get(i).data(), k) - numbers[k]);
                assertTrue(difference <= PART * largest, test + " at " + k + ": " + difference);
            }
        }
    }

    @Test
    void casesReachEveryFamilyOfKernels() {
        Set<String> names = new HashSet<>();
        OperatorCases.all().forEach(test -> names.add(test.operator().onnxName()));
        Set<String> missed = new TreeSet<>();
        Operators.all().forEach(schema -> missed.add(schema.name()));
        missed.removeAll(names);
        // judged by ONNX's own tests or by tests of their own
        missed.removeAll(
                Set.of(
                        "And",
                        "Or",
                        "Xor",
                        "Not",
                        "Equal",
                        "Cast",
                        "Shape",
                        "Range",
                        "Split",
                        "ConstantOfShape",
                        "Dropout"));
        assertEquals(missed, Set.of());
    }
}
