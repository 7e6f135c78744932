package dev.bonsai.json;

import dev.bonsai.core.Bounds;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A number that is out of the {@link Bounds} of its component: what a record has refused.
 *
 * @param component the name of the component
 * @param item the number of the item of its list; empty if it is no list
 */
record OutOfBounds(String component, OptionalInt item) {

    /** Returns the first of the arguments of a record's constructor that is out of its bounds. */
    static Optional<OutOfBounds> find(RecordComponent[] components, Object... arguments) {
        for (int i = 0; i < components.length; ++i) {
            Bounds bounds = components[i].getAnnotation(Bounds.class);
            List<?> values = values(arguments[i]);
            for (int k = 0; bounds != null && k < values.size(); ++k) {
                if (values.get(k) instanceof Number number
                        && !isIn(bounds, Double.parseDouble(number.toString()))) {
                    boolean list = arguments[i] instanceof List;
                    return Optional.of(
                            new OutOfBounds(
                                    components[i].getName(),
                                    list ? OptionalInt.of(k) : OptionalInt.empty()));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isIn(Bounds bounds, double value) {
        return value >= bounds.atLeast()
                && value <= bounds.atMost()
                && (value > bounds.above() || bounds.above() == Double.NEGATIVE_INFINITY)
                && (value < bounds.below() || bounds.below() == Double.POSITIVE_INFINITY);
    }

    private static List<?> values(Object argument) {
        if (argument instanceof List<?> list) {
            return list;
        }
        if (argument instanceof OptionalInt number) {
            return number.stream().boxed().toList();
        }
        if (argument instanceof OptionalLong number) {
            return number.stream().boxed().toList();
        }
        if (argument instanceof OptionalDouble number) {
            return number.stream().boxed().toList();
        }
        if (argument instanceof Optional<?> optional) {
            return optional.stream().toList();
        }
        return argument == null ? List.of() : List.of(argument);
    }

    /** Returns what the record has said, as a flaw of the number. */
    Flaw told(String message) {
        Flaw flaw = Flaw.of(message);
        return (item.isPresent() ? flaw.in(item.getAsInt()) : flaw).in(component);
    }
}
