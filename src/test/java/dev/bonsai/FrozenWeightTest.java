package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.Trainer;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.regularization.Regularization;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What becomes of a weight that the user has frozen: see {@link Technique}. */
public class FrozenWeightTest extends ToyTestBase {

    /** The frozen weight before and after a training, and what plain DJL then loads. */
    private record Frozen(float[] before, float[] latent, float[] baked) {}

    /** Thinning by gradients has nothing left here, as both weights of the net go together. */
    @DataProvider
    public Object[][] techniques() {
        EveryTechnique[] rankable =
                Arrays.stream(EveryTechnique.values())
                        .filter(technique -> technique != EveryTechnique.THINNING_BY_TAYLOR)
                        .toArray(EveryTechnique[]::new);
        return Cross.of(rankable, Form.values());
    }

    private static boolean removes(EveryTechnique technique) {
        Effect effect = technique.technique().getEffect();
        return effect == Effect.ZEROS || effect == Effect.UNITS;
    }

    private Frozen train(List<Technique> techniques, Form form, int epochs) throws Exception {
        Block block = form.of(Toy.mlp());
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechniques(techniques)
                        .optGate(open())
                        .optWarmup(1)
                        .build();
        try (Model model = Toy.model(block)) {
            float[] before;
            float[] latent;
            Parameter first;
            try (Trainer trainer = toy.trainer(model, listener)) {
                first = block.getParameters().get(0).getValue();
                first.freeze(true);
                before = first.getArray().toFloatArray();
                toy.fit(trainer, epochs);
                latent = first.getArray().toFloatArray();
            }
            return new Frozen(before, latent, first.getArray().toFloatArray());
        }
    }

    @Test(dataProvider = "techniques")
    public void trainingDoesNotMoveAFrozenWeight(EveryTechnique technique, Form form)
            throws Exception {
        Frozen frozen = train(technique.chain(), form, 4 * technique.chain().size());
        boolean pruning = removes(technique);
        for (int i = 0; i < frozen.before.length; ++i) {
            boolean removed = pruning && frozen.latent[i] == 0;
            assertEquals(frozen.latent[i], removed ? 0 : frozen.before[i], "latent " + i);
        }
        boolean same = Arrays.equals(frozen.baked, frozen.before);
        if (technique.needsTraining()) {
            assertTrue(same, "has no signal for it");
        } else {
            assertFalse(same, "selected, and so compressed");
        }
    }

    @Test(dataProvider = "techniques")
    public void theEffectiveValueOfAFrozenWeightStandsStill(EveryTechnique technique, Form form)
            throws Exception {
        if (!removes(technique)) { // others decide what is removed
            // The second level of those that begin with half is reached after two epochs.
            boolean late = technique.isBehindAnother() || technique.name().endsWith("OF_HALF");
            int reached = late ? 3 : 2;
            float[] sooner = train(technique.chain(), form, reached).baked;
            float[] later = train(technique.chain(), form, reached + 1).baked;
            assertEquals(Arrays.mismatch(later, sooner), -1);
        }
    }

    @DataProvider
    public Object[][] blind() {
        return new Object[][] {
            {EveryTechnique.THINNING_BY_TAYLOR.technique()},
            {pruning(Criterion.gradientMagnitude())},
            {pruning(Criterion.taylor())},
            {pruning(Criterion.movement())},
            {pruning(Criterion.magnitude().deadEndsFirst())},
            {Regularization.l1(0.01f).optSelector(body()).build()},
            {Regularization.l2(0.01f).optSelector(body()).build()}
        };
    }

    private static WeightSelector body() {
        return WeightSelector.builder().include("01Linear_weight").build();
    }

    private static Pruning pruning(Criterion criterion) {
        return Pruning.builder()
                .setTargetSparsity(0.5f)
                .optSchedule(SparsitySchedule.cubic(1))
                .optCriterion(criterion)
                .optSelector(body())
                .build();
    }

    @Test(dataProvider = "blind")
    public void nothingButFrozenWeightsIsAnErrorWithTheRemedy(Technique technique) {
        IllegalArgumentException e =
                expectThrows(
                        IllegalArgumentException.class,
                        () -> train(List.of(technique), Form.BLOCKS, 3));
        for (String part : new String[] {"01Linear_weight", "frozen", "WeightSelector"}) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
    }

    @Test
    public void aWeightFrozenAfterItWasPrunedStaysPruned() throws Exception {
        Block block = Toy.mlp();
        Pruning pruning =
                Pruning.builder()
                        .setTargetSparsity(0.6f)
                        .optSchedule(SparsitySchedule.cubic(3))
                        .optCriterion(Criterion.taylor())
                        .build();
        CompressionListener listener =
                CompressionListener.builder().addTechnique(pruning).optGate(open()).build();
        try (Model model = Toy.model(block)) {
            int[] zeros;
            try (Trainer trainer = toy.trainer(model, listener)) {
                Parameter first = block.getParameters().get(0).getValue();
                toy.fit(trainer, 2);
                first.freeze(true);
                toy.fit(trainer, 1);
                zeros = zeros(first.getArray().toFloatArray());
                assertFalse(zeros.length == 0, "pruned before it was frozen");
                toy.fit(trainer, 4);
                assertEquals(zeros(first.getArray().toFloatArray()), zeros, "and no further");
            }
            float[] baked = block.getParameters().get(0).getValue().getArray().toFloatArray();
            assertEquals(zeros(baked), zeros);
        }
    }

    private static int[] zeros(float[] values) {
        return IntStream.range(0, values.length).filter(i -> values[i] == 0).toArray();
    }
}
