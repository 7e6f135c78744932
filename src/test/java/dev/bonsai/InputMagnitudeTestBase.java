package dev.bonsai;

import static org.testng.Assert.assertEquals;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.training.Trainer;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.gate.Gate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Takes down how large the inputs of weights are said to be. */
abstract class InputMagnitudeTestBase extends ToyTestBase {

    /** Sums of up to 2,048 numbers of the size 1 in single precision. */
    static final double ROUNDING = 1e-5;

    final List<float[]> told = new ArrayList<>();

    /** Notes the signal of each weight, and changes nothing. */
    FakeTechnique listening() {
        told.clear();
        return new FakeTechnique(
                "listening",
                Levels.single("on"),
                Set.of(Signal.INPUT_MAGNITUDE),
                (level, proposal) -> {
                    for (TargetWeight weight : proposal.weights()) {
                        NDArray signal = proposal.signal(weight, Signal.INPUT_MAGNITUDE);
                        assertEquals(signal.getShape(), weight.shape());
                        told.add(signal.toFloatArray());
                    }
                    return Map.of();
                });
    }

    CompressionListener listener() {
        return listener(toy);
    }

    CompressionListener listener(Toy data) {
        Gate open = data.gate().optMaxDrop(1).build();
        return CompressionListener.builder().addTechnique(listening()).optGate(open).build();
    }

    /** Sends an epoch of data through a net that does not learn; returns its parameters. */
    List<float[]> pass(Shape sample, Block block) throws Exception {
        Optimizer still = Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0)).build();
        try (Toy shaped = new Toy(sample);
                Model model = Toy.model(block)) {
            try (Trainer trainer = shaped.trainer(model, Toy.config(still, listener(shaped)))) {
                shaped.fit(trainer, 1);
            }
            return new ArrayList<>(Toy.parameters(block).values());
        }
    }

    /** The 512 points that the toy is trained on: eight batches, all of which are looked at. */
    float[][] points() {
        try (NDArray data = toy.data(1).getByRange(toy.manager(), 0, 512).getData().head()) {
            float[] flat = data.toFloatArray();
            float[][] points = new float[512][Toy.FEATURES];
            for (int i = 0; i < flat.length; ++i) {
                points[i / Toy.FEATURES][i % Toy.FEATURES] = flat[i];
            }
            return points;
        }
    }

    /** Mean absolute values of each component. */
    static double[] means(float[][] rows) {
        double[] means = new double[rows[0].length];
        for (float[] row : rows) {
            for (int i = 0; i < means.length; ++i) {
                means[i] += Math.abs(row[i]) / rows.length;
            }
        }
        return means;
    }

    static Conv2d convolution(int filters, int groups) {
        return Conv2d.builder()
                .setKernelShape(new Shape(2, 2))
                .optPadding(new Shape(1, 1))
                .setFilters(filters)
                .optGroups(groups)
                .build();
    }

    static Block image(Block... convolutions) {
        SequentialBlock net = new SequentialBlock();
        for (Block block : convolutions) {
            net.add(block);
        }
        return net.add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(Toy.CLASSES).build());
    }
}
