package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.gate.Gate;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Regrowth;
import dev.bonsai.pruning.Scope;
import dev.bonsai.pruning.SparsityPattern;
import dev.bonsai.pruning.SparsitySchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Patterns and regrowth at work in short trainings. */
public class PatternTrainingTest extends ToyTestBase {

    private static final int EPOCHS = 6;
    private static final int WEIGHTS = 384; // 32 x 8 and 4 x 32

    private static Pruning.Builder target(float sparsity) {
        return Pruning.builder()
                .setTargetSparsity(sparsity)
                .optSchedule(SparsitySchedule.constant());
    }

    private static Pruning.Builder regrowing(Regrowth regrowth) {
        return target(0.85f).optScope(Scope.LOCAL).optRegrowth(regrowth);
    }

    @DataProvider
    public Object[][] variants() {
        Supplier<Pruning> twoOfFour =
                () -> Pruning.builder().optPattern(SparsityPattern.nm(2, 4)).build();
        Supplier<Pruning> channels =
                () ->
                        target(0.5f)
                                .optPattern(SparsityPattern.channel())
                                .optSelector(WeightSelector.builder().exclude("03Linear").build())
                                .build();
        Supplier<Pruning> blocks =
                () ->
                        target(0.75f)
                                .optPattern(SparsityPattern.block(4, 2))
                                .optScope(Scope.LOCAL)
                                .build();
        Supplier<Pruning> rigL = () -> regrowing(Regrowth.gradient(0.2f, 4)).build();
        Supplier<Pruning> set = () -> regrowing(Regrowth.random(0.2f, 4, 5)).build();
        Supplier<Pruning> splicing = () -> regrowing(Regrowth.splicing(4)).build();
        Supplier<Pruning> ramp = () -> target(0.85f).optScope(Scope.LOCAL).optRamp(2, 4).build();
        return new Object[][] {
            {"2:4", twoOfFour, 192},
            {"channels", channels, 128}, // half of the 32 rows of the first weight
            {"blocks", blocks, 288},
            {"RigL", rigL, 327}, // 0.85 of 256 and of 128
            {"SET", set, 327},
            {"splicing", splicing, 327},
            {"ramp", ramp, 327},
        };
    }

    @Test(dataProvider = "variants")
    public void trainingMakesUpForWhatWasRemoved(String name, Supplier<Pruning> make, int zeros)
            throws Exception {
        double cut = accuracy(make.get(), EPOCHS, zeros); // at the end, with no training after it
        double trained = accuracy(make.get(), 1, zeros);
        assertTrue(trained >= cut, name + ": trained " + trained + ", cut only " + cut);
        assertTrue(trained > 0.85, name + ": " + trained); // dense models come to about 0.96
    }

    private double accuracy(Pruning pruning, int warmup, int zeros) throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(pruning)
                            .optGate(open())
                            .optWarmup(warmup)
                            .build();
            Map<String, float[]> result = toy.train(model, EPOCHS, listener);
            assertEquals(Toy.weightZeros(result), zeros, listener.getReport().toString());
            return toy.accuracy(model.getBlock());
        }
    }

    @DataProvider
    public Object[][] regrowths() {
        return new Object[][] {
            {Regrowth.gradient(0.2f, 4), 327L},
            {Regrowth.random(0.2f, 4, 5), 327L},
            {Regrowth.splicing(4), 0L} // latent weights behind the mask move
        };
    }

    @Test(dataProvider = "regrowths")
    public void removedWeightsAreZeroInEveryPassAndComeBackInTheirOwnWay(
            Regrowth regrowth, long zeroLatents) throws Exception {
        ZeroCounter counter = new ZeroCounter(Toy.mlp());
        List<Map<String, float[]>> latents = new ArrayList<>();
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(regrowing(regrowth).build())
                        .optGate(Gate.builder().optMaxDrop(1).build()) // trains on what it tries
                        .build();
        try (Model model = Toy.model(counter)) {
            Map<String, float[]> result = toy.train(model, 4, listener, latents(counter, latents));
            assertEquals(Toy.weightZeros(result), 327);
            // a fifth of what is kept is grown at most, and is zero for one pass
            long grown = zeroLatents == 0 ? 0 : Math.round(0.2 * (WEIGHTS - 327)) + 1;
            for (long seen : counter.inTraining().subList(8, 32)) {
                assertTrue(seen >= 327 && seen <= 327 + grown, "zeros " + seen);
            }
            // from the second step under the mask on
            for (Map<String, float[]> seen : latents.subList(9, 32)) {
                long more = Toy.weightZeros(seen) - zeroLatents;
                assertTrue(more >= 0 && more <= grown, "latent zeros " + Toy.weightZeros(seen));
            }
            assertNotEquals(
                    zeroPositions(latents.get(11)), zeroPositions(result), "the mask has moved");
        }
    }

    private static TrainingListener latents(Block block, List<Map<String, float[]>> latents) {
        return new TrainingListenerAdapter() {
            @Override
            public void onTrainingBatch(Trainer trainer, BatchData batchData) {
                latents.add(Toy.parameters(block));
            }
        };
    }

    private static List<String> zeroPositions(Map<String, float[]> parameters) {
        List<String> positions = new ArrayList<>();
        parameters.forEach(
                (path, values) -> {
                    for (int i = 0; i < values.length; ++i) {
                        if (values[i] == 0) {
                            positions.add(path + i);
                        }
                    }
                });
        return positions;
    }
}
