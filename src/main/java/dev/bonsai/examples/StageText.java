package dev.bonsai.examples;

import dev.bonsai.core.Technique;
import dev.bonsai.gate.GateSettings;
import dev.bonsai.recipe.RecipeStage;
import dev.bonsai.recipe.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a training of a compression aims at, in a line. */
final class StageText {

    private StageText() {}

    static String of(RecipeStage stage) {
        return String.format(
                Locale.ROOT,
                "Compression to %s; %s; %s",
                stage.techniques().stream().map(StageText::aim).collect(Collectors.joining(", ")),
                bounds(stage.gate()),
                training(stage.training().orElseThrow()));
    }

    private static String aim(Technique technique) {
        return technique.getLevels().format(technique.getLevels().target());
    }

    private static String bounds(GateSettings gate) {
        List<String> bounds = new ArrayList<>();
        gate.maxDrop()
                .ifPresent(
                        drop ->
                                bounds.add(
                                        String.format(
                                                Locale.ROOT,
                                                "at most %.4f of validation accuracy below the best"
                                                        + " so far",
                                                drop)));
        gate.maxRelativeDrop()
                .ifPresent(
                        drop -> bounds.add("at most " + drop + " of the best validation accuracy"));
        gate.floor().ifPresent(floor -> bounds.add("a validation accuracy of at least " + floor));
        gate.confidence().ifPresent(sure -> bounds.add("at a confidence of " + sure));
        return bounds.isEmpty() ? "as little of accuracy as is usual" : String.join(", ", bounds);
    }

    private static String training(TrainingPlan plan) {
        return String.format(
                Locale.ROOT,
                "%d epochs of %s by %s, to minimise %s",
                plan.epochs(),
                plan.optimizer(),
                plan.learningRate(),
                plan.loss());
    }
}
