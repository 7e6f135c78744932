package dev.bonsai.gate;

import dev.bonsai.statistics.Detectable;
import dev.bonsai.statistics.Outcomes;
import dev.bonsai.text.Numbers;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a gate's data can show before anything is tried: the drop that a test at 5 % finds in 80 of
 * 100 sets of samples, where two states answer 1 % of them differently.
 */
final class Sight {

    private static final Logger logger = LoggerFactory.getLogger(GateMachine.class);

    private static final double DIFFERING = 0.01;
    private static final double ALPHA = 0.05;

    private Sight() {}

    /** Says what the data can show. */
    static void log(List<Gate> gates, Metrics baseline) {
        IntStream.range(0, gates.size())
                .mapToObj(i -> sentence(gates.get(i), baseline.gate(i)))
                .flatMap(Optional::stream)
                .forEach(logger::info);
    }

    /** Returns a note for each gate whose tolerance is finer than what its data can show. */
    static List<String> notes(List<Gate> gates, Metrics baseline) {
        return IntStream.range(0, gates.size())
                .mapToObj(i -> note(gates.get(i), baseline.gate(i)))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<String> note(Gate gate, Measurement baseline) {
        double margin = gate.getTolerance().margin(baseline.value());
        return sentence(gate, baseline)
                .filter(text -> margin < detectable(baseline))
                .map(
                        text ->
                                String.format(
                                        Locale.ROOT,
                                        "%s, and the gate allows %s. Give it more samples or a"
                                                + " greater tolerance, or read the verdicts with"
                                                + " their standard errors",
                                        text,
                                        Numbers.metric(margin)));
    }

    private static Optional<String> sentence(Gate gate, Measurement baseline) {
        boolean binary =
                !baseline.outcomes().isEmpty()
                        && baseline.outcomes().stream().allMatch(Outcomes::isBinary);
        return binary
                ? Optional.of(
                        String.format(
                                Locale.ROOT,
                                "%s on %s samples: where 1 %% of the answers change, drops below %s"
                                        + " can't be seen (one-sided 5 %%, power 80 %%)",
                                gate.getMetric().name(),
                                Numbers.count(samples(baseline)),
                                Numbers.fraction(detectable(baseline))))
                : Optional.empty();
    }

    private static double detectable(Measurement baseline) {
        return Detectable.drop(DIFFERING, samples(baseline), ALPHA);
    }

    private static long samples(Measurement baseline) {
        return baseline.outcomes().stream().mapToLong(Outcomes::samples).sum();
    }
}
