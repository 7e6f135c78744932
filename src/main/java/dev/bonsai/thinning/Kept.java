package dev.bonsai.thinning;

import dev.bonsai.graph.type.Shape;
import dev.bonsai.thinning.Axis.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which places of the values of a graph are left when some sets of atoms are gone. */
final class Kept {

    private final Flow flow;
    private final Set<Integer> gone;

    Kept(Flow flow, Set<Integer> gone) {
        this.flow = flow;
        this.gone = gone;
    }

    boolean isKept(int atom) {
        return !gone.contains(flow.atoms().find(atom));
    }

    /** How many places of a part of a lane are left. */
    int count(Lane lane, int from, int to) {
        int count = 0;
        for (int i = from; i < to; ++i) {
            count += isKept(lane.atoms()[i]) ? 1 : 0;
        }
        return count;
    }

    int count(Lane lane) {
        return count(lane, 0, lane.size());
    }

    boolean isCut(Axis axis) {
        return axis instanceof Lane lane && count(lane) < lane.size();
    }

    boolean isCut(String value) {
        return flow.axes(value).orElse(List.of()).stream().anyMatch(this::isCut);
    }

    /** A value of which a dimension would have no place left. */
    Optional<String> firstEmpty() {
        return flow.names().stream().filter(name -> empty(name).findAny().isPresent()).findFirst();
    }

    /** A dimension that would have no place left. */
    Optional<Lane> firstEmptyLane() {
        return flow.names().stream().flatMap(this::empty).findFirst();
    }

    private Stream<Lane> empty(String name) {
        return flow.axes(name).orElse(List.of()).stream()
                .filter(this::isCut)
                .map(axis -> (Lane) axis)
                .filter(lane -> count(lane) == 0);
    }

    /** The places that are left of each axis of a weight. */
    List<int[]> places(String leaf) {
        Shape shape = flow.shape(leaf).orElseThrow();
        List<Axis> axes = flow.axes(leaf).orElseThrow();
        List<int[]> places = new ArrayList<>();
        for (int i = 0; i < axes.size(); ++i) {
            IntStream all = IntStream.range(0, (int) shape.get(i).size());
            places.add(
                    axes.get(i) instanceof Lane lane
                            ? all.filter(k -> isKept(lane.atoms()[k])).toArray()
                            : all.toArray());
        }
        return places;
    }
}
