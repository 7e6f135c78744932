package dev.bonsai.bench;

import ai.djl.Model;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.bonsai.CompressionListener;
import dev.bonsai.activation.ActivationGrids;
import dev.bonsai.core.Technique;
import dev.bonsai.examples.data.Augmentation;
import dev.bonsai.examples.data.DataSource;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.network.Network;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.gate.Gate;
import dev.bonsai.onnx.Calibration;
import dev.bonsai.onnx.OnnxExporter;
import dev.bonsai.onnx.OnnxQuantization;
import dev.bonsai.quantization.ActivationQuantization;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.quantization.Scales;
import dev.bonsai.runtime.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Trains networks on the bundled digits with rounded activations, writes them in int8, and compares
 * what the gate has judged with what ONNX Runtime computes.
 */
public final class TrainedIntegers {

    private static final int PIXELS = 28;
    private static final int CLASSES = 10;
    private static final int BATCH = 50;

    private TrainedIntegers() {}

    /** Takes down what the model gives whenever it is measured. */
    private static final class Measured extends Accuracy {

        private final List<float[]> scores = new ArrayList<>();

        @Override
        public void updateAccumulators(String[] keys, NDList labels, NDList predictions) {
            scores.add(predictions.head().toFloatArray());
            super.updateAccumulators(keys, labels, predictions);
        }
    }

    /** Prints the table; the arguments are epochs and names of networks. */
    public static void main(String[] arguments) throws Exception {
        int epochs = arguments.length == 0 ? 4 : Integer.parseInt(arguments[0]);
        Map<String, Supplier<Block>> networks = new LinkedHashMap<>();
        networks.put("LeNet-5", Network.LENET5::newBlock);
        networks.put("ResNetV1", TrainedIntegers::residual);
        networks.put("rows", TrainedIntegers::rows);
        System.out.println(
                "| network | ranges | judged | int8 file | largest difference in steps"
                        + " | without training | its largest difference |");
        System.out.println("|---|---|---|---|---|---|---|");
        ImageData data = DataSource.DIGITS.load();
        for (var network : networks.entrySet()) {
            if (arguments.length < 2 || List.of(arguments).contains(network.getKey())) {
                for (Scales scales : List.of(Scales.FREE, Scales.LEARNED)) {
                    run(network.getKey(), network.getValue().get(), scales, data, epochs);
                }
            }
        }
    }

    private static Block residual() {
        return ResNetV1.builder()
                .setImageShape(new Shape(1, PIXELS, PIXELS))
                .setNumLayers(8)
                .setOutSize(CLASSES)
                .build();
    }

    /** Products of three dimensions, layer normalisation and GELU over the rows of a picture. */
    private static Block rows() {
        return new SequentialBlock()
                .add(new LambdaBlock(list -> new NDList(list.head().squeeze(1))))
                .add(Linear.builder().setUnits(64).build())
                .add(Activation::gelu)
                .add(LayerNorm.builder().axis(2).build())
                .add(Linear.builder().setUnits(32).build())
                .add(Activation::relu)
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(CLASSES).build());
    }

    private static void run(String name, Block block, Scales scales, ImageData data, int epochs)
            throws Exception {
        Engine.getInstance().setRandomSeed(1);
        Measured measured = new Measured();
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechniques(techniques(scales))
                        .optGate(
                                Gate.builder()
                                        .optEvaluation(data.test(), measured)
                                        .optMaxDrop(0.05f)
                                        .build())
                        .build();
        try (Model model = Model.newInstance(name)) {
            model.setBlock(block);
            try (Trainer trainer = model.newTrainer(config(listener))) {
                trainer.initialize(new Shape(BATCH, 1, PIXELS, PIXELS));
                EasyTrain.fit(trainer, epochs, data.train(BATCH, 1, Augmentation.NONE), null);
            }
        }
        System.err.println(listener.getReport());
        compare(name, scales, listener, measured, data);
    }

    private static List<Technique> techniques(Scales scales) {
        return List.of(
                Quantization.builder().setBits(8).build(),
                ActivationQuantization.builder().setBits(8).optScales(scales).build());
    }

    private static DefaultTrainingConfig config(CompressionListener listener) {
        return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .addEvaluator(new Accuracy())
                .optOptimizer(
                        Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.001f)).build())
                .addTrainingListeners(TrainingListener.Defaults.basic())
                .addTrainingListeners(listener);
    }

    private static void compare(
            String name,
            Scales scales,
            CompressionListener listener,
            Measured measured,
            ImageData data)
            throws Exception {
        Path folder = Files.createTempDirectory("integers");
        Path file = folder.resolve("model.bonsai");
        listener.getCompressedModel().save(file);
        BonsaiModel stored = BonsaiFile.read(file);
        ActivationGrids grids = ActivationGrids.of(stored).orElseThrow();
        Path int8 = folder.resolve("int8.onnx");
        System.err.println(OnnxExporter.write(int8, stored.graphModel().orElseThrow(), grids));
        Path calibrated = folder.resolve("calibrated.onnx");
        List<Tensor> samples = new ArrayList<>();
        for (float[] pixels : pictures(data.train(BATCH, 1, Augmentation.NONE), 5)) {
            samples.add(Tensor.of(pixels, pixels.length / PIXELS / PIXELS, 1, PIXELS, PIXELS));
        }
        Calibration calibration =
                Calibration.of(
                        stored.graphModel().orElseThrow(), samples.toArray(Tensor[]::new));
        OnnxExporter.write(calibrated, calibration, OnnxQuantization.staticInt8());
        List<float[]> pictures = pictures(data.test(), Integer.MAX_VALUE);
        Result trained = Result.of(int8, pictures, measured.scores, data);
        Result untrained = Result.of(calibrated, pictures, measured.scores, data);
        System.out.printf(
                "| %s | %s | %.4f | %.4f | %.5f | %.4f | %.2f |%n",
                name,
                scales,
                listener.getReport().achieved(),
                trained.accuracy(),
                trained.steps(),
                untrained.accuracy(),
                untrained.steps());
        for (Path written : List.of(file, int8, calibrated)) {
            Files.delete(written);
        }
        Files.delete(folder);
    }

    private static List<float[]> pictures(Dataset set, int most) throws Exception {
        List<float[]> pictures = new ArrayList<>();
        try (Model model = Model.newInstance("data")) {
            for (Batch batch : set.getData(model.getNDManager())) {
                try (batch) {
                    if (pictures.size() < most) {
                        pictures.add(batch.getData().head().toFloatArray());
                    }
                }
            }
        }
        return pictures;
    }

    /** What a file gives beside what was judged. */
    private record Result(double accuracy, double steps) {

        static Result of(Path file, List<float[]> pictures, List<float[]> judged, ImageData data)
                throws Exception {
            float[] scores = joined(scores(file, pictures));
            float[] expected = joined(judged);
            float[] labels = joined(labels(data));
            int from = expected.length - scores.length; // the last time that it was measured
            double difference = 0;
            double largest = 0;
            for (int i = 0; i < scores.length; ++i) {
                difference = Math.max(difference, Math.abs(scores[i] - expected[from + i]));
                largest = Math.max(largest, Math.abs(expected[from + i]));
            }
            int right = 0;
            for (int row = 0; row < labels.length; ++row) {
                right += best(scores, row) == (int) labels[row] ? 1 : 0;
            }
            return new Result((double) right / labels.length, difference * 127 / largest);
        }

        private static float[] joined(List<float[]> parts) {
            FloatBuffer all = FloatBuffer.allocate(parts.stream().mapToInt(p -> p.length).sum());
            parts.forEach(all::put);
            return all.array();
        }

        private static List<float[]> labels(ImageData data) throws Exception {
            List<float[]> labels = new ArrayList<>();
            try (Model model = Model.newInstance("labels")) {
                for (Batch batch : data.test().getData(model.getNDManager())) {
                    try (batch;
                            NDArray floats =
                                    batch.getLabels()
                                            .head()
                                            .toType(
                                                    ai.djl.ndarray.types.DataType.FLOAT32,
                                                    false)) {
                        labels.add(floats.toFloatArray());
                    }
                }
            }
            return labels;
        }

        private static int best(float[] scores, int row) {
            int best = 0;
            for (int i = 1; i < CLASSES; ++i) {
                best = scores[row * CLASSES + i] > scores[row * CLASSES + best] ? i : best;
            }
            return best;
        }

        private static List<float[]> scores(Path file, List<float[]> pictures)
                throws OrtException, IOException {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            List<float[]> scores = new ArrayList<>();
            try (OrtSession session = environment.createSession(Files.readAllBytes(file))) {
                String input = session.getInputNames().iterator().next();
                for (float[] pixels : pictures) {
                    long[] shape = {pixels.length / PIXELS / PIXELS, 1, PIXELS, PIXELS};
                    try (OnnxTensor tensor =
                                    OnnxTensor.createTensor(
                                            environment, FloatBuffer.wrap(pixels), shape);
                            OrtSession.Result result = session.run(Map.of(input, tensor))) {
                        FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
                        float[] copy = new float[values.remaining()];
                        values.get(copy);
                        scores.add(copy);
                    }
                }
            }
            return scores;
        }
    }
}
