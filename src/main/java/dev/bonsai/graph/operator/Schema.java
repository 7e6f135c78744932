package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.GraphException;
import java.util.List;
import java.util.function.Function;

/**
 * What is common to all operators of one type.
 *
 * @param number the number of the type in a file; it never changes
 * @param name ONNX's name
 * @param operands how many operands there may be
 * @param results how many results there may be
 * @param attributes the attributes that there may be, in the order of a file
 * @param factory makes an operator with given attributes
 */
public record Schema(
        int number,
        String name,
        Arity operands,
        Arity results,
        List<Attribute> attributes,
        Function<Attributes, Operator> factory) {

    /** The most operands of an operator that takes any number. */
    private static final int MANY = 1 << 16;

    /**
     * A number of operands or results.
     *
     * @param least the least
     * @param most the most
     */
    public record Arity(int least, int most) {

        /**
         * Allows one number only.
         *
         * @param count the number
         * @return the arity
         */
        public static Arity of(int count) {
            return new Arity(count, count);
        }

        /**
         * Allows a number or more.
         *
         * @param least the least
         * @return the arity
         */
        public static Arity atLeast(int least) {
            return new Arity(least, MANY);
        }

        boolean allows(int count) {
            return count >= least && count <= most;
        }

        @Override
        public String toString() {
            return least == most
                    ? Integer.toString(least)
                    : most == MANY ? "at least " + least : least + " to " + most;
        }
    }

    /** What the value of an attribute is. */
    public enum Kind {
        /** An integer. */
        INT,
        /** A list of integers. */
        INTS,
        /** A 32-bit float. */
        FLOAT,
        /** A list of 32-bit floats. */
        FLOATS,
        /** A text. */
        STRING,
        /** A list of texts. */
        STRINGS
    }

    /**
     * An attribute that an operator may have.
     *
     * @param name ONNX's name
     * @param kind what its value is
     */
    public record Attribute(String name, Kind kind) {}

    public Schema {
        attributes = List.copyOf(attributes);
    }

    static Attribute integer(String name) {
        return new Attribute(name, Kind.INT);
    }

    static Attribute integers(String name) {
        return new Attribute(name, Kind.INTS);
    }

    static Attribute real(String name) {
        return new Attribute(name, Kind.FLOAT);
    }

    static Attribute text(String name) {
        return new Attribute(name, Kind.STRING);
    }

    /** A type without attributes and with one result. */
    static Schema plain(int number, String name, Arity operands, Operator only) {
        return new Schema(number, name, operands, Arity.of(1), List.of(), attributes -> only);
    }

    /**
     * Makes an operator.
     *
     * @param given its attributes, without those that have their default, or with them
     * @return the operator
     * @throws GraphException if it has no such attribute, or a value is out of its range
     */
    public Operator create(Attributes given) {
        for (String attribute : given.names()) {
            if (attributes.stream().noneMatch(known -> known.name().equals(attribute))) {
                throw new GraphException(
                        name
                                + " has no attribute '"
                                + attribute
                                + "'; it has "
                                + attributes.stream().map(Attribute::name).toList());
            }
        }
        try {
            return factory.apply(given);
        } catch (GraphException e) {
            throw new GraphException(name + ": " + e.getMessage(), e);
        }
    }

    /** Checks a node's numbers of operands and results. */
    public void checkArity(int operandCount, int resultCount) {
        if (!operands.allows(operandCount)) {
            throw new GraphException(
                    name + " takes " + operands + " operands, but got " + operandCount);
        }
        if (!results.allows(resultCount)) {
            throw new GraphException(
                    name + " has " + results + " results, but " + resultCount + " are named");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
