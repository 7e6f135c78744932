package dev.bonsai.thinning;

import java.util.List;
import java.util.Locale;

/**
 * Axes of weights that can't be cut.
 *
 * @param reason why
 * @param text what stands in the way: the operator and its node, or the input or output
 * @param axes the axes, each such as {@code 01Conv2d_weight[1]}
 */
public record Refusal(RefusalReason reason, String text, List<String> axes) {

    public Refusal {
        axes = List.copyOf(axes);
    }

    @Override
    public String toString() {
        return String.join(", ", axes)
                + ": "
                + reason.name().toLowerCase(Locale.ROOT)
                + ", "
                + text;
    }
}
