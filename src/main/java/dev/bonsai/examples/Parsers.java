package dev.bonsai.examples;

import dev.bonsai.command.Options;
import dev.bonsai.examples.data.DataSource;
import dev.bonsai.examples.network.Network;
import java.util.function.Supplier;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the values of the examples' own options; what is wrong is one line. */
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

    static final class ToMethod implements ITypeConverter<MethodChoice> {
        @Override
        public MethodChoice convert(String value) {
            return say(() -> MethodChoice.parse(value));
        }
    }

    static final class ToEpochsOrNone extends Options.Whole {
        ToEpochsOrNone() {
            super(0, 10_000);
        }
    }

    static final class ToMinutes extends Options.Whole {
        ToMinutes() {
            super(1, 100_000);
        }
    }

    static final class ToLambda implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            return Options.number(value, 0, 1000, "0 <= lambda <= 1000");
        }
    }

    static final class ToStep implements ITypeConverter<Float> {
        @Override
        public Float convert(String value) {
            return (float) Options.number(value, 0.01, 100, "0.01 <= step <= 100");
        }
    }

    static final class ToConfidence implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            return Options.number(value, 0.5, Math.nextDown(1.0), "0.5 <= confidence < 1");
        }
    }
}
