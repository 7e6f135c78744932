package dev.bonsai.pruning;

import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.TracedNetwork;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.thinning.ChannelGroup;
import dev.bonsai.thinning.ChannelGroups;
import dev.bonsai.thinning.CutAxis;
import dev.bonsai.thinning.Role;
import dev.bonsai.thinning.WeightSlice;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The groups of channels that a technique may take out: all matrices and kernels that are cut are
 * among its weights.
 *
 * @param network the network
 * @param targets the technique's weights by their paths
 * @param groups the groups
 */
record Channels(
        TracedNetwork network, Map<String, TargetWeight> targets, List<ChannelGroup> groups) {

    static Channels of(TracedNetwork network, Collection<TargetWeight> weights) {
        Map<String, TargetWeight> targets =
                weights.stream().collect(Collectors.toMap(TargetWeight::path, w -> w));
        Map<String, Integer> wide =
                network.graph().weights().stream()
                        .collect(Collectors.toMap(Graph.Weight::path, w -> wide(sizes(w))));
        ToIntFunction<WeightSlice> axes = s -> wide.getOrDefault(s.weight(), 0);
        List<ChannelGroup> groups =
                ChannelGroups.of(network.graph()).groups().stream()
                        .filter(
                                group ->
                                        group.units().get(0).slices().stream()
                                                .filter(s -> isWeight(s, axes.applyAsInt(s)))
                                                .allMatch(s -> targets.containsKey(s.weight())))
                        .toList();
        return new Channels(network, targets, groups);
    }

    /** Biases and the like are cut with what they belong to; what uses a channel has to be zero. */
    private static boolean isWeight(WeightSlice slice, int wide) {
        return slice.role() != Role.PRODUCES || wide > 1;
    }

    private static LongStream sizes(Graph.Weight weight) {
        return weight.shape().dims().stream().mapToLong(Dim::size);
    }

    private static LongStream sizes(TargetWeight weight) {
        return LongStream.of(weight.shape().getShape());
    }

    /** How many axes have more than one place: a bias may have the shape (1, n, 1, 1). */
    private static int wide(LongStream sizes) {
        return (int) sizes.filter(size -> size > 1).count();
    }

    /** Returns the number of units in all groups. */
    int units() {
        return groups.stream().mapToInt(ChannelGroup::size).sum();
    }

    /** Returns the slices of a group's unit that lie in the technique's weights. */
    List<WeightSlice> slices(ChannelGroup group, int unit) {
        return group.units().get(unit).slices().stream()
                .filter(slice -> targets.containsKey(slice.weight()))
                .toList();
    }

    /** Returns a value for each axis of a weight that any group cuts. */
    <T> Map<Place, T> perPlace(Function<Place, T> value) {
        Map<Place, T> values = new LinkedHashMap<>();
        for (ChannelGroup group : groups) {
            for (WeightSlice slice : slices(group, 0)) {
                values.computeIfAbsent(Place.of(slice), value);
            }
        }
        return values;
    }

    /** Tells whether all matrices and kernels among slices of targets lie in some places. */
    boolean haveAll(List<WeightSlice> slices, Set<Place> places) {
        return slices.stream()
                .filter(slice -> isWeight(slice, wide(sizes(targets.get(slice.weight())))))
                .allMatch(slice -> places.contains(Place.of(slice)));
    }

    CutAxis axis(Place place) {
        return CutAxis.of(Tensors.dimensions(targets.get(place.path()).shape()), place.axis());
    }

    /**
     * An axis of a weight.
     *
     * @param path the path of the weight
     * @param axis the axis, from the front
     */
    record Place(String path, int axis) {

        static Place of(WeightSlice slice) {
            return new Place(slice.weight(), slice.axis());
        }
    }
}
