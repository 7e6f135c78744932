package dev.bonsai.bench;

import ai.djl.Model;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.transformer.BertBlock;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.examples.network.Network;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.trace.Tracer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Prints what a forward pass and a training step of a {@link GraphBlock} take, as a ratio to those
 * of the block that its graph was traced from, in the same run.
 *
 * <p>Both take turns, so that what else the machine does hits them alike, and the ratios are
 * medians over the turns.
 */
public final class GraphBlockTime {

    private static final int ROUNDS = 15;
    private static final int WARMUP_ROUNDS = 3;
    private static final long TURN_NANOS = 200_000_000L;

    /** The networks. */
    private enum Case {
        LENET5,
        RESNET18,
        BERT;

        Block block() {
            return switch (this) {
                case LENET5 -> Network.LENET5.newBlock();
                case RESNET18 ->
                        ResNetV1.builder()
                                .setImageShape(new Shape(3, 32, 32))
                                .setNumLayers(18)
                                .setOutSize(10)
                                .build();
                case BERT ->
                        BertBlock.builder()
                                .nano()
                                .setTokenDictionarySize(1000)
                                .optMaxSequenceLength(32)
                                .build();
            };
        }

        NDList inputs(NDManager manager, int batch) {
            return switch (this) {
                case LENET5 -> images(manager, new Shape(batch, 1, 28, 28));
                case RESNET18 -> images(manager, new Shape(batch, 3, 32, 32));
                case BERT -> {
                    Shape shape = new Shape(batch, 32);
                    yield new NDList(
                            manager.randomInteger(0, 1000, shape, DataType.INT64),
                            manager.zeros(shape, DataType.INT64),
                            manager.ones(shape, DataType.INT64));
                }
            };
        }

        private static NDList images(NDManager manager, Shape shape) {
            return new NDList(manager.randomUniform(0, 1, shape, DataType.FLOAT32));
        }

        int batch() {
            return this == LENET5 ? 32 : this == RESNET18 ? 16 : 4;
        }
    }

    /** The mean of the squares of all outputs. */
    private static final class Square extends Loss {

        Square() {
            super("square");
        }

        @Override
        public NDArray evaluate(NDList labels, NDList predictions) {
            NDArray sum = null;
            for (NDArray output : predictions) {
                NDArray mean = output.square().mean();
                sum = sum == null ? mean : sum.add(mean);
            }
            return sum;
        }
    }

    /** A block in a model of its own, with a trainer. */
    private static final class Runner implements AutoCloseable {

        private final Model model;
        private final Trainer trainer;

        Runner(Block block, Model model) {
            this.model = model;
            model.setBlock(block);
            trainer =
                    model.newTrainer(
                            new DefaultTrainingConfig(new Square())
                                    .optOptimizer(
                                            Optimizer.sgd()
                                                    .setLearningRateTracker(Tracker.fixed(1e-3f))
                                                    .build()));
        }

        void forward(NDList inputs) {
            try (NDManager scratch = model.getNDManager().newSubManager()) {
                trainer.evaluate(aliases(inputs, scratch)).head().toByteBuffer();
            }
        }

        void step(NDList inputs) {
            try (NDManager scratch = model.getNDManager().newSubManager()) {
                NDList own = aliases(inputs, scratch);
                try (GradientCollector collector = trainer.newGradientCollector()) {
                    NDList outputs = trainer.forward(own);
                    collector.backward(trainer.getLoss().evaluate(own, outputs));
                }
                trainer.step();
            }
        }

        private static NDList aliases(NDList inputs, NDManager owner) {
            NDList aliases = new NDList();
            for (NDArray input : inputs) {
                NDArray alias = input.stopGradient();
                alias.attach(owner);
                aliases.add(alias);
            }
            return aliases;
        }

        /** Returns the seconds of one run, the mean over a turn. */
        double time(Consumer<NDList> run, NDList inputs) {
            long begin = System.nanoTime();
            int count = 0;
            do {
                run.accept(inputs);
                ++count;
            } while (System.nanoTime() - begin < TURN_NANOS);
            return (System.nanoTime() - begin) * 1e-9 / count;
        }

        @Override
        public void close() {
            trainer.close();
            model.close();
        }
    }

    private GraphBlockTime() {}

    /**
     * Runs the benchmark.
     *
     * @param args the network (default all), the batch size, and the turns
     */
    public static void main(String[] args) {
        for (Case network : Case.values()) {
            if (args.length == 0 || network.name().equalsIgnoreCase(args[0])) {
                int batch = args.length > 1 ? Integer.parseInt(args[1]) : network.batch();
                int rounds = args.length > 2 ? Integer.parseInt(args[2]) : ROUNDS;
                measure(network, batch, rounds);
            }
        }
    }

    private static void measure(Case network, int batch, int rounds) {
        Engine.getInstance().setRandomSeed(1);
        Model model = Model.newInstance("block");
        Model other = Model.newInstance("graph");
        Block block = network.block();
        try (NDManager manager = NDManager.newBaseManager()) {
            NDList inputs = network.inputs(manager, batch);
            block.initialize(model.getNDManager(), DataType.FLOAT32, inputs.getShapes());
            GraphModel traced = Tracer.trace(block, network.inputs(manager, 3));
            GraphBlock graph = GraphBlock.of(traced);
            graph.initialize(other.getNDManager());
            try (Runner plain = new Runner(block, model);
                    Runner made = new Runner(graph, other)) {
                compare("forward", network, batch, plain, made, inputs, rounds);
                compare("step", network, batch, plain, made, inputs, rounds);
            }
        }
    }

    private static void compare(
            String what,
            Case network,
            int batch,
            Runner plain,
            Runner made,
            NDList inputs,
            int rounds) {
        boolean forward = what.equals("forward");
        List<Double> first = new ArrayList<>();
        List<Double> second = new ArrayList<>();
        for (int round = -WARMUP_ROUNDS; round < rounds; ++round) {
            double a = plain.time(forward ? plain::forward : plain::step, inputs);
            double b = made.time(forward ? made::forward : made::step, inputs);
            if (round >= 0) {
                first.add(a);
                second.add(b);
            }
        }
        double[] ratios =
                IntStream.range(0, first.size())
                        .mapToDouble(i -> second.get(i) / first.get(i))
                        .sorted()
                        .toArray();
        System.out.printf(
                Locale.ROOT,
                "%-9s batch %2d %-8s block %8.3f ms  graph %8.3f ms  ratio %.3f (%.3f to %.3f)%n",
                network.name().toLowerCase(Locale.ROOT),
                batch,
                what,
                1e3 * median(first),
                1e3 * median(second),
                ratios[ratios.length / 2],
                ratios[ratios.length / 4],
                ratios[ratios.length * 3 / 4]);
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
