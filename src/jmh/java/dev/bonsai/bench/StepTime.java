package dev.bonsai.bench;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import dev.bonsai.CompressionListener;
import dev.bonsai.core.Technique;
import dev.bonsai.examples.data.Augmentation;
import dev.bonsai.examples.data.DataSource;
import dev.bonsai.examples.network.Network;
import dev.bonsai.gate.Gate;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Scope;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Prints what a training step costs with compression, as a ratio to the plain step of the same run:
 * a {@link Workload} with Adam.
 *
 * <p>The variants take turns of a few steps, so that what else the machine does hits them alike, and
 * the ratios are medians over the turns. They are made anew several times, as where the arrays of a
 * model happen to lie in memory is worth some points.
 */
public final class StepTime {

    private static final Batchifier STACK = Batchifier.STACK;
    private static final int STEPS = 5;
    private static final int ROUNDS = 25;
    private static final int WARMUP_ROUNDS = 4;
    private static final int MODELS = 4;
    private static final double UNDISTURBED = 0.1;

    private final Workload workload;
    private final List<NDList> batches;
    private final Map<String, List<Technique>> variants = new LinkedHashMap<>();
    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

    private StepTime(Workload workload, NDManager manager) throws IOException, TranslateException {
        this.workload = workload;
        batches = workload.batches(manager);
        Technique masks =
                Pruning.builder()
                        .setTargetSparsity(0.9f)
                        .optScope(Scope.LOCAL) // else nothing may be left of a small layer
                        .optSchedule(SparsitySchedule.constant())
                        .build();
        Technique fourBits = Quantization.builder().setBits(4).build();
        variants.put("plain", List.of());
        variants.put("masks", List.of(masks));
        variants.put("4 bits", List.of(fourBits));
        variants.put("masks + 4 bits", List.of(masks, fourBits));
    }

    /**
     * Runs the benchmark.
     *
     * @param args the network (default {@code lenet5}), and the turns of each variant in each of
     *     four sets of models (default 25)
     * @throws IOException if the bundled digits can't be read
     * @throws TranslateException if they can't be made into batches
     */
    public static void main(String[] args) throws IOException, TranslateException {
        Workload workload =
                args.length > 0
                        ? Workload.valueOf(args[0].toUpperCase(Locale.ROOT))
                        : Workload.LENET5;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : ROUNDS;
        try (NDManager manager = NDManager.newBaseManager()) {
            StepTime benchmark = new StepTime(workload, manager);
            if (workload == Workload.LENET5) {
                benchmark.memory(); // first, before anything has been freed that may be taken again
            }
            for (int i = 0; i < MODELS; ++i) {
                benchmark.measure(rounds);
            }
            benchmark.print();
        }
    }

    private void measure(int rounds) {
        Map<String, Runner> runners = new LinkedHashMap<>();
        variants.forEach((name, techniques) -> runners.put(name, new Runner(techniques)));
        List<String> order = new ArrayList<>(runners.keySet());
        for (int round = -WARMUP_ROUNDS; round < rounds; ++round) {
            for (String name : order) {
                double time = runners.get(name).time(STEPS);
                if (round >= 0) {
                    seconds.computeIfAbsent(name, key -> new ArrayList<>()).add(time);
                }
            }
            Collections.rotate(order, 1);
        }
        runners.values().forEach(Runner::close);
    }

    private void print() {
        List<Double> plain = seconds.get("plain");
        for (String name : variants.keySet()) {
            List<Double> times = seconds.get(name);
            List<Double> ratios =
                    IntStream.range(0, plain.size())
                            .mapToObj(i -> times.get(i) / plain.get(i))
                            .toList();
            System.out.printf(
                    Locale.ROOT,
                    "%-12s %-15s %7.2f ms/step  ratio %.3f  of the undisturbed %.3f%n",
                    workload.name().toLowerCase(Locale.ROOT),
                    name,
                    1e3 * quantile(times, 0.5) / STEPS,
                    quantile(ratios, 0.5),
                    quantile(times, UNDISTURBED) / quantile(plain, UNDISTURBED));
        }
    }

    /** Prints what further steps with masks and 4 bits leave behind. */
    private void memory() {
        try (Runner runner = new Runner(variants.get("masks + 4 bits"))) {
            runner.time(1000);
            int arrays = runner.arrays();
            for (int thousand = 1; thousand <= 3; ++thousand) {
                long resident = residentKilobytes();
                runner.time(1000);
                System.out.printf(
                        "1,000 steps     %+d arrays, %+,d KB resident of %,d KB%n",
                        runner.arrays() - arrays,
                        residentKilobytes() - resident,
                        residentKilobytes());
            }
        }
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

    private static double quantile(List<Double> values, double fraction) {
        return values.stream()
                .sorted()
                .skip(Math.round(fraction * (values.size() - 1)))
                .findFirst()
                .orElseThrow();
    }

    private final class Runner implements AutoCloseable {

        private final Model model = Model.newInstance("bench");
        private final Trainer trainer;
        private int steps;

        Runner(List<Technique> techniques) {
            Engine.getInstance().setRandomSeed(1);
            model.setBlock(workload.newBlock());
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                            .optOptimizer(Optimizer.adam().build());
            if (!techniques.isEmpty()) {
                config.addTrainingListeners(listener(techniques));
            }
            trainer = model.newTrainer(config);
            trainer.initialize(workload.input());
            step(); // measures the baseline and accepts the first technique
            for (int i = 0; i < techniques.size(); ++i) {
                trainer.notifyListeners(listener -> listener.onEpoch(trainer));
            }
        }

        private CompressionListener listener(List<Technique> techniques) {
            ArrayDataset dataset =
                    new ArrayDataset.Builder()
                            .setData(batches.get(0).get(0))
                            .optLabels(batches.get(0).get(1))
                            .setSampling(workload.batch(), false)
                            .build();
            CompressionListener.Builder builder = CompressionListener.builder().optWarmup(0);
            techniques.forEach(builder::addTechnique);
            return builder.optGate(
                            Gate.builder()
                                    .optEvaluation(dataset, new Accuracy())
                                    .optMaxDrop(1)
                                    .build())
                    .build();
        }

        /** Returns the arrays that the model and the trainer own. */
        int arrays() {
            return ((BaseNDManager) model.getNDManager()).getManagedArrays().size();
        }

        double time(int count) {
            long begin = System.nanoTime();
            for (int i = 0; i < count; ++i) {
                step();
            }
            return (System.nanoTime() - begin) / 1e9;
        }

        /** A step as {@link EasyTrain#fit} takes it, with a batch that stays. */
        private void step() {
            NDList next = batches.get(steps++ % batches.size());
            try (NDManager owner = trainer.getManager().newSubManager()) {
                NDList data = new NDList(next.get(0).stopGradient());
                NDList targets = new NDList(next.get(1).stopGradient());
                data.attach(owner);
                targets.attach(owner);
                Batch batch =
                        new Batch(owner, data, targets, workload.batch(), STACK, STACK, steps, Long.MAX_VALUE);
                EasyTrain.trainBatch(trainer, batch);
                trainer.step();
            }
        }

        @Override
        public void close() {
            trainer.close();
            model.close();
        }
    }
}
