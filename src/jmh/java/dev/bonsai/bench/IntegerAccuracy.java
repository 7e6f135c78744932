package dev.bonsai.bench;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import dev.bonsai.examples.data.Augmentation;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.network.Network;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.onnx.Calibration;
import dev.bonsai.onnx.ExportCheck;
import dev.bonsai.onnx.ExportChoice;
import dev.bonsai.onnx.ExportMetric;
import dev.bonsai.onnx.ExportSpeed;
import dev.bonsai.onnx.OnnxExport;
import dev.bonsai.onnx.OnnxExporter;
import dev.bonsai.onnx.OnnxForm;
import dev.bonsai.onnx.OnnxQuantization;
import dev.bonsai.runtime.Tensor;
import dev.bonsai.trace.Tracer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Prints the accuracy of a network for images on its test images, in floats, int8 and 4 bits: of a
 * {@code .bonsai} file, or else of a network that it trains for some epochs.
 */
@Command(name = "IntegerAccuracy", mixinStandardHelpOptions = true, sortOptions = false)
public final class IntegerAccuracy implements Callable<Integer> {

    private static final double LEAST_DECIBELS = -10;
    private static final double LARGEST_LOSS = 0.005;
    private static final int BATCH = 64;

    @Option(names = "--data", description = "a folder with MNIST's files, or CIFAR-10's")
    private Path folder = Path.of("../shared/datasets/mnist");

    @Option(names = "--model", description = "a .bonsai file with its graph")
    private Optional<Path> model = Optional.empty();

    @Option(names = "--network", description = "what is trained where there is none")
    private Network network = Network.LENET5;

    @Option(names = "--epochs", description = "how long it is trained")
    private int epochs = 2;

    private IntegerAccuracy() {}

    /** Prints the table. */
    public static void main(String[] arguments) {
        System.exit(
                new CommandLine(new IntegerAccuracy())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        ImageData data = ImageData.fromFolder(folder);
        GraphModel graph =
                model.isPresent()
                        ? BonsaiFile.read(model.get()).graphModel().orElseThrow()
                        : trained(data);
        List<int[]> labels = new ArrayList<>();
        List<Tensor> images = read(data.test(), labels);
        List<Tensor> samples = read(data.validation(), new ArrayList<>()).subList(0, 1);
        ExportMetric accuracy = ExportMetric.accuracy(images, labels);
        Calibration calibration = Calibration.of(graph, samples.toArray(Tensor[]::new));
        Path written = Files.createTempDirectory("accuracy");
        OnnxExport floats =
                OnnxExporter.write(
                        written.resolve(OnnxForm.FLOAT32.name()),
                        calibration.model(),
                        ExportCheck.builder().optMetric(accuracy).build());
        System.out.println(floats);
        List<ExportSpeed> speeds = new ArrayList<>();
        for (OnnxForm form :
                List.of(OnnxForm.STATIC_INT8, OnnxForm.DYNAMIC_INT8, OnnxForm.BLOCKS_4_BIT)) {
            OnnxExport export =
                    OnnxExporter.write(
                            written.resolve(form.name()),
                            calibration,
                            OnnxQuantization.builder(form)
                                    .optMetric(accuracy)
                                    .optLeastDecibels(LEAST_DECIBELS)
                                    .build());
            System.out.println(export);
            speeds.add(ExportSpeed.measure(floats, export, calibration));
        }
        System.out.println(ExportChoice.of(speeds).within(LARGEST_LOSS));
        for (ExportSpeed speed : speeds) {
            Files.delete(speed.integers().file());
        }
        Files.delete(floats.file());
        Files.delete(written);
        return 0;
    }

    private GraphModel trained(ImageData data) throws Exception {
        Engine.getInstance().setRandomSeed(1);
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                        .optOptimizer(Optimizer.adam().build());
        try (Model trainee = Model.newInstance(network.id())) {
            trainee.setBlock(network.newBlock());
            try (Trainer trainer = trainee.newTrainer(config)) {
                Shape shape = network.input().shape(3);
                trainer.initialize(shape);
                EasyTrain.fit(trainer, epochs, data.train(BATCH, 1, Augmentation.NONE), null);
                return Tracer.trace(
                        trainee.getBlock(),
                        new NDList(
                                trainer.getManager().zeros(shape, DataType.FLOAT32)));
            }
        }
    }

    private static List<Tensor> read(RandomAccessDataset data, List<int[]> labels)
            throws Exception {
        List<Tensor> images = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            for (Batch batch : data.getData(manager)) {
                NDArray pixels = batch.getData().head();
                int[] shape = new int[pixels.getShape().dimension()];
                for (int i = 0; i < shape.length; ++i) {
                    shape[i] = Math.toIntExact(pixels.getShape().get(i));
                }
                images.add(Tensor.of(pixels.toFloatArray(), shape));
                labels.add(
                        batch.getLabels()
                                .head()
                                .toType(DataType.INT32, false)
                                .flatten()
                                .toIntArray());
                batch.close();
            }
        }
        return images;
    }
}
