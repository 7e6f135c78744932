package dev.bonsai.examples;

import dev.bonsai.examples.data.DataSource;
import dev.bonsai.examples.network.Network;
import java.util.Locale;
import java.util.function.Supplier;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the values of options; what is wrong is one line that says what is allowed. */
final class Parsers {

    private Parsers() {}

    /** Has picocli show the message of what was thrown. */
    private static <T> T say(Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    static final class ToDataSource implements ITypeConverter<DataSource> {
        @Override
        public DataSource convert(String value) {
            return say(() -> DataSource.parse(value));
        }
    }

    static final class ToNetwork implements ITypeConverter<Network> {
        @Override
        public Network convert(String value) {
            return say(() -> Network.parse(value));
        }
    }

    static final class ToPreset implements ITypeConverter<Preset> {
        @Override
        public Preset convert(String value) {
            return say(() -> Preset.parse(value));
        }
    }

    /** Reads a whole number within bounds. */
    private abstract static class Whole implements ITypeConverter<Integer> {

        private final int low;
        private final int high;

        Whole(int low, int high) {
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

    static final class ToEpochs extends Whole {
        ToEpochs() {
            super(1, 10_000);
        }
    }

    static final class ToEpochsOrNone extends Whole {
        ToEpochsOrNone() {
            super(0, 10_000);
        }
    }

    static final class ToBits extends Whole {
        ToBits() {
            super(2, 16);
        }
    }

    static final class ToSeed extends Whole {
        ToSeed() {
            super(0, Integer.MAX_VALUE);
        }
    }

    static final class ToBytes extends Whole {
        ToBytes() {
            super(1, Integer.MAX_VALUE);
        }
    }

    static final class ToTrials extends Whole {
        ToTrials() {
            super(1, 1_000_000);
        }
    }

    static final class ToMinutes extends Whole {
        ToMinutes() {
            super(1, 100_000);
        }
    }

    static final class ToSparsity implements ITypeConverter<Float> {
        @Override
        public Float convert(String value) {
            return (float) number(value, 0, Math.nextDown(1f), "0 <= sparsity < 1");
        }
    }

    static final class ToDrop implements ITypeConverter<Float> {
        @Override
        public Float convert(String value) {
            return (float) number(value, 0, 1, "0 <= drop <= 1");
        }
    }

    static final class ToLambda implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            return number(value, 0, 1000, "0 <= lambda <= 1000");
        }
    }

    static final class ToStep implements ITypeConverter<Float> {
        @Override
        public Float convert(String value) {
            return (float) number(value, 0.01, 100, "0.01 <= step <= 100");
        }
    }

    static final class ToConfidence implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            return number(value, 0.5, Math.nextDown(1.0), "0.5 <= confidence < 1");
        }
    }

    private static double number(String value, double low, double high, String range) {
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
