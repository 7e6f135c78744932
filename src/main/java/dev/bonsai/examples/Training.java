package dev.bonsai.examples;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.translate.TranslateException;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.recipe.LearningRate;
import dev.bonsai.recipe.LossChoice;
import dev.bonsai.recipe.OptimizerChoice;
import dev.bonsai.recipe.TrainingPlan;
import java.io.IOException;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Trains and evaluates the networks of the examples, with plain DJL. */
final class Training {

    /** The images of a batch, where nobody says otherwise. */
    static final int BATCH_SIZE = 128;

    /** The learning rate that the dense training and the standard compression begin with. */
    static final float LEARNING_RATE = 1e-3f;

    /** The learning rate that all trainings end with. */
    static final float FINAL_LEARNING_RATE = 1e-5f;

    private static final String EVALUATION = "evaluation";

    private final ImageData data;
    private final long seed;
    private final int batchSize;

    /** Trains in batches of the usual size. */
    Training(ImageData data, long seed) {
        this(data, seed, BATCH_SIZE);
    }

    Training(ImageData data, long seed, int batchSize) {
        this.data = data;
        this.seed = seed;
        this.batchSize = batchSize;
    }

    /** Trains a model with Adam by the cross entropy. */
    void run(Model model, int epochs, TrainingListener... listeners)
            throws IOException, TranslateException {
        run(model, epochs, LEARNING_RATE, Loss.softmaxCrossEntropyLoss(), listeners);
    }

    /** Trains a model with Adam, the learning rate falling along a cosine. */
    void run(Model model, int epochs, float learningRate, Loss loss, TrainingListener... listeners)
            throws IOException, TranslateException {
        Optimizer adam =
                new TrainingPlan(
                                epochs,
                                OptimizerChoice.adam(),
                                LearningRate.cosine(learningRate, FINAL_LEARNING_RATE),
                                LossChoice.crossEntropy())
                        .newOptimizer(batches());
        run(model, epochs, adam, loss, trainer -> 0, listeners);
    }

    /** Returns the batches of an epoch. */
    int batches() {
        return (data.trainingSize() + batchSize - 1) / batchSize;
    }

    /** Trains a model as a plan says. */
    void run(Model model, TrainingPlan plan, TrainingListener... listeners)
            throws IOException, TranslateException {
        Loss loss = plan.loss().newLoss(Optional.empty());
        Optimizer optimizer = plan.newOptimizer(batches());
        run(model, plan.epochs(), optimizer, loss, trainer -> 0, listeners);
    }

    /**
     * Trains a model for the epochs that are left.
     *
     * @param epochs the epochs of the whole training
     * @param optimizer one that was made for so many epochs
     * @param behind tells how many of the epochs are behind a trainer that was just initialised
     */
    void run(
            Model model,
            int epochs,
            Optimizer optimizer,
            Loss loss,
            ToIntFunction<Trainer> behind,
            TrainingListener... listeners)
            throws IOException, TranslateException {
        Engine.getInstance().setRandomSeed(Math.toIntExact(seed));
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(loss)
                        .optOptimizer(optimizer)
                        .addEvaluator(new Accuracy())
                        .addTrainingListeners(TrainingListener.Defaults.basic())
                        .addTrainingListeners(listeners);
        try (Trainer trainer = model.newTrainer(config)) {
            trainer.setMetrics(new Metrics());
            trainer.initialize(data.kind().format().shape(1));
            int from = behind.applyAsInt(trainer);
            Dataset training = data.train(batchSize, seed, data.kind().augmentation(), from);
            EasyTrain.fit(trainer, epochs - from, training, data.validation());
        }
    }

    /** Returns the accuracy on images. */
    double evaluate(Block block, Dataset images) throws IOException, TranslateException {
        Accuracy accuracy = new Accuracy();
        accuracy.addAccumulator(EVALUATION);
        try (NDManager manager = NDManager.newBaseManager()) {
            ParameterStore store = new ParameterStore(manager, false);
            for (Batch batch : images.getData(manager)) {
                try (batch) {
                    accuracy.updateAccumulator(
                            EVALUATION,
                            batch.getLabels(),
                            block.forward(store, batch.getData(), false));
                }
            }
        }
        return accuracy.getAccumulator(EVALUATION);
    }
}
