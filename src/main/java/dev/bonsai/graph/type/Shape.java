package dev.bonsai.graph.type;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A shape of known rank whose dimensions may be free.
 *
 * @param dims the dimensions, outermost first; none for a scalar
 */
public record Shape(List<Dim> dims) {

    /** The most dimensions of a shape, so that a graph can't ask for all memory. */
    public static final int MOST_DIMS = 64;

    /** The shape of a scalar. */
    public static final Shape SCALAR = new Shape(List.of());

    public Shape {
        if (dims.size() > MOST_DIMS) {
            throw new GraphException(
                    "A shape has at most %s dimensions, but got %s", MOST_DIMS, dims.size());
        }
        dims = List.copyOf(dims);
        for (Dim dim : dims) {
            if (dim.factor() < 0) {
                throw new GraphException(
                        "A shape has no negative dimensions, but one is %s in %s", dim, dims);
            }
        }
    }

    /**
     * Returns a shape without free dimensions.
     *
     * @param sizes the sizes, outermost first
     * @return the shape
     */
    public static Shape of(long... sizes) {
        return new Shape(LongStream.of(sizes).mapToObj(Dim::of).toList());
    }

    /**
     * Returns a shape.
     *
     * @param dims the dimensions, outermost first
     * @return the shape
     */
    public static Shape of(Dim... dims) {
        return new Shape(List.of(dims));
    }

    /**
     * Returns a shape without free dimensions.
     *
     * @param sizes the sizes, outermost first
     * @return the shape
     */
    public static Shape of(int[] sizes) {
        return of(Arrays.stream(sizes).asLongStream().toArray());
    }

    /**
     * Returns a shape of which only the rank is known.
     *
     * @param rank the number of dimensions
     * @return the shape
     */
    public static Shape unknown(int rank) {
        return new Shape(Collections.nCopies(rank, Dim.UNKNOWN));
    }

    /**
     * Returns this shape with another dimension in the place of one.
     *
     * @param axis the axis, counted from the end if it is negative
     * @param dim the dimension
     * @return the shape
     */
    public Shape with(int axis, Dim dim) {
        List<Dim> changed = new ArrayList<>(dims);
        changed.set(axis(axis), dim);
        return new Shape(changed);
    }

    /**
     * Returns the number of dimensions.
     *
     * @return 0 for a scalar
     */
    public int rank() {
        return dims.size();
    }

    /**
     * Returns a dimension.
     *
     * @param axis the axis, counted from the end if it is negative
     * @return the dimension
     * @throws GraphException if there is no such axis
     */
    public Dim get(int axis) {
        return dims.get(axis(axis));
    }

    /**
     * Returns an axis counted from the front.
     *
     * @param axis an axis, counted from the end if it is negative
     * @return the axis, from 0 to rank - 1
     * @throws GraphException if there is no such axis
     */
    public int axis(long axis) {
        long front = axis < 0 ? axis + rank() : axis;
        if (front < 0 || front >= rank()) {
            throw new GraphException(
                    "A value of shape %s has no axis %s: it has rank %s", this, axis, rank());
        }
        return (int) front;
    }

    /**
     * Returns the number of elements.
     *
     * @return the product of the dimensions
     */
    public Dim elements() {
        return product(0, rank());
    }

    /**
     * Returns the product of some dimensions.
     *
     * @param from the first axis
     * @param to the axis behind the last
     * @return the product; 1 for none
     */
    public Dim product(int from, int to) {
        return dims.subList(from, to).stream().reduce(Dim.of(1), Dim::times);
    }

    /**
     * Tells whether every dimension is a number.
     *
     * @return whether there is no free dimension
     */
    public boolean isFixed() {
        return dims.stream().allMatch(Dim::isFixed);
    }

    /**
     * Returns the sizes of a fixed shape.
     *
     * @return a new array
     * @throws GraphException if a dimension is free
     */
    public int[] sizes() {
        return dims.stream().mapToInt(dim -> Math.toIntExact(dim.size())).toArray();
    }

    /**
     * Puts sizes in the place of the names of free dimensions.
     *
     * @param sizes a size for some of the names
     * @return the shape with the other names left
     */
    public Shape bind(Map<String, Long> sizes) {
        return new Shape(dims.stream().map(dim -> dim.bind(sizes)).toList());
    }

    @Override
    public String toString() {
        return dims.stream().map(Dim::toString).collect(Collectors.joining(", ", "(", ")"));
    }
}
