package dev.bonsai.recipe;

import com.google.gson.JsonObject;
import dev.bonsai.core.HoldZeros;
import dev.bonsai.core.Technique;
import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.GateSettings;
import dev.bonsai.gate.Undecided;
import dev.bonsai.gate.Warmup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Recipes that say all that a recipe can say. */
final class RecipeSamples {

    private RecipeSamples() {}

    /** Returns recipes: each technique, and each option of all else, is in at least one. */
    static List<CompressionRecipe> all() {
        List<CompressionRecipe> recipes = new ArrayList<>();
        for (Technique technique : TechniqueSamples.all()) {
            recipes.add(CompressionRecipe.of(List.of(stage(technique))));
        }
        for (TrainingPlan plan : plans()) {
            recipes.add(of(plan, GateSettings.defaults(), Warmup.epochs(0), HoldZeros.AUTO));
        }
        for (GateSettings gate : gates()) {
            recipes.add(of(plans().get(0), gate, Warmup.epochs(2), HoldZeros.NEVER));
        }
        recipes.add(whole());
        return recipes;
    }

    /** Returns a recipe of two stages in which everything is said. */
    static CompressionRecipe whole() {
        CompressionRecipe one =
                of(plans().get(1), gates().get(0), Warmup.untilPlateau(3, 50), HoldZeros.ALWAYS);
        List<RecipeStage> stages = new ArrayList<>(one.stages());
        RecipeStage first = stages.get(0);
        stages.add(
                new RecipeStage(
                        few(),
                        gates().get(1),
                        Warmup.epochs(0),
                        HoldZeros.AUTO,
                        false,
                        first.training()));
        return new CompressionRecipe(one.seed(), one.setup(), stages);
    }

    /** Returns few techniques, in which each key of each kind stands at least once. */
    private static List<Technique> few() {
        List<Technique> few = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Technique technique : TechniqueSamples.all()) {
            JsonObject json = Techniques.standard().toJson(technique);
            String name = json.get("technique").getAsString();
            if (seen.addAll(json.keySet().stream().map(key -> name + "." + key).toList())) {
                few.add(technique);
            }
        }
        return few;
    }

    private static RecipeStage stage(Technique technique) {
        return new RecipeStage(List.of(technique), null, null, null, null, Optional.empty());
    }

    private static CompressionRecipe of(
            TrainingPlan plan, GateSettings gate, Warmup warmup, HoldZeros holdZeros) {
        RecipeStage stage =
                new RecipeStage(
                        List.of(TechniqueSamples.bits().addBits("bias", 8).build()),
                        gate,
                        warmup,
                        holdZeros,
                        true,
                        Optional.of(plan));
        return CompressionRecipe.of(List.of(stage))
                .withSeed(7)
                .withSetup(
                        new RecipeSetup(
                                Optional.of("a: network # of mine"),
                                Optional.of("123"),
                                Optional.of("0x1F"),
                                OptionalInt.of(64),
                                Optional.of(plans().get(0))));
    }

    static List<TrainingPlan> plans() {
        return List.of(
                new TrainingPlan(3, null, null, null),
                new TrainingPlan(
                        4,
                        OptimizerChoice.sgd(0.9f, 5e-4f),
                        LearningRate.upAndDown(0.05f, 1e-4f).afterQuietEpoch(1e-5f),
                        LossChoice.distillation(4, 0.25f)),
                new TrainingPlan(1, OptimizerChoice.adam(), LearningRate.constant(1e-3f), null));
    }

    static List<GateSettings> gates() {
        return List.of(
                Gate.builder()
                        .optMonitored("Accuracy")
                        .optDirection(Direction.LOWER_IS_BETTER)
                        .optMaxDrop(0.004f)
                        .optMaxRelativeDrop(0.01f)
                        .optFloor(0.25f)
                        .optRecoveryEpochs(9)
                        .optShock(0.3f)
                        .optRelativeShock(0.4f)
                        .optBatchSize(500)
                        .optConfidence(0.95)
                        .optUndecided(Undecided.ACCEPTED)
                        .getSettings(),
                Gate.builder().optFloor(-1).optRecoveryEpochs(0).getSettings());
    }
}
