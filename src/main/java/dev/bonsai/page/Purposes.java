package dev.bonsai.page;

import dev.bonsai.gate.Direction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** What to take which file for. */
final class Purposes {

    private Purposes() {}

    /** Returns the purposes that a file serves best among all. */
    static List<String> of(Deployed file, List<Deployed> all, Direction direction) {
        List<String> purposes = new ArrayList<>();
        long fewest = all.stream().mapToLong(Deployed::bytes).min().orElse(0);
        if (file.bytes() == fewest) {
            purposes.add("the smallest");
        }
        if (best(all, file.milliseconds(), Deployed::milliseconds, Comparator.naturalOrder())) {
            purposes.add("the fastest");
        }
        Comparator<Double> better =
                direction == Direction.HIGHER_IS_BETTER
                        ? Comparator.reverseOrder()
                        : Comparator.naturalOrder();
        if (best(all, file.metric(), Deployed::metric, better)) {
            purposes.add("the best metric");
        }
        return purposes;
    }

    private static boolean best(
            List<Deployed> all,
            OptionalDouble value,
            Function<Deployed, OptionalDouble> of,
            Comparator<Double> order) {
        Optional<Double> best =
                all.stream()
                        .flatMap(d -> of.apply(d).stream().boxed())
                        .filter(v -> !Double.isNaN(v))
                        .min(order);
        return value.isPresent() && best.filter(b -> b == value.getAsDouble()).isPresent();
    }
}
