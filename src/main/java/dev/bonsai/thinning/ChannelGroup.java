package dev.bonsai.thinning;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Units of one kind: they cut the same axes of the same weights in as many places. Any of them can
 * be removed as long as one is left.
 *
 * @param units the units in the order of their first places
 */
public record ChannelGroup(List<Unit> units) {

    public ChannelGroup {
        units = List.copyOf(units);
    }

    /**
     * Returns the number of units.
     *
     * @return at least 2
     */
    public int size() {
        return units.size();
    }

    /**
     * The size, and the axes that are cut, with the number of places per unit where it is not 1.
     */
    @Override
    public String toString() {
        return size()
                + " units: "
                + units.get(0).slices().stream()
                        .map(ChannelGroup::shown)
                        .collect(Collectors.joining(", "));
    }

    private static String shown(WeightSlice slice) {
        int count = slice.indices().size();
        String arrow =
                switch (slice.role()) {
                    case PRODUCES -> "";
                    case CONSUMES -> " in";
                    case BOTH -> " in and out";
                };
        return slice.weight()
                + "["
                + slice.axis()
                + (count == 1 ? "]" : " by " + count + "]")
                + arrow;
    }
}
