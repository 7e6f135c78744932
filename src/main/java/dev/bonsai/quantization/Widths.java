package dev.bonsai.quantization;

import dev.bonsai.core.Proposal;
import dev.bonsai.core.TargetWeight;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Says how many bits each weight has at a level of a {@link Quantization}. */
final class Widths {

    private final QuantizationSettings settings;
    private final List<OwnBits> ownBits;

    /** The width of the weights that a pattern is found in the path of. */
    private record OwnBits(Pattern path, int bits) {}

    Widths(QuantizationSettings settings) {
        this.settings = settings;
        ownBits =
                settings.ownBits().stream()
                        .map(own -> new OwnBits(Pattern.compile(own.path()), own.bits()))
                        .toList();
    }

    /**
     * Checks that each width of some weights' own is that of a weight.
     *
     * @throws IllegalArgumentException if not; the message names the pattern
     */
    void check(List<TargetWeight> targets) {
        List<OwnBits> used =
                targets.stream().flatMap(weight -> rule(weight).stream()).distinct().toList();
        for (OwnBits rule : ownBits) {
            if (!used.contains(rule)) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "addBits: the pattern '%s' is found in the path of no weight that"
                                        + " is quantized and that no earlier pattern has taken."
                                        + " Correct or remove it; the weights are %s",
                                rule.path,
                                targets.stream().map(TargetWeight::path).toList()));
            }
        }
    }

    /**
     * Returns the width of each weight.
     *
     * @param level the level, a width
     * @param proposal the values of the weights, and what was gathered about them
     * @param transforms makes the transforms of each weight
     */
    Map<TargetWeight, Integer> at(
            int level, Proposal proposal, Map<TargetWeight, WidthChoice.AtWidth> transforms) {
        Map<TargetWeight, Integer> narrowest = new LinkedHashMap<>();
        proposal.weights().forEach(weight -> narrowest.put(weight, narrowest(weight, level)));
        if (settings.byteGoal().isEmpty() || level >= WidthChoice.WIDEST) {
            return narrowest;
        }
        Map<TargetWeight, List<Integer>> choices = new LinkedHashMap<>();
        narrowest.forEach((weight, bits) -> choices.put(weight, choices(weight, bits)));
        return new WidthChoice(settings.byteGoal().getAsLong(), settings.errorMeasure())
                .choose(choices, proposal, transforms);
    }

    private List<Integer> choices(TargetWeight weight, int narrowest) {
        return own(weight).isPresent()
                ? List.of(narrowest)
                : IntStream.rangeClosed(narrowest, WidthChoice.WIDEST).boxed().toList();
    }

    /** On the way to the target no weight is narrower than the level. */
    private int narrowest(TargetWeight weight, int level) {
        int own = own(weight).orElse(settings.bits());
        return level == settings.bits() ? own : Math.max(level, own);
    }

    private OptionalInt own(TargetWeight weight) {
        return rule(weight).stream().mapToInt(OwnBits::bits).findFirst();
    }

    private Optional<OwnBits> rule(TargetWeight weight) {
        return ownBits.stream().filter(rule -> rule.path.matcher(weight.path()).find()).findFirst();
    }
}
