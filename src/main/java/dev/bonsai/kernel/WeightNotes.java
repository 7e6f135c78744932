package dev.bonsai.kernel;

import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.report.TrainingTime;
import dev.bonsai.text.Numbers;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a user should know about the weights that are left, and about the time that it took. */
final class WeightNotes {

    /** A weight has hardly anything left if less than this fraction of it is. */
    private static final double HARDLY = 0.01;

    /** A gate that takes a part as large as this of a training is worth a note ... */
    private static final double MUCH = 0.5;

    /** ... where the gate takes as many seconds as this; nobody waits for less. */
    private static final double SECONDS = 60;

    private WeightNotes() {}

    /**
     * Names the weights with hardly anything left: less than a hundredth of the elements, and less
     * than one per row, so that some of the outputs have no input any more.
     */
    static Optional<String> emptied(List<NamedWeight> weights) {
        List<String> emptied =
                weights.stream()
                        .filter(weight -> isEmptied(weight.value()))
                        .map(weight -> weight.path() + " (" + left(weight.value()) + ")")
                        .toList();
        return emptied.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "hardly anything is left of "
                                + String.join(", ", emptied)
                                + ": such a layer passes on next to nothing. Ask for less, or"
                                + " exclude it with optSelector");
    }

    private static boolean isEmptied(EncodedWeight weight) {
        int left = weight.size() - weight.zeros();
        int rows = weight.shape().length == 0 ? 1 : weight.shape()[0];
        return left < HARDLY * weight.size() && left < rows;
    }

    private static String left(EncodedWeight weight) {
        return Numbers.count(weight.size() - weight.zeros())
                + " of "
                + Numbers.count(weight.size())
                + " elements";
    }

    /** Names the weights that were compressed but that training doesn't move. */
    static Optional<String> frozen(Collection<TargetWeight> targets) {
        List<String> frozen =
                targets.stream()
                        .filter(weight -> !weight.parameter().requiresGradient())
                        .map(TargetWeight::path)
                        .toList();
        return frozen.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "training does not move what is frozen, so that it can't make up there for"
                                + " what compression costs: "
                                + String.join(", ", frozen)
                                + ". Unfreeze it with block.freezeParameters(false), or exclude it"
                                + " with optSelector");
    }

    /** Names the weights that no technique works on because of their type. */
    static Optional<String> ofOtherTypes(Collection<TargetWeight> parameters) {
        List<String> other =
                parameters.stream()
                        .filter(p -> p.parameter().getType() == Parameter.Type.WEIGHT)
                        .filter(p -> p.dataType().isFloating())
                        .filter(p -> p.dataType() != DataType.FLOAT32)
                        .map(p -> p.path() + " (" + p.dataType() + ")")
                        .toList();
        return other.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "compression works on FLOAT32, and has left as they are: "
                                + String.join(", ", other));
    }

    /** Says that most of the time was the gate's. */
    static Optional<String> slowGate(TrainingTime time) {
        return time.gate() >= SECONDS && time.gate() >= MUCH * time.total()
                ? Optional.of(
                        String.format(
                                Locale.ROOT,
                                "the gate took %s s of %s s: give it fewer data with"
                                        + " Gate.builder().optEvaluation(dataset, evaluator)",
                                Numbers.fixed(time.gate(), 0),
                                Numbers.fixed(time.total(), 0)))
                : Optional.empty();
    }
}
