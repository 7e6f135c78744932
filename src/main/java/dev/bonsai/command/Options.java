package dev.bonsai.command;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the numbers of options; what is wrong is one line that says what is allowed. */
public final class Options {

    private Options() {}

    /** Reads a whole number within bounds. */
    public abstract static class Whole implements ITypeConverter<Integer> {

        private final int low;
        private final int high;

        /**
         * Makes a reader.
         *
         * @param low the least number
         * @param high the greatest number
         */
        protected Whole(int low, int high) {
            this.low = low;
            this.high = high;
        }

        @Override
        public Integer convert(String value) {
            try {
                int number = Integer.parseInt(value);
                if (number >= low && number <= high) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw new TypeConversionException(
                    String.format(
                            Locale.ROOT,
                            "'%s' is not a whole number from %d to %d",
                            value,
                            low,
                            high));
        }
    }

    /** Reads the epochs of a training. */
    public static final class ToEpochs extends Whole {
        /** From 1. */
        public ToEpochs() {
            super(1, 10_000);
        }
    }

    /** Reads the bits of a weight. */
    public static final class ToBits extends Whole {
        /** From 2 to 16. */
        public ToBits() {
            super(2, 16);
        }
    }

    /** Reads a seed. */
    public static final class ToSeed extends Whole {
        /** From 0. */
        public ToSeed() {
            super(0, Integer.MAX_VALUE);
        }
    }

    /** Reads how many of something there are. */
    public static final class ToCount extends Whole {
        /** From 1. */
        public ToCount() {
            super(1, Integer.MAX_VALUE);
        }
    }

    /** Reads a sparsity. */
    public static final class ToSparsity implements ITypeConverter<Float> {
        @Override
        public Float convert(String value) {
            return (float) number(value, 0, Math.nextDown(1f), "0 <= sparsity < 1");
        }
    }

    /** Reads what something may cost. */
    public static final class ToDrop implements ITypeConverter<Float> {
        @Override
        public Float convert(String value) {
            return (float) number(value, 0, 1, "0 <= drop <= 1");
        }
    }

    /**
     * Reads a number within bounds.
     *
     * @param value what the user has written
     * @param low the least number
     * @param high the greatest number
     * @param range the bounds, for the message
     * @return the number
     * @throws TypeConversionException if it is none
     */
    public static double number(String value, double low, double high, String range) {
        try {
            double number = Double.parseDouble(value);
            if (number >= low && number <= high) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new TypeConversionException(
                String.format(Locale.ROOT, "'%s' is not a number with %s", value, range));
    }
}
