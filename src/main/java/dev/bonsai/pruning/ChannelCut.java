package dev.bonsai.pruning;

import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.TracedNetwork;
import dev.bonsai.graph.Graph;
import dev.bonsai.pruning.ChannelRanking.Candidate;
import dev.bonsai.pruning.Channels.Place;
import dev.bonsai.thinning.ChannelGroup;
import dev.bonsai.thinning.Thinner;
import dev.bonsai.thinning.ThinningException;
import dev.bonsai.thinning.WeightSlice;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides how many channels go: as few of the first in a ranking as save what is asked for. Each
 * group keeps one unit at least.
 */
final class ChannelCut {

    /** A saving is a ratio of counts, which is rounded. */
    private static final double ROUNDING = 1e-9;

    private final ChannelRanking ranking;
    private final ThinningSettings settings;

    ChannelCut(ChannelRanking ranking, ThinningSettings settings) {
        this.ranking = ranking;
        this.settings = settings;
    }

    /** Returns the fraction that is saved when all goes that can, or nothing where that is best. */
    static double most(Channels channels, ThinningSettings settings) {
        List<Candidate> all = new ArrayList<>();
        for (int g = 0; g < channels.groups().size(); ++g) {
            for (int u = 0; u < channels.groups().get(g).size(); ++u) {
                all.add(new Candidate(g, u, 0));
            }
        }
        ChannelCut cut = new ChannelCut(new ChannelRanking(channels, all, 0), settings);
        return Math.max(0, cut.saved(cut.first(all.size())));
    }

    /** Returns what is taken out of each group to save a fraction; all that can go if need be. */
    Map<ChannelGroup, List<Integer>> at(double fraction) {
        int low = ranking.gone();
        int high = ranking.order().size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (saved(first(middle)) >= fraction - ROUNDING) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return first(low);
    }

    /**
     * Returns what the first of the ranking are, when groups keep what they have to. A value that
     * is a part of others may need a unit of its own: the last in the ranking that helps stays.
     */
    private Map<ChannelGroup, List<Integer>> first(int count) {
        List<Candidate> out = new ArrayList<>(ranking.order().subList(0, count));
        Map<ChannelGroup, List<Integer>> units = units(out);
        while (!isPossible(units)) {
            out.remove(helping(out));
            units = units(out);
        }
        return units;
    }

    private int helping(List<Candidate> out) {
        for (int i = out.size() - 1; i >= 0; --i) {
            List<Candidate> others = new ArrayList<>(out);
            others.remove(i);
            if (isPossible(units(others))) {
                return i;
            }
        }
        return out.size() - 1;
    }

    private boolean isPossible(Map<ChannelGroup, List<Integer>> units) {
        try {
            return units.isEmpty()
                    || Thinner.remove(ranking.channels().network().graph(), units) != null;
        } catch (ThinningException e) {
            return false;
        }
    }

    private Map<ChannelGroup, List<Integer>> units(List<Candidate> out) {
        Channels channels = ranking.channels();
        List<List<Integer>> chosen = new ArrayList<>();
        channels.groups().forEach(group -> chosen.add(new ArrayList<>()));
        for (Candidate candidate : out) {
            chosen.get(candidate.group()).add(candidate.unit());
        }
        Map<ChannelGroup, List<Integer>> units = new LinkedHashMap<>();
        for (int g = 0; g < chosen.size(); ++g) {
            ChannelGroup group = channels.groups().get(g);
            int left = left(group.size(), chosen.get(g).size());
            List<Integer> taken = chosen.get(g).subList(0, group.size() - left);
            if (!taken.isEmpty()) {
                units.put(group, taken);
            }
        }
        return units;
    }

    /** Rounds what is left up to a multiple, of which there is one at least. */
    private int left(int size, int out) {
        int multiple = settings.multipleOf();
        int left = Math.max(1, size - out);
        return Math.min(size, (left + multiple - 1) / multiple * multiple);
    }

    private double saved(Map<ChannelGroup, List<Integer>> units) {
        TracedNetwork network = ranking.channels().network();
        if (units.isEmpty()) {
            return 0;
        }
        Graph thinner = Thinner.remove(network.graph(), units);
        return settings.saving().saved(thinner, network);
    }

    /** Returns what is kept of each weight that is cut. */
    Map<TargetWeight, BitSet> kept(Map<ChannelGroup, List<Integer>> units) {
        Channels channels = ranking.channels();
        Map<Place, BitSet> out = new LinkedHashMap<>();
        units.forEach(
                (group, numbers) -> {
                    for (int number : numbers) {
                        for (WeightSlice slice : channels.slices(group, number)) {
                            BitSet places =
                                    out.computeIfAbsent(Place.of(slice), place -> new BitSet());
                            slice.indices().forEach(places::set);
                        }
                    }
                });
        Map<TargetWeight, BitSet> kept = new LinkedHashMap<>();
        out.forEach(
                (place, places) -> {
                    TargetWeight weight = channels.targets().get(place.path());
                    BitSet elements = kept.computeIfAbsent(weight, ChannelCut::all);
                    channels.axis(place).clear(elements, places);
                });
        return kept;
    }

    private static BitSet all(TargetWeight weight) {
        BitSet all = new BitSet(weight.size());
        all.set(0, weight.size());
        return all;
    }
}
