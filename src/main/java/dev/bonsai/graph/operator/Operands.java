package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;
import java.util.Optional;

/** What is known of the operands of a node; those that are left out are empty. */
public final class Operands {

    private final List<Optional<ValueInfo>> values;
    private final int results;

    /**
     * @param values what is known of each operand; empty where an optional one is left out
     * @param results how many results the node names
     */
    public Operands(List<Optional<ValueInfo>> values, int results) {
        this.values = List.copyOf(values);
        this.results = results;
    }

    int count() {
        return values.size();
    }

    int results() {
        return results;
    }

    boolean has(int i) {
        return i < values.size() && values.get(i).isPresent();
    }

    ValueInfo get(int i) {
        if (!has(i)) {
            throw new GraphException("Operand %s is needed, but is left out", i);
        }
        return values.get(i).get();
    }

    Optional<ValueInfo> optional(int i) {
        return has(i) ? values.get(i) : Optional.empty();
    }

    ElementType type(int i) {
        return get(i).type();
    }

    /** The shape of an operand; empty where its rank is not known. */
    Optional<Shape> shape(int i) {
        return get(i).shape();
    }

    /** The shape of an operand that needs a rank of at least some. */
    Optional<Shape> shape(int i, int leastRank) {
        Optional<Shape> shape = shape(i);
        if (shape.isPresent() && shape.get().rank() < leastRank) {
            throw new GraphException(
                    "Operand %s needs a rank of at least %s, but its shape is %s",
                    i, leastRank, shape.get());
        }
        return shape;
    }

    /** The numbers of an operand where they are known. */
    Optional<List<Dim>> numbers(int i) {
        return optional(i).flatMap(ValueInfo::numbers);
    }

    /** The numbers of an operand where all are known and fixed. */
    Optional<List<Long>> integers(int i) {
        return numbers(i)
                .filter(numbers -> numbers.stream().allMatch(Dim::isFixed))
                .map(numbers -> numbers.stream().map(Dim::size).toList());
    }

    /** The values of an operand that is a constant of floats. */
    Optional<float[]> floats(int i) {
        return optional(i)
                .flatMap(ValueInfo::constant)
                .filter(constant -> Constants.isFloat(Constants.type(constant)))
                .map(constant -> constant.decode());
    }

    /** The number of elements of an operand of rank 1, where it is known. */
    Optional<Integer> length(int i) {
        Optional<Shape> shape = optional(i).flatMap(ValueInfo::shape);
        if (shape.isPresent() && shape.get().rank() > 1) {
            throw new GraphException("Operand %s is a list, but its shape is %s", i, shape.get());
        }
        return shape.filter(Shape::isFixed).map(list -> (int) list.elements().size());
    }

    /** Checks that an operand, if it is there, has one element. */
    void scalar(int i) {
        Optional<Shape> shape = optional(i).flatMap(ValueInfo::shape);
        if (shape.isPresent() && shape.get().elements().differs(Dim.of(1))) {
            throw new GraphException("Operand %s is one number, but has %s", i, shape.get());
        }
    }

    /** Checks that some operands have one type. */
    ElementType commonType(int... which) {
        ElementType first = type(which[0]);
        for (int i : which) {
            if (has(i) && type(i) != first) {
                throw new GraphException(
                        "The operands need one type, but they are %s and %s: put a Cast before one",
                        first, type(i));
            }
        }
        return first;
    }

    /** Checks that an operand is of floats. */
    ElementType floatType(int i) {
        if (!Constants.isFloat(type(i))) {
            throw new GraphException("Operand %s has to be of floats, but is %s", i, get(i));
        }
        return type(i);
    }

    void need(int i, ElementType type) {
        if (type(i) != type) {
            throw new GraphException("Operand %s has to be of %s, but is %s", i, type, get(i));
        }
    }

    void needNumbers(int i) {
        if (type(i) == ElementType.BOOLEAN) {
            throw new GraphException("Operand %s has to be of numbers, but is %s", i, get(i));
        }
    }

    /** Checks that an operand is of 32- or 64-bit integers. */
    void needIndices(int i) {
        if (has(i) && type(i) != ElementType.INT64 && type(i) != ElementType.INT32) {
            throw new GraphException(
                    "Operand %s has to be of 32- or 64-bit integers, but is %s", i, get(i));
        }
    }

    /** Checks that an operand, if it is there, can be broadcast to another, which stays. */
    void checkOnto(int target, int i) {
        Optional<Shape> own = optional(i).flatMap(ValueInfo::shape);
        if (own.isPresent() && shape(target).isPresent()) {
            Broadcast.checkOnto(shape(target).get(), own.get());
        }
    }

    /** The shape that the numbers of an operand name; empty where not even its rank is known. */
    Optional<Shape> namedShape(int i) {
        needIndices(i);
        Optional<Shape> ofRank = length(i).map(Shape::unknown);
        return numbers(i).map(Shape::new).or(() -> ofRank);
    }

    /** One result of the type of the first operand. */
    List<ValueInfo> result(Optional<Shape> shape) {
        return List.of(ValueInfo.of(type(0), shape));
    }

    /** One result of the type of the first operand. */
    List<ValueInfo> result(Shape shape) {
        return List.of(ValueInfo.of(type(0), shape));
    }

    /** One result with the elements of the first operand, in their order. */
    List<ValueInfo> sameNumbers(Optional<Shape> shape) {
        return List.of(ValueInfo.of(type(0), shape, numbers(0)));
    }
}
