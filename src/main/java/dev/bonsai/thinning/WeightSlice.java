package dev.bonsai.thinning;

import java.util.List;

/**
 * The part of a weight that goes with a unit.
 *
 * @param weight the path of the weight, or the name of a constant of floats
 * @param axis the axis that is cut, from the front
 * @param role what the part is to the unit
 * @param indices the places along the axis, in ascending order
 */
public record WeightSlice(String weight, int axis, Role role, List<Integer> indices) {

    public WeightSlice {
        indices = List.copyOf(indices);
    }

    @Override
    public String toString() {
        return weight
                + " axis "
                + axis
                + " "
                + role.name().toLowerCase(java.util.Locale.ROOT)
                + " "
                + Texts.indices(indices);
    }
}
