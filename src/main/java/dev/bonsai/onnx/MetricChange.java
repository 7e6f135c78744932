package dev.bonsai.onnx;

import java.util.Locale;

/**
 * A metric of a model and of the file that was written of it.
 *
 * @param name what it is called
 * @param ofModel that of the model in 32-bit floats
 * @param ofFile that of the file, in ONNX Runtime
 */
public record MetricChange(String name, double ofModel, double ofFile) {

    /** Checks that both are numbers. */
    public MetricChange {
        if (Double.isNaN(ofModel) || Double.isNaN(ofFile)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A metric is a number, but '%s' is %s of the model and %s of the file:"
                                    + " mend the function that measures it",
                            name,
                            ofModel,
                            ofFile));
        }
    }

    /**
     * Returns by how much the file is worse.
     *
     * @return the metric of the model less that of the file; negative where the file is better
     */
    public double loss() {
        return ofModel - ofFile;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s %.4f, before %.4f", name, ofFile, ofModel);
    }
}
