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
import dev.bonsai.report.CompressionReport;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Criteria at work: what looks at gradients or data beats chance. */
public class CriteriaTest extends ToyTestBase {

    private static final int SEEDS = 3;
    private static final int HIDDEN = 128;

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

    @Test
    public void deadEndsFirstLeavesFarFewerOfThemBehind() throws Exception {
        double with = 0;
        double without = 0;
        for (int seed = 0; seed < SEEDS; ++seed) {
            without += deadEnds(seed, Criterion.magnitude());
            with += deadEnds(seed, Criterion.magnitude().deadEndsFirst());
        }
        assertTrue(without >= 5, without + " dead ends by magnitude: nothing to tell apart");
        assertTrue(with <= without / 4, with + " dead ends, and " + without + " by magnitude");
    }

    /** The steps are small at the end, as what the last one leaves hanging stays. */
    private double deadEnds(int seed, Criterion criterion) throws Exception {
        return train(seed, pruning(criterion, 20), 22, CriteriaTest::deadEnds);
    }

    /** Counts the connections to hidden units from which none leads on. */
    private static double deadEnds(SequentialBlock net) {
        float[] in = net.getParameters().valueAt(0).getArray().toFloatArray();
        float[] out = net.getParameters().valueAt(2).getArray().toFloatArray();
        int dead = 0;
        for (int i = 0; i < in.length; ++i) {
            int unit = i / Toy.FEATURES;
            boolean leadsOn =
                    IntStream.range(0, Toy.CLASSES).anyMatch(c -> out[c * HIDDEN + unit] != 0);
            dead += in[i] != 0 && !leadsOn ? 1 : 0;
        }
        return dead;
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
        return train(seed, pruning(criterion, 5), 7, toy::accuracy);
    }

    private static Pruning pruning(Criterion criterion, int steps) {
        return Pruning.builder()
                .setTargetSparsity(0.98f)
                .optSchedule(SparsitySchedule.cubic(steps))
                .optCriterion(criterion)
                .build();
    }

    private interface Judge {
        double judge(SequentialBlock net) throws Exception;
    }

    private double train(int seed, Pruning pruning, int epochs, Judge judge) throws Exception {
        CompressionListener listener =
                CompressionListener.builder().addTechnique(pruning).optGate(open()).build();
        SequentialBlock net =
                new SequentialBlock()
                        .add(Linear.builder().setUnits(HIDDEN).build())
                        .add(Activation::relu)
                        .add(Linear.builder().setUnits(Toy.CLASSES).build());
        try (Model model = Toy.model(net)) {
            Engine.getInstance().setRandomSeed(seed);
            try (Trainer trainer = model.newTrainer(Toy.config(listener))) {
                trainer.initialize(new Shape(1, Toy.FEATURES));
                toy.fit(trainer, epochs);
            }
            CompressionReport report = listener.getReport();
            assertTrue(report.sparsity() > 0.979, report.toString());
            return judge.judge(net);
        }
    }
}
