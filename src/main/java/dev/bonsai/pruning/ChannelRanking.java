package dev.bonsai.pruning;

import dev.bonsai.core.Proposal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.pruning.Channels.Place;
import dev.bonsai.thinning.ChannelGroup;
import dev.bonsai.thinning.Cost;
import dev.bonsai.thinning.CutAxis;
import dev.bonsai.thinning.Role;
import dev.bonsai.thinning.WeightSlice;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * In which order channels are taken out of a network: first those that are gone, then the least
 * important. Of equally important ones the lower number, and the earlier group, is kept.
 *
 * @param channels what can be taken out
 * @param order the units, the first first
 * @param gone how many of them are out already
 */
record ChannelRanking(Channels channels, List<Candidate> order, int gone) {

    /**
     * A unit that can go.
     *
     * @param group the number of the group
     * @param unit the number of the unit in it
     * @param key what it is ranked by; minus infinity if it is gone
     */
    record Candidate(int group, int unit, double key) {}

    private static final Comparator<Candidate> FIRST =
            Comparator.comparingDouble(Candidate::key)
                    .thenComparing(Comparator.comparingInt(Candidate::group).reversed())
                    .thenComparing(Comparator.comparingInt(Candidate::unit).reversed());

    /**
     * Ranks. A unit with a matrix or kernel that a signal is not known of, as of a frozen one, is
     * not ranked, and stays as it is: whole, or gone if it was frozen since.
     */
    static ChannelRanking of(Channels channels, ThinningSettings settings, Proposal proposal) {
        Map<Place, BitSet> used = used(channels, proposal);
        Map<Place, double[]> importance = importance(channels, settings.criterion(), proposal);
        List<Candidate> order = new ArrayList<>();
        int gone = 0;
        for (int g = 0; g < channels.groups().size(); ++g) {
            ChannelGroup group = channels.groups().get(g);
            List<Candidate> own = new ArrayList<>();
            for (int u = 0; u < group.size(); ++u) {
                List<WeightSlice> slices = channels.slices(group, u);
                if (isGone(slices, used)) {
                    ++gone;
                    own.add(new Candidate(g, u, Double.NEGATIVE_INFINITY));
                } else if (channels.haveAll(slices, importance.keySet())) {
                    // minus infinity is for what is gone
                    double key = Math.max(-Double.MAX_VALUE, sum(slices, importance));
                    own.add(new Candidate(g, u, key));
                }
            }
            order.addAll(
                    settings.scope() == Scope.LOCAL
                            ? byPlaceInGroup(own)
                            : perCost(own, group, settings.saving(), channels));
        }
        order.sort(FIRST);
        return new ChannelRanking(channels, List.copyOf(order), gone);
    }

    /** The places of each axis that the masks of the present state leave something of. */
    private static Map<Place, BitSet> used(Channels channels, Proposal proposal) {
        return channels.perPlace(
                place -> {
                    TargetWeight weight = channels.targets().get(place.path());
                    CutAxis axis = channels.axis(place);
                    if (proposal.present(weight).orElse(null) instanceof MaskTransform mask) {
                        return axis.places(mask.keep());
                    }
                    BitSet all = new BitSet();
                    all.set(0, axis.length());
                    return all;
                });
    }

    private static boolean isGone(List<WeightSlice> slices, Map<Place, BitSet> used) {
        return slices.stream()
                .filter(slice -> slice.role() != Role.PRODUCES)
                .allMatch(
                        slice ->
                                slice.indices().stream().noneMatch(used.get(Place.of(slice))::get));
    }

    /** The summed importance of each place; nothing of weights that a signal is not known of. */
    private static Map<Place, double[]> importance(
            Channels channels, Criterion criterion, Proposal proposal) {
        Set<TargetWeight> ranked = Set.copyOf(proposal.weightsWith(criterion.getSignals()));
        Map<TargetWeight, Map<Place, CutAxis>> places = new LinkedHashMap<>();
        channels.perPlace(channels::axis)
                .forEach(
                        (place, axis) ->
                                places.computeIfAbsent(
                                                channels.targets().get(place.path()),
                                                weight -> new LinkedHashMap<>())
                                        .put(place, axis));
        Map<Place, double[]> sums = new HashMap<>();
        places.forEach(
                (weight, axes) -> {
                    if (ranked.contains(weight)) {
                        sums.putAll(
                                Importances.of(
                                        criterion,
                                        weight,
                                        proposal,
                                        values -> {
                                            Map<Place, double[]> own = new HashMap<>();
                                            axes.forEach(
                                                    (p, axis) -> own.put(p, axis.sums(values)));
                                            return own;
                                        }));
                    }
                });
        sums.forEach(
                (place, values) -> {
                    for (int i = 0; i < values.length; ++i) {
                        if (Double.isNaN(values[i])) {
                            throw Importances.isNaN(
                                    "place " + i + " of axis " + place.axis(),
                                    channels.targets().get(place.path()));
                        }
                    }
                });
        return sums;
    }

    private static double sum(List<WeightSlice> slices, Map<Place, double[]> importance) {
        double sum = 0;
        for (WeightSlice slice : slices) {
            double[] sums = importance.get(Place.of(slice));
            if (sums != null) { // a vector may be frozen
                for (int i : slice.indices()) {
                    sum += sums[i];
                }
            }
        }
        return sum;
    }

    /** So that each group loses the same share. */
    private static List<Candidate> byPlaceInGroup(List<Candidate> own) {
        List<Candidate> sorted = own.stream().sorted(FIRST).toList();
        return IntStream.range(0, sorted.size())
                .mapToObj(
                        i -> {
                            Candidate c = sorted.get(i);
                            double key = (i + 0.5) / sorted.size();
                            return new Candidate(
                                    c.group(),
                                    c.unit(),
                                    Double.isInfinite(c.key()) ? c.key() : key);
                        })
                .toList();
    }

    /** So that what costs much, and matters little, goes first. */
    private static List<Candidate> perCost(
            List<Candidate> own, ChannelGroup group, Saving saving, Channels channels) {
        Cost cost = Cost.ofUnit(channels.network().graph(), group, channels.network().inputs());
        double one = Math.max(1, saving.of(cost));
        return own.stream().map(c -> new Candidate(c.group(), c.unit(), c.key() / one)).toList();
    }
}
