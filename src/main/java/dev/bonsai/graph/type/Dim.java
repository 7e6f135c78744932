package dev.bonsai.graph.type;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One dimension of a shape: a number, or a number times free dimensions such as {@code 12*batch}.
 *
 * <p>A dimension that nothing is known of is {@link #UNKNOWN}; it equals itself, which does not say
 * that two unknown dimensions have the same size.
 *
 * @param factor the number
 * @param symbols the names of the free dimensions, in ascending order; a name may stand twice
 */
public record Dim(long factor, List<String> symbols) {

    private static final String NO_NAME = "?";

    /** The most free dimensions of a product; a longer one is unknown. */
    private static final int MOST_SYMBOLS = 16;

    private static final int LONGEST_NAME = 255;

    /** A dimension that nothing is known of. */
    public static final Dim UNKNOWN = new Dim(1, List.of(NO_NAME));

    public Dim {
        symbols = factor == 0 ? List.of() : symbols.stream().sorted().toList();
    }

    /**
     * Returns a dimension of a fixed size. Where numbers are computed from shapes, they may be
     * negative.
     *
     * @param size the size
     * @return the dimension
     */
    public static Dim of(long size) {
        return new Dim(size, List.of());
    }

    /**
     * Returns a dimension that may have any size.
     *
     * @param name the name; dimensions of one name have one size
     * @return the dimension
     */
    public static Dim free(String name) {
        if (name.isBlank() || name.equals(NO_NAME)) {
            throw new GraphException(
                    "A free dimension has a name, but got '%s': name it, say, batch", name);
        }
        if (name.length() > LONGEST_NAME) {
            throw new GraphException(
                    "The name of a free dimension has at most %s characters, but one has %s",
                    LONGEST_NAME, name.length());
        }
        return new Dim(1, List.of(name));
    }

    /**
     * Tells whether the size is a number.
     *
     * @return whether no free dimension is part of it
     */
    public boolean isFixed() {
        return symbols.isEmpty();
    }

    /**
     * Tells whether the size is a number or made of named free dimensions.
     *
     * @return false for {@link #UNKNOWN}
     */
    public boolean isKnown() {
        return !symbols.contains(NO_NAME);
    }

    /**
     * Returns the size of a fixed dimension.
     *
     * @return the size
     * @throws GraphException if the dimension is free
     */
    public long size() {
        if (!isFixed()) {
            throw new GraphException("The dimension %s has no fixed size", this);
        }
        return factor;
    }

    /**
     * Tells whether this is the number.
     *
     * @param size a size
     * @return whether the dimension is fixed and has that size
     */
    public boolean is(long size) {
        return isFixed() && factor == size;
    }

    /**
     * Tells whether two dimensions certainly have the same size.
     *
     * @param other another dimension
     * @return whether both are known and equal
     */
    public boolean same(Dim other) {
        return isKnown() && equals(other);
    }

    /**
     * Tells whether two dimensions certainly have different sizes.
     *
     * @param other another dimension
     * @return whether both are fixed and differ
     */
    public boolean differs(Dim other) {
        return isFixed() && other.isFixed() && factor != other.factor;
    }

    /**
     * Returns the sum where it is a number times free dimensions.
     *
     * @param other another dimension
     * @return the sum; unknown if it can't be said
     */
    public Dim plus(Dim other) {
        if (is(0) || other.is(0)) {
            return is(0) ? other : this;
        }
        return isKnown() && symbols.equals(other.symbols)
                ? new Dim(Math.addExact(factor, other.factor), symbols)
                : UNKNOWN;
    }

    /**
     * Returns the difference where it is a number times free dimensions.
     *
     * @param other another dimension
     * @return the difference; unknown if it can't be said
     */
    public Dim minus(Dim other) {
        return other.isKnown() ? plus(other.times(of(-1))) : UNKNOWN;
    }

    /**
     * Returns the product.
     *
     * @param other another dimension
     * @return the dimension of as many elements
     */
    public Dim times(Dim other) {
        if (is(0) || other.is(0)) {
            return of(0);
        }
        if (!isKnown() || !other.isKnown()) {
            return is(1) ? other : other.is(1) ? this : UNKNOWN;
        }
        if (symbols.size() + other.symbols.size() > MOST_SYMBOLS) {
            return UNKNOWN;
        }
        List<String> joined = new ArrayList<>(symbols);
        joined.addAll(other.symbols);
        return new Dim(Math.multiplyExact(factor, other.factor), joined);
    }

    /**
     * Returns the quotient where it is exact whatever the free dimensions are.
     *
     * @param other another dimension
     * @return the quotient, or empty if it is not known to be exact
     */
    public Optional<Dim> dividedBy(Dim other) {
        if (!isKnown() || !other.isKnown() || other.factor == 0 || factor % other.factor != 0) {
            return other.is(1) ? Optional.of(this) : Optional.empty();
        }
        if (factor == 0) {
            return Optional.of(this);
        }
        List<String> left = new ArrayList<>(symbols);
        for (String symbol : other.symbols) {
            if (!left.remove(symbol)) {
                return Optional.empty();
            }
        }
        return Optional.of(new Dim(factor / other.factor, left));
    }

    /**
     * Puts sizes in the place of names.
     *
     * @param sizes a size for some of the names
     * @return the dimension with the other names left
     */
    public Dim bind(Map<String, Long> sizes) {
        long product = factor;
        List<String> left = new ArrayList<>();
        for (String symbol : symbols) {
            Long size = sizes.get(symbol);
            if (size == null) {
                left.add(symbol);
            } else {
                product = Math.multiplyExact(product, size);
            }
        }
        return new Dim(product, left);
    }

    @Override
    public String toString() {
        if (symbols.isEmpty()) {
            return Long.toString(factor);
        }
        String names = String.join("*", symbols);
        return factor == 1 ? names : factor + "*" + names;
    }
}
