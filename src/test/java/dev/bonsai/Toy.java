package dev.bonsai;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.gate.Gate;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** A problem that trains within a second: four clouds of points in eight dimensions. */
public final class Toy implements AutoCloseable {

    public static final int FEATURES = 8;
    public static final int CLASSES = 4;
    private static final int SAMPLES = 512;
    private static final int BATCH = 64;

    private final NDManager manager = NDManager.newBaseManager();
    private final Shape sample;

    public Toy() {
        this(new Shape(FEATURES));
    }

    /** The same points, each in another shape of eight elements. */
    public Toy(Shape sample) {
        this.sample = sample;
    }

    public static Block mlp() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(32).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(CLASSES).build());
    }

    public static Model model(Block block) {
        Model model = Model.newInstance("toy");
        model.setBlock(block);
        return model;
    }

    public ArrayDataset data(long seed) {
        Random random = new Random(seed);
        float[] points = new float[SAMPLES * FEATURES];
        float[] labels = new float[SAMPLES];
        for (int i = 0; i < SAMPLES; ++i) {
            int label = random.nextInt(CLASSES);
            labels[i] = label;
            for (int j = 0; j < FEATURES; ++j) {
                double centre = j % CLASSES == label ? 1 : 0;
                points[i * FEATURES + j] = (float) (centre + 0.4 * random.nextGaussian());
            }
        }
        Shape shape = new Shape(SAMPLES).addAll(sample);
        return new ArrayDataset.Builder()
                .setData(manager.create(points, shape))
                .optLabels(manager.create(labels))
                .setSampling(BATCH, false)
                .build();
    }

    /** A gate that evaluates other points than those of the training. */
    public Gate.Builder gate() {
        return Gate.builder().optEvaluation(data(2), new Accuracy());
    }

    public static DefaultTrainingConfig config(Optimizer optimizer, TrainingListener... listeners) {
        return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .addEvaluator(new Accuracy())
                .optOptimizer(optimizer)
                .addTrainingListeners(TrainingListener.Defaults.basic())
                .addTrainingListeners(listeners);
    }

    public static DefaultTrainingConfig config(TrainingListener... listeners) {
        return config(
                Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.02f)).build(), listeners);
    }

    public Trainer trainer(Model model, TrainingListener... listeners) {
        return trainer(model, config(listeners));
    }

    public Trainer trainer(Model model, DefaultTrainingConfig config) {
        Engine.getInstance().setRandomSeed(7);
        Trainer trainer = model.newTrainer(config);
        trainer.initialize(new Shape(1).addAll(sample));
        return trainer;
    }

    public void fit(Trainer trainer, int epochs) throws IOException, TranslateException {
        EasyTrain.fit(trainer, epochs, data(1), data(3));
    }

    /** Trains, closes the trainer, and returns the model's parameters. */
    public Map<String, float[]> train(Model model, int epochs, TrainingListener... listeners)
            throws IOException, TranslateException {
        try (Trainer trainer = trainer(model, listeners)) {
            fit(trainer, epochs);
        }
        return parameters(model.getBlock());
    }

    public double accuracy(Block block) throws IOException, TranslateException {
        return accuracy(block, 4);
    }

    /** Returns the accuracy of a plain block on the points of a seed; those of the gate have 2. */
    public double accuracy(Block block, long seed) throws IOException, TranslateException {
        Accuracy accuracy = new Accuracy();
        accuracy.addAccumulator("toy");
        try (NDManager scratch = manager.newSubManager()) {
            ParameterStore store = new ParameterStore(scratch, false);
            for (Batch batch : data(seed).getData(scratch)) {
                try (batch) {
                    NDList predictions = block.forward(store, batch.getData(), false);
                    accuracy.updateAccumulator("toy", batch.getLabels(), predictions);
                }
            }
        }
        return accuracy.getAccumulator("toy");
    }

    /** Counts zeros; a negative one is none. */
    public static long zeros(float[] values) {
        int count = 0;
        for (float value : values) {
            count += Float.floatToRawIntBits(value) == 0 ? 1 : 0;
        }
        return count;
    }

    /** Counts the zeros of weights, as opposed to biases. */
    public static long weightZeros(Map<String, float[]> parameters) {
        return parameters.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("weight"))
                .mapToLong(entry -> zeros(entry.getValue()))
                .sum();
    }

    /** Returns what a block makes of 16 points. */
    public float[] outputs(Block block) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray points = data(5).getByRange(scratch, 0, 16).getData().head();
            return block.forward(new ParameterStore(scratch, false), new NDList(points), false)
                    .head()
                    .toFloatArray();
        }
    }

    public static Map<String, float[]> parameters(Block block) {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (TargetWeight parameter : TargetWeight.allOf(block)) {
            NDArray array = parameter.parameter().getArray();
            if (array.getDataType() == DataType.FLOAT32) {
                values.put(parameter.path(), array.toFloatArray());
            } else {
                try (NDArray floats = array.toType(DataType.FLOAT32, false)) {
                    values.put(parameter.path(), floats.toFloatArray());
                }
            }
        }
        return values;
    }

    public NDManager manager() {
        return manager;
    }

    @Override
    public void close() {
        manager.close();
    }
}
