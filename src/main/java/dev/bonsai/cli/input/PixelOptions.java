package dev.bonsai.cli.input;

import dev.bonsai.command.InputException;
import dev.bonsai.command.Options;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The options that say what a model sees of a pixel: {@code (pixel / scale - mean) / std}. */
public final class PixelOptions {

    /** A photograph of more pixels is refused before it is read. */
    static final long MOST_PIXELS = 1L << 26;

    @Option(
            names = "--scale",
            paramLabel = "X",
            defaultValue = "255",
            converter = ToPositive.class,
            description =
                    "A pixel from 0 to 255 is divided by this first (default: ${DEFAULT-VALUE}).")
    private double scale;

    @Option(
            names = "--mean",
            paramLabel = "X",
            split = ",",
            defaultValue = "0",
            converter = ToNumber.class,
            description =
                    "Then this is taken away: one number, or one per channel with commas (default:"
                            + " ${DEFAULT-VALUE}).")
    private List<Double> means;

    @Option(
            names = "--std",
            paramLabel = "X",
            split = ",",
            defaultValue = "1",
            converter = ToPositive.class,
            description =
                    "Then it is divided by this: one number, or one per channel (default:"
                            + " ${DEFAULT-VALUE}).")
    private List<Double> deviations;

    static final class ToPositive implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            return Options.number(value, 1e-30, 1e30, "1e-30 <= x <= 1e30");
        }
    }

    static final class ToNumber implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            return Options.number(value, -1e30, 1e30, "-1e30 <= x <= 1e30");
        }
    }

    /** Returns what the model sees of each pixel of a channel, from 0 to 255. */
    float[] seen(int channel, int channels) {
        double mean = of("--mean", means, channel, channels);
        double deviation = of("--std", deviations, channel, channels);
        float[] seen = new float[256];
        for (int pixel = 0; pixel < seen.length; ++pixel) {
            seen[pixel] = (float) ((pixel / scale - mean) / deviation);
        }
        return seen;
    }

    private static double of(String option, List<Double> values, int channel, int channels) {
        if (values.size() != 1 && values.size() != channels) {
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "%s: expected one number, or one for each of %d channels, but got %s",
                            option,
                            channels,
                            values));
        }
        return values.get(values.size() == 1 ? 0 : channel);
    }
}
