package dev.bonsai;

import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.Trainer;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.SparsitySchedule;
import java.util.function.LongFunction;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Criteria at work: what looks at gradients or data beats chance. */
public class CriteriaTest extends ToyTestBase {

    private static final int SEEDS = 3;

    private double chance = Double.NaN;

    @DataProvider
    public Object[][] criteria() {
        return new Object[][] {
            {Criterion.gradientMagnitude()},
            {Criterion.taylor()},
            {Criterion.movement()},
            {Criterion.contribution()},
        };
    }

    @Test(dataProvider = "criteria")
    public void aCriterionThatLooksAtDataBeatsChanceAt98Percent(Criterion criterion)
            throws Exception {
        if (Double.isNaN(chance)) {
            chance = accuracy(Criterion::random);
        }
        double accuracy = accuracy(seed -> criterion);
        assertTrue(accuracy > chance + 0.1, criterion + ": " + accuracy + ", random: " + chance);
        assertTrue(accuracy > 0.4, criterion + ": " + accuracy); // a guess is 0.25
    }

    /** Returns the mean over several initialisations: 31 weights are left, and luck counts. */
    private double accuracy(LongFunction<Criterion> criterion) throws Exception {
        double sum = 0;
        for (int seed = 0; seed < SEEDS; ++seed) {
            sum += accuracy(seed, criterion.apply(seed));
        }
        return sum / SEEDS;
    }

    private double accuracy(int seed, Criterion criterion) throws Exception {
        Pruning pruning =
                Pruning.builder()
                        .setTargetSparsity(0.98f)
                        .optSchedule(SparsitySchedule.cubic(5))
                        .optCriterion(criterion)
                        .build();
        CompressionListener listener =
                CompressionListener.builder().addTechnique(pruning).optGate(open()).build();
        SequentialBlock net =
                new SequentialBlock()
                        .add(Linear.builder().setUnits(128).build())
                        .add(Activation::relu)
                        .add(Linear.builder().setUnits(Toy.CLASSES).build());
        try (Model model = Toy.model(net)) {
            Engine.getInstance().setRandomSeed(seed);
            try (Trainer trainer = model.newTrainer(Toy.config(listener))) {
                trainer.initialize(new Shape(1, Toy.FEATURES));
                toy.fit(trainer, 7);
            }
            CompressionReport report = listener.getReport();
            assertTrue(report.sparsity() > 0.979, report.toString());
            return toy.accuracy(net);
        }
    }
}
