package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.GraphException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All operators that there are. */
public final class Operators {

    private static final List<Schema> SCHEMAS = schemas();

    private static final Map<String, Schema> BY_NAME =
            SCHEMAS.stream().collect(Collectors.toMap(Schema::name, Function.identity()));

    private static final Map<Integer, Schema> BY_NUMBER =
            SCHEMAS.stream().collect(Collectors.toMap(Schema::number, Function.identity()));

    private Operators() {}

    private static List<Schema> schemas() {
        List<Schema> schemas = new ArrayList<>();
        Stream.of(
                        Unary.values(),
                        Binary.values(),
                        Comparison.values(),
                        Variadic.values(),
                        GlobalPool.values(),
                        Plain.values())
                .flatMap(Arrays::<Operator>stream)
                .map(Operator::schema)
                .forEach(schemas::add);
        schemas.addAll(Reduce.schemas());
        schemas.addAll(Recurrence.schemas());
        schemas.addAll(ParametricActivation.schemas());
        schemas.addAll(Softmax.schemas());
        schemas.addAll(WindowPool.schemas());
        schemas.addAll(
                List.of(
                        Gelu.SCHEMA,
                        Conv.SCHEMA,
                        ConvTranspose.SCHEMA,
                        Gemm.SCHEMA,
                        BatchNormalization.SCHEMA,
                        LayerNormalization.SCHEMA,
                        Reshape.SCHEMA,
                        Flatten.SCHEMA,
                        Transpose.SCHEMA,
                        Concat.SCHEMA,
                        Split.SCHEMA,
                        Gather.SCHEMA,
                        Cast.SCHEMA,
                        ShapeOf.SCHEMA,
                        Pad.SCHEMA,
                        Resize.SCHEMA,
                        ConstantOfShape.SCHEMA,
                        ArgMax.SCHEMA));
        return List.copyOf(schemas);
    }

    /**
     * Returns the types of all operators.
     *
     * @return a schema per name of ONNX
     */
    public static List<Schema> all() {
        return SCHEMAS;
    }

    /**
     * Finds a type of operators.
     *
     * @param name ONNX's name
     * @return the schema, or empty if there is no such operator
     */
    public static Optional<Schema> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /**
     * Finds a type of operators.
     *
     * @param number the number in a file
     * @return the schema, or empty if there is no such operator
     */
    public static Optional<Schema> find(int number) {
        return Optional.ofNullable(BY_NUMBER.get(number));
    }

    /**
     * Makes an operator.
     *
     * @param name ONNX's name
     * @param attributes its attributes by ONNX's names
     * @return the operator
     * @throws GraphException if there is no such operator, or an attribute is wrong
     */
    public static Operator of(String name, Attributes attributes) {
        return find(name)
                .orElseThrow(
                        () ->
                                new GraphException(
                                        "There is no operator '%s'; there are %s",
                                        name, BY_NAME.keySet().stream().sorted().toList()))
                .create(attributes);
    }
}
