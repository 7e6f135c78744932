package dev.bonsai.thinning;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What is removed at once: a channel, a hidden unit, an attention head.
 *
 * @param slices what goes with it, in the order of the weights
 */
public record Unit(List<WeightSlice> slices) {

    public Unit {
        slices = List.copyOf(slices);
    }

    @Override
    public String toString() {
        return slices.stream().map(WeightSlice::toString).collect(Collectors.joining("; "));
    }
}
