package dev.bonsai.recipe;

import static dev.bonsai.core.Messages.assertMessage;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.training.optimizer.Optimizer;
import dev.bonsai.CompressionListener;
import dev.bonsai.FakeTechnique;
import dev.bonsai.core.HoldZeros;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.GateSettings;
import dev.bonsai.gate.Warmup;
import dev.bonsai.pruning.Criterion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What is written is read as it was. */
public class RecipeRoundTripTest {

    private static final RecipeFormat FORMAT = RecipeFormat.standard();

    @DataProvider
    Object[][] recipes() {
        return RecipeSamples.all().stream()
                .map(recipe -> new Object[] {recipe})
                .toArray(Object[][]::new);
    }

    @Test(dataProvider = "recipes")
    void aRecipeThatIsWrittenAndReadIsEqual(CompressionRecipe recipe) {
        String yaml = recipe.toYaml();
        CompressionRecipe read = FORMAT.parse(yaml, "recipe.yaml");
        assertEquals(read, recipe, yaml);
        assertEquals(read.hashCode(), recipe.hashCode());
        assertEquals(read.toYaml(), yaml);
        assertEquals(read.values(), recipe.values());
        assertEquals(FORMAT.draft(recipe), yaml);
    }

    @Test
    void recipesThatDifferAreNotEqual() {
        List<CompressionRecipe> recipes = RecipeSamples.all();
        for (int i = 0; i < recipes.size(); ++i) {
            for (int k = 0; k < i; ++k) {
                boolean same = recipes.get(i).values().equals(recipes.get(k).values());
                assertEquals(recipes.get(i).equals(recipes.get(k)), same, i + " and " + k);
            }
        }
    }

    @Test
    void aFileIsWrittenAndRead() throws Exception {
        Path file = Files.createTempDirectory("bonsai").resolve("recipe.yaml");
        RecipeSamples.whole().write(file);
        assertEquals(CompressionRecipe.read(file), RecipeSamples.whole());
        assertTrue(Files.readString(file).startsWith("# A recipe of Bonsai "));
    }

    @DataProvider
    Object[][] listeners() {
        Gate[] gates = {Gate.builder().build(), Gate.builder().optMaxDrop(0.1f).build()};
        Warmup[] warmups = {Warmup.epochs(0), Warmup.untilPlateau(1, 2)};
        Object[][] rows = new Object[gates.length * warmups.length * 3 * 2][];
        int row = 0;
        for (Gate gate : gates) {
            for (Warmup warmup : warmups) {
                for (HoldZeros zeros : HoldZeros.values()) {
                    for (boolean graph : new boolean[] {false, true}) {
                        rows[row++] = new Object[] {gate, warmup, zeros, graph};
                    }
                }
            }
        }
        return rows;
    }

    @Test(dataProvider = "listeners")
    void aListenerThatWasBuiltInJavaIsBuiltAgain(
            Gate gate, Warmup warmup, HoldZeros zeros, boolean graph) {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechniques(TechniqueSamples.all())
                        .optGate(gate)
                        .optWarmup(warmup)
                        .optHoldZeros(zeros)
                        .optGraph(graph)
                        .build();
        CompressionRecipe recipe = CompressionRecipe.of(listener);
        CompressionRecipe read = FORMAT.parse(recipe.toYaml(), "recipe.yaml");
        CompressionListener again = read.stages().get(0).newListener().build();
        assertEquals(CompressionRecipe.of(again), recipe);
        assertEquals(recipe.stages().get(0).gate(), gate.getSettings());
        assertEquals(recipe.stages().get(0).warmup(), warmup);
        assertEquals(recipe.stages().get(0).holdZeros(), zeros);
        assertEquals(recipe.stages().get(0).graph(), Boolean.valueOf(graph));
    }

    @Test
    void aListenerOfWhichNothingIsSaidIsAStageOfWhichNothingIsSaid() {
        Technique technique = TechniqueSamples.bits().build();
        CompressionListener listener =
                CompressionListener.builder().addTechnique(technique).build();
        String least = "stages: [{techniques: [{technique: quantization, bits: 4}]}]";
        assertEquals(FORMAT.parse(least, "x"), CompressionRecipe.of(listener));
        assertEquals(Gate.builder().build().getSettings(), GateSettings.defaults());
    }

    @Test
    void whatIsCodeCantBeWrittenDownAndIsNamed() {
        CompressionListener fresh =
                CompressionListener.builder()
                        .addTechnique(TechniqueSamples.bits().build())
                        .optFreshOptimizer(steps -> Optimizer.adam().build())
                        .build();
        assertMessage(() -> CompressionRecipe.of(fresh), "optFreshOptimizer", "code");
        CompressionRecipe own = own();
        RecipeException e = expectThrows(RecipeException.class, own::toYaml);
        assertEquals(e.getMistakes().size(), 2, e.getMessage());
        assertMessage(
                e,
                "stages[0].techniques[1].criterion: The Criterion ",
                "stages[0].techniques[1].selector: A selector with a predicate");
    }

    private static CompressionRecipe own() {
        Criterion criterion = (weight, value, signals) -> value.abs();
        Technique technique =
                TechniqueSamples.sparse()
                        .optCriterion(criterion)
                        .optSelector(WeightSelector.builder().include(w -> true).build())
                        .build();
        return CompressionRecipe.of(
                List.of(
                        new RecipeStage(
                                List.of(TechniqueSamples.bits().build(), technique),
                                null,
                                null,
                                null,
                                null,
                                Optional.empty())));
    }

    @Test
    void aDraftSaysWhichTechniqueIsMissing() {
        CompressionRecipe recipe =
                CompressionRecipe.of(
                        List.of(
                                new RecipeStage(
                                        List.of(
                                                TechniqueSamples.bits().build(),
                                                FakeTechnique.single("own", null)),
                                        null,
                                        null,
                                        null,
                                        null,
                                        Optional.empty())));
        String draft = FORMAT.draft(recipe);
        List<String> lines = draft.lines().toList();
        RecipeException e =
                expectThrows(RecipeException.class, () -> FORMAT.parse(draft, "draft.yaml"));
        String line = lines.get(e.getMistakes().get(0).line() - 1);
        assertTrue(line.contains("# MISSING: The technique 'own' has no settings"), line);
    }

    /** Or somebody would repeat another run by it. */
    @Test
    void aDraftSaysWhatIsMissingAndIsRefusedThere() {
        String draft = FORMAT.draft(own());
        List<String> lines = draft.lines().toList();
        RecipeException e =
                expectThrows(RecipeException.class, () -> FORMAT.parse(draft, "draft.yaml"));
        assertEquals(e.getMistakes().size(), 2, e.getMessage());
        for (RecipeException.Mistake mistake : e.getMistakes()) {
            assertTrue(mistake.message().startsWith("A value is missing"), e.getMessage());
            String line = lines.get(mistake.line() - 1);
            assertTrue(line.matches(" +(criterion|selector):"), line);
            assertTrue(lines.get(mistake.line() - 2).contains("# MISSING: "), draft);
        }
        String mended =
                draft.replace("criterion:\n", "criterion: taylor\n")
                        .replace("selector:\n", "selector: []\n");
        assertFalse(mended.equals(draft));
        assertNotEquals(FORMAT.parse(mended, "mended.yaml"), own());
    }
}
