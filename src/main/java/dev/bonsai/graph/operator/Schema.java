package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.GraphException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is common to all operators of one type.
 *
 * @param number the number of the type in a file; it never changes
 * @param name ONNX's name
 * @param operands how many operands there may be
 * @param results how many results there may be
 * @param attributes the attributes that there may be, in the order of a file
 * @param factory makes an operator of all of its attributes
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
        INT(Long.class, false),
        /** A list of integers. */
        INTS(Long.class, true),
        /** A 32-bit float. */
        FLOAT(Float.class, false),
        /** A list of 32-bit floats. */
        FLOATS(Float.class, true),
        /** A text. */
        STRING(String.class, false),
        /** A list of texts. */
        STRINGS(String.class, true);

        private final Class<?> type;
        private final boolean list;

        Kind(Class<?> type, boolean list) {
            this.type = type;
            this.list = list;
        }
    }

    /**
     * An attribute that an operator may have.
     *
     * @param name ONNX's name
     * @param kind what its value is
     * @param standard the value where none is given, as the operator holds it; null if one has to
     *     be given
     * @param choices the values that there may be, as the operator holds them; none for any
     */
    public record Attribute(String name, Kind kind, @Nullable Object standard, List<?> choices) {

        /** The value as the operator holds it: a flag, a choice or a number of 32 bits. */
        private Object read(Object given) {
            if (given == null && standard == null) {
                throw new GraphException("%s is needed", name);
            }
            if (given == null) {
                return standard;
            }
            if (kind.list != given instanceof List) {
                throw foreign(given);
            }
            Object value =
                    given instanceof List<?> list
                            ? list.stream().map(this::single).toList()
                            : single(given);
            for (Object choice : choices) {
                if (Attributes.wide(choice).equals(given)) {
                    return choice;
                }
            }
            if (!choices.isEmpty()) {
                throw new GraphException(
                        "%s is one of %s, but got %s", name, Attributes.wide(choices), given);
            }
            return value;
        }

        private Object single(Object value) {
            if (!kind.type.isInstance(value)) {
                throw foreign(value);
            }
            if (value instanceof Long number) {
                if (number != number.intValue()) {
                    throw new GraphException("%s is a number of 32 bits, but got %s", name, number);
                }
                return number.intValue();
            }
            return value;
        }

        private GraphException foreign(Object value) {
            return new GraphException(
                    "%s is of the kind %s, but got the value %s", name, kind, value);
        }
    }

    public Schema {
        attributes = List.copyOf(attributes);
    }

    /** An integer that has to be given. */
    static Attribute integer(String name) {
        return new Attribute(name, Kind.INT, null, List.of());
    }

    static Attribute integer(String name, int standard) {
        return new Attribute(name, Kind.INT, standard, List.of());
    }

    /** An integer that can only have its default. */
    static Attribute only(String name, int standard) {
        return new Attribute(name, Kind.INT, standard, List.of(standard));
    }

    /** 0 or 1. */
    static Attribute flag(String name, boolean standard) {
        return new Attribute(name, Kind.INT, standard, List.of(false, true));
    }

    /** A list of integers, which is empty where none is given. */
    static Attribute integers(String name) {
        return new Attribute(name, Kind.INTS, List.of(), List.of());
    }

    static Attribute real(String name, float standard) {
        return new Attribute(name, Kind.FLOAT, standard, List.of());
    }

    /** A text that names a constant of an enum. */
    static Attribute choice(String name, Enum<?> standard) {
        return new Attribute(
                name,
                Kind.STRING,
                standard,
                List.of(standard.getDeclaringClass().getEnumConstants()));
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
        List<String> known = attributes.stream().map(Attribute::name).toList();
        for (String attribute : given.names()) {
            if (!known.contains(attribute)) {
                throw new GraphException(
                        "%s has no attribute '%s'; it has %s", name, attribute, known);
            }
        }
        Map<String, Object> values = new TreeMap<>();
        try {
            for (Attribute attribute : attributes) {
                Object value = given.get(attribute.name()).orElse(null);
                values.put(attribute.name(), attribute.read(value));
            }
            return factory.apply(new Attributes(values));
        } catch (GraphException e) {
            throw new GraphException(name + ": " + e.getMessage(), e);
        }
    }

    /** The attributes, in their order, whose values are not the default. */
    Attributes given(List<?> values) {
        Map<String, Object> given = new TreeMap<>();
        for (int i = 0; i < Math.min(values.size(), attributes.size()); ++i) {
            if (!values.get(i).equals(attributes.get(i).standard())) {
                given.put(attributes.get(i).name(), values.get(i));
            }
        }
        return Attributes.of(given);
    }

    /** Checks a node's numbers of operands and results. */
    public void checkArity(int operandCount, int resultCount) {
        if (!operands.allows(operandCount)) {
            throw new GraphException(
                    "%s takes %s operands, but got %s", name, operands, operandCount);
        }
        if (!results.allows(resultCount)) {
            throw new GraphException(
                    "%s has %s results, but %s are named", name, results, resultCount);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
