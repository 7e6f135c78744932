package dev.bonsai.bench;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.translate.TranslateException;
import dev.bonsai.Checkpoint;
import dev.bonsai.CompressionListener;
import dev.bonsai.checkpoint.ResumableOptimizer;
import dev.bonsai.core.Technique;
import dev.bonsai.gate.Gate;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.sharing.WeightSharing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Trains a large model for a few steps, and prints the most memory that the process had. It is to
 * be run with a heap of a fixed size, so that the difference between two runs is native memory.
 */
public final class MemoryUse {

    private static final int EPOCHS = 4;
    private static final int BATCHES = 2;
    private static final int BATCH = 2;

    private MemoryUse() {}

    /** What is done to the weights. */
    private enum Variant {
        PLAIN,
        MASKS,
        BITS,
        MASKS_BITS,
        MASKS_BITS_CHECKPOINTS,
        MASKS_SHARING;

        List<Technique> techniques() {
            Technique masks =
                    Pruning.builder()
                            .setTargetSparsity(0.9f)
                            .optSchedule(SparsitySchedule.constant())
                            .build();
            Technique bits = Quantization.builder().setBits(4).build();
            return switch (this) {
                case PLAIN -> List.of();
                case MASKS -> List.of(masks);
                case BITS -> List.of(bits);
                case MASKS_BITS, MASKS_BITS_CHECKPOINTS -> List.of(masks, bits);
                case MASKS_SHARING ->
                        List.of(masks, WeightSharing.builder().setCentroids(16).build());
            };
        }
    }

    /**
     * Runs the benchmark.
     *
     * @param args what is done, the number of layers, and the units of each: {@code masks_bits 1
     *     10000} for a layer of a hundred million weights
     * @throws IOException if the digits can't be read
     * @throws TranslateException if the data can't be made into batches
     */
    public static void main(String[] args) throws IOException, TranslateException {
        Variant variant = Variant.valueOf(args[0].toUpperCase(Locale.ROOT));
        int layers = Integer.parseInt(args[1]);
        int units = Integer.parseInt(args[2]);
        Engine.getInstance().setRandomSeed(1);
        try (NDManager manager = NDManager.newBaseManager();
                Model model = Model.newInstance("large")) {
            ArrayDataset data = data(manager, units);
            model.setBlock(block(layers, units));
            ResumableOptimizer adam = ResumableOptimizer.of(Optimizer.adam().build());
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()).optOptimizer(adam);
            CompressionListener.Builder builder =
                    CompressionListener.builder()
                            .optWarmup(0)
                            .optGate(
                                    Gate.builder()
                                            .optEvaluation(data, new Accuracy())
                                            .optMaxDrop(1)
                                            .build());
            variant.techniques().forEach(builder::addTechnique);
            Path folder = Files.createTempDirectory("bonsai-checkpoints");
            Checkpoint checkpoint = Checkpoint.in(folder).withOptimizer(adam);
            boolean written = variant == Variant.MASKS_BITS_CHECKPOINTS;
            if (written) {
                builder.optCheckpoint(checkpoint);
            }
            if (variant != Variant.PLAIN) {
                config.addTrainingListeners(builder.build());
            }
            long begin = System.nanoTime();
            config.addTrainingListeners(new EachEpoch(begin));
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(BATCH, units));
                int epochs = written ? checkpoint.epochsLeft(trainer, EPOCHS) : EPOCHS;
                EasyTrain.fit(trainer, epochs, data, null);
                report("trained", begin);
            }
            report(variant + " of " + layers + " layers of " + units + " units", begin);
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static SequentialBlock block(int layers, int units) {
        SequentialBlock block = new SequentialBlock();
        for (int i = 0; i < layers; ++i) {
            block.add(Linear.builder().setUnits(units).optBias(false).build());
            if (i + 1 < layers) {
                block.add(Activation::relu);
            }
        }
        return block;
    }

    private static ArrayDataset data(NDManager manager, int units) {
        int samples = BATCHES * BATCH;
        NDArray inputs = manager.randomNormal(new Shape(samples, units));
        NDArray labels = manager.randomInteger(0, units, new Shape(samples), DataType.INT32);
        return new ArrayDataset.Builder()
                .setData(inputs)
                .optLabels(labels)
                .setSampling(BATCH, false)
                .build();
    }

    /** Prints what there was up to each epoch's end, the gate's work included. */
    private static final class EachEpoch extends TrainingListenerAdapter {

        private final long begin;
        private int epoch;

        EachEpoch(long begin) {
            this.begin = begin;
        }

        @Override
        public void onEpoch(Trainer trainer) {
            report("epoch " + ++epoch, begin);
        }
    }

    private static void report(String what, long begin) {
        System.out.printf(
                Locale.ROOT,
                "%s: heap of at most %,d MB, process of at most %,d MB, %.0f s%n",
                what,
                Runtime.getRuntime().maxMemory() >> 20,
                peakKilobytes() >> 10,
                (System.nanoTime() - begin) / 1e9);
    }

    /** Returns the most memory that the process had where the system tells (Linux). */
    private static long peakKilobytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
