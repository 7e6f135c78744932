package dev.bonsai.bench;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import dev.bonsai.CompressionListener;
import dev.bonsai.core.Technique;
import dev.bonsai.examples.network.Network;
import dev.bonsai.gate.Gate;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Prints what a training step costs with compression, as a ratio to the plain step of the same run:
 * LeNet-5, batches of 128, Adam. The variants take turns, and the ratios are medians over the rounds.
 */
public final class StepTime {

    private static final int BATCH = 128;
    private static final int STEPS = 20;
    private static final int ROUNDS = 25;
    private static final int WARMUP_ROUNDS = 4;

    private StepTime() {}

    /**
     * Runs the benchmark.
     *
     * @param args the number of rounds (default 25)
     */
    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : ROUNDS;
        Technique masks =
                Pruning.builder()
                        .setTargetSparsity(0.9f)
                        .optSchedule(SparsitySchedule.constant())
                        .build();
        Technique fourBits = Quantization.builder().setBits(4).build();
        Map<String, List<Technique>> variants = new LinkedHashMap<>();
        variants.put("plain", List.of());
        variants.put("masks", List.of(masks));
        variants.put("4 bits", List.of(fourBits));
        variants.put("masks + 4 bits", List.of(masks, fourBits));
        try (NDManager manager = NDManager.newBaseManager()) {
            Runner[] runners =
                    variants.values().stream()
                            .map(techniques -> new Runner(manager, techniques))
                            .toArray(Runner[]::new);
            double[][] seconds = new double[runners.length][rounds];
            for (int round = -WARMUP_ROUNDS; round < rounds; ++round) {
                for (int i = 0; i < runners.length; ++i) {
                    double time = runners[i].time();
                    if (round >= 0) {
                        seconds[i][round] = time;
                    }
                }
            }
            int i = 0;
            for (String name : variants.keySet()) {
                double[] ratios = new double[rounds];
                for (int round = 0; round < rounds; ++round) {
                    ratios[round] = seconds[i][round] / seconds[0][round];
                }
                System.out.printf(
                        "%-15s %7.2f ms/step  ratio %.3f%n",
                        name, 1e3 * median(seconds[i]) / STEPS, median(ratios));
                ++i;
            }
            memory(runners[runners.length - 1]);
            Arrays.stream(runners).forEach(Runner::close);
        }
    }

    /** Prints what 1,000 further steps with masks and 4 bits leave behind. */
    private static void memory(Runner runner) {
        int arrays = runner.arrays();
        long resident = residentKilobytes();
        for (int i = 0; i < 1000 / STEPS; ++i) {
            runner.time();
        }
        System.out.printf(
                "1,000 steps     %+d arrays, %+d KB resident of %,d%n",
                runner.arrays() - arrays, residentKilobytes() - resident, residentKilobytes());
    }

    /** Returns the memory of the process where the system tells (Linux), and 0 elsewhere. */
    private static long residentKilobytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static final class Runner {

        private final Model model = Model.newInstance("bench");
        private final Trainer trainer;
        private final NDArray images;
        private final NDArray labels;

        Runner(NDManager manager, List<Technique> techniques) {
            Engine.getInstance().setRandomSeed(1);
            images = manager.randomUniform(0, 1, new Shape(BATCH, 1, 28, 28));
            labels = manager.arange(BATCH).mod(10).toType(images.getDataType(), false);
            model.setBlock(Network.LENET5.newBlock());
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                            .optOptimizer(Optimizer.adam().build());
            if (!techniques.isEmpty()) {
                config.addTrainingListeners(listener(techniques));
            }
            trainer = model.newTrainer(config);
            trainer.initialize(new Shape(BATCH, 1, 28, 28));
            step(); // measures the baseline and accepts the first technique
            for (int i = 0; i < techniques.size(); ++i) {
                trainer.notifyListeners(listener -> listener.onEpoch(trainer));
            }
        }

        private CompressionListener listener(List<Technique> techniques) {
            ArrayDataset dataset =
                    new ArrayDataset.Builder()
                            .setData(images)
                            .optLabels(labels)
                            .setSampling(BATCH, false)
                            .build();
            CompressionListener.Builder builder = CompressionListener.builder().optWarmup(0);
            techniques.forEach(builder::addTechnique);
            return builder.optGate(
                            Gate.builder()
                                    .setEvaluation(dataset, new Accuracy())
                                    .optMaxDrop(1)
                                    .build())
                    .build();
        }

        /** Returns the arrays that the model and the trainer own. */
        int arrays() {
            return ((BaseNDManager) model.getNDManager()).getManagedArrays().size();
        }

        double time() {
            long begin = System.nanoTime();
            for (int i = 0; i < STEPS; ++i) {
                step();
            }
            return (System.nanoTime() - begin) / 1e9;
        }

        private void step() {
            try (NDManager batch = trainer.getManager().newSubManager()) {
                NDList data = new NDList(images.stopGradient());
                NDList targets = new NDList(labels.stopGradient());
                data.attach(batch);
                targets.attach(batch);
                try (GradientCollector collector = trainer.newGradientCollector()) {
                    NDList predictions = trainer.forward(data, targets);
                    collector.backward(trainer.getLoss().evaluate(targets, predictions));
                }
                trainer.step();
            }
        }

        void close() {
            trainer.close();
            model.close();
        }
    }
}
