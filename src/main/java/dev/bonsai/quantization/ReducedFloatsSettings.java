package dev.bonsai.quantization;

import static java.util.Objects.requireNonNullElseGet;

import dev.bonsai.core.TechniqueSettings;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.encoding.FloatFormat;
import org.jspecify.annotations.NullUnmarked;

/**
 * The settings of {@link ReducedFloats}.
 *
 * @param selector which weights are rounded
 * @param format the format of the floats, of 16 bits; required
 */
public record ReducedFloatsSettings(WeightSelector selector, FloatFormat format)
        implements TechniqueSettings {

    /**
     * Fills in the default and checks the settings.
     *
     * @throws IllegalArgumentException if there is no format, or it is that of 32-bit floats
     */
    @NullUnmarked // what is given as null takes its default
    public ReducedFloatsSettings {
        selector = requireNonNullElseGet(selector, WeightSelector::all);
        if (format == null) {
            throw new IllegalArgumentException(
                    "ReducedFloats needs a format, but got none: call"
                            + " setFormat(FloatFormat.BFLOAT16)");
        }
        check(format);
    }

    static FloatFormat check(FloatFormat format) {
        if (format == FloatFormat.FLOAT32) {
            throw new IllegalArgumentException(
                    "Weights are 32-bit floats already, but got FLOAT32: use"
                            + " FloatFormat.BFLOAT16 or FLOAT16");
        }
        return format;
    }

    @Override
    public ReducedFloats build() {
        return new ReducedFloats(this);
    }
}
