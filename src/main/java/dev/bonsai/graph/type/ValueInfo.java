package dev.bonsai.graph.type;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a value before it is computed.
 *
 * @param type the type of its elements
 * @param shape its shape, or empty if not even the rank is known
 * @param numbers for integers and booleans of rank 0 or 1 that follow from constants and shapes:
 *     the numbers, which may contain free dimensions; 1 for true and 0 for false
 * @param constant the value itself, if it is a constant
 */
public record ValueInfo(
        ElementType type,
        Optional<Shape> shape,
        Optional<List<Dim>> numbers,
        Optional<EncodedWeight> constant) {

    /** The most numbers that are followed; longer values are data and not shapes. */
    private static final int MOST_NUMBERS = 64;

    public ValueInfo {
        numbers = numbers.filter(list -> list.size() <= MOST_NUMBERS).map(List::copyOf);
    }

    /**
     * A value of which the type and the shape are known.
     *
     * @param type the type of its elements
     * @param shape its shape
     * @return what is known
     */
    public static ValueInfo of(ElementType type, Shape shape) {
        return new ValueInfo(type, Optional.of(shape), Optional.empty(), Optional.empty());
    }

    /**
     * A value of which the type is known, and perhaps the shape.
     *
     * @param type the type of its elements
     * @param shape its shape, or empty if not even the rank is known
     * @return what is known
     */
    public static ValueInfo of(ElementType type, Optional<Shape> shape) {
        return new ValueInfo(type, shape, Optional.empty(), Optional.empty());
    }

    /**
     * A value of which the type is known, and perhaps the shape and the numbers.
     *
     * @param type the type of its elements
     * @param shape its shape, or empty if not even the rank is known
     * @param numbers its numbers; left out where its rank is not known, or more than 1
     * @return what is known
     */
    public static ValueInfo of(
            ElementType type, Optional<Shape> shape, Optional<List<Dim>> numbers) {
        boolean list = shape.isPresent() && shape.get().rank() <= 1;
        return new ValueInfo(type, shape, list ? numbers : Optional.empty(), Optional.empty());
    }

    /**
     * Integers or booleans of which the numbers are known.
     *
     * @param type the type of the elements
     * @param shape the shape, of rank 0 or 1
     * @param numbers the numbers
     * @return what is known
     */
    public static ValueInfo numbers(ElementType type, Shape shape, List<Dim> numbers) {
        return new ValueInfo(type, Optional.of(shape), Optional.of(numbers), Optional.empty());
    }

    /**
     * A constant.
     *
     * @param value the value
     * @return what is known
     */
    public static ValueInfo constant(EncodedWeight value) {
        ElementType type = Constants.type(value);
        Optional<List<Dim>> numbers =
                !Constants.isFloat(type)
                                && value.shape().length <= 1
                                && value.size() <= MOST_NUMBERS
                        ? Optional.of(Constants.integers(value).stream().map(Dim::of).toList())
                        : Optional.empty();
        return new ValueInfo(
                type, Optional.of(Shape.of(value.shape())), numbers, Optional.of(value));
    }

    @Override
    public String toString() {
        return type.name().toLowerCase(java.util.Locale.ROOT)
                + shape.map(Shape::toString).orElse("(of unknown rank)");
    }
}
