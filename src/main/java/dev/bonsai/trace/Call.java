package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.type.Constants;
import java.util.Arrays;
import java.util.List;

/** One operator of DJL on its way into a graph: its operands by the names that they have there. */
final class Call {

    private final dev.bonsai.trace.Operator operator;
    private final Draft draft;
    private final Known known;

    /** What is known of the arrays of a pass. */
    interface Known {

        /** Returns the name of an array in the graph. */
        String name(NDArray array);

        /** Tells whether an array is computed from no input and no parameter. */
        boolean isConstant(NDArray array);
    }

    Call(dev.bonsai.trace.Operator operator, Draft draft, Known known) {
        this.operator = operator;
        this.draft = draft;
        this.known = known;
    }

    String name() {
        return operator.name();
    }

    NDArray receiver() {
        return operator.receiver();
    }

    /** Returns the name of the array that the method was called on. */
    String self() {
        return known.name(operator.receiver());
    }

    Shape shape() {
        return operator.receiver().getShape();
    }

    int rank() {
        return shape().dimension();
    }

    /** Returns an axis counted from the front. */
    int axis(long axis) {
        return (int) (axis < 0 ? axis + rank() : axis);
    }

    DataType type() {
        return operator.receiver().getDataType();
    }

    int count() {
        return operator.arguments().size();
    }

    Object argument(int i) {
        return operator.arguments().get(i);
    }

    <T> T argument(int i, Class<T> type) {
        return type.cast(argument(i));
    }

    boolean has(int i) {
        return i < count() && argument(i) != null;
    }

    int integer(int i) {
        return argument(i, Number.class).intValue();
    }

    double real(int i) {
        return argument(i, Number.class).doubleValue();
    }

    boolean flag(int i) {
        return argument(i, Boolean.class);
    }

    NDArray array(int i) {
        return argument(i, NDArray.class);
    }

    NDList list(int i) {
        return argument(i, NDList.class);
    }

    /** Returns the sizes in a shape. */
    List<Integer> sizes(int i) {
        return Arrays.stream(argument(i, Shape.class).getShape())
                .mapToObj(Math::toIntExact)
                .toList();
    }

    /** Returns the results as arrays. */
    List<NDArray> results() {
        return arrays(operator.result());
    }

    NDArray result() {
        return results().get(0);
    }

    static List<NDArray> arrays(Object value) {
        if (value instanceof NDArray array) {
            return List.of(array);
        }
        return value instanceof NDList list ? List.copyOf(list) : List.of((NDArray[]) value);
    }

    /** Returns the name of an array in the graph. */
    String of(NDArray array) {
        return known.name(array);
    }

    /** Returns the name of an argument, or of no operand where it is null. */
    String operand(int i) {
        return has(i) ? known.name(array(i)) : "";
    }

    /** Tells whether an array is a constant of zeros. */
    boolean isZero(NDArray array) {
        if (!known.isConstant(array)) {
            return false;
        }
        EncodedWeight value = Values.of(array);
        return value.zeros() == value.size();
    }

    String node(Operator node, String... operands) {
        return draft.node(node, operands);
    }

    List<String> nodes(Operator node, int results, String... operands) {
        return draft.nodes(node, results, operands);
    }

    String node(Operator node, List<String> operands) {
        return draft.node(node, operands.toArray(String[]::new));
    }

    String constant(EncodedWeight value) {
        return draft.constant(value);
    }

    String integers(long... numbers) {
        return draft.constant(Constants.integers(numbers));
    }

    String integers(List<Integer> numbers) {
        return integers(numbers.stream().mapToLong(Integer::longValue).toArray());
    }

    String scalar(double value, DataType type) {
        return draft.constant(Values.scalar(value, Values.type(type)));
    }

    /** Returns a value in another type. */
    String cast(String value, DataType from, DataType to) {
        return from == to ? value : node(new Cast(Values.type(to)), value);
    }

    /** Returns an array in a type. */
    String as(NDArray array, DataType type) {
        return cast(of(array), array.getDataType(), type);
    }

    /** Returns indices as 64-bit integers. */
    String indices(NDArray array) {
        ElementType type = Values.type(array.getDataType());
        boolean fit = type == ElementType.INT64 || type == ElementType.INT32;
        return fit ? of(array) : as(array, DataType.INT64);
    }
}
