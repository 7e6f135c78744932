package dev.bonsai.gate;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import java.util.List;

/** A tiny classifier with random numbers in its training, and data for it. */
final class Trainings implements AutoCloseable {

    static final int SAMPLES = 23;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu());
    private final Model model;
    private final Trainer trainer;

    Trainings(List<Evaluator> evaluators, List<TrainingListener> listeners) {
        Engine.getInstance().setRandomSeed(11);
        model = Model.newInstance("tiny", Device.cpu());
        model.setBlock(
                new SequentialBlock()
                        .add(Linear.builder().setUnits(8).build())
                        .add(Dropout.builder().optRate(0.5f).build())
                        .add(Linear.builder().setUnits(2).build()));
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                        .optDevices(new Device[] {Device.cpu()})
                        .addTrainingListeners(listeners.toArray(TrainingListener[]::new));
        evaluators.forEach(config::addEvaluator);
        trainer = model.newTrainer(config);
        trainer.setMetrics(new Metrics());
        trainer.initialize(new Shape(1, 2));
    }

    Trainer trainer() {
        return trainer;
    }

    NDManager manager() {
        return manager;
    }

    /** Samples in random batches of 4, of which the last and smaller one is dropped. */
    ArrayDataset data() {
        return data(manager.randomNormal(new Shape(SAMPLES, 2)), SAMPLES);
    }

    /** Samples with the labels 0, 1, 0, 1, ... */
    ArrayDataset data(NDArray samples, int size) {
        return new ArrayDataset.Builder()
                .setData(samples)
                .optLabels(manager.arange(size).mod(2))
                .setSampling(4, true, true)
                .build();
    }

    @Override
    public void close() {
        trainer.close();
        model.close();
        manager.close();
    }
}
