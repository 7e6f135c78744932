package dev.bonsai.examples;

import ai.djl.Model;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.IndexLoss;
import ai.djl.training.loss.Loss;
import ai.djl.training.loss.SimpleCompositeLoss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.training.tracker.WarmUpTracker;
import ai.djl.translate.TranslateException;
import dev.bonsai.CompressionListener;
import dev.bonsai.command.Printer;
import dev.bonsai.examples.sentence.CosineLoss;
import dev.bonsai.examples.sentence.SentenceBatches;
import dev.bonsai.examples.sentence.SimilarityTask;
import dev.bonsai.examples.sentence.SpearmanOfPairs;
import dev.bonsai.examples.sentence.TeacherAnswers;
import dev.bonsai.examples.sentence.TokenLoss;
import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Gate;
import java.io.IOException;
import java.util.List;

/** Compresses a model of sentences while it learns from itself as it was. */
final class EmbeddingTraining {

    private static final int WARM_UP_STEPS = 20;

    private final EmbeddingRecipe recipe;
    private final long seed;
    private final Printer printer;
    private final CompressionListener listener;

    /**
     * Builds what the recipe asks for.
     *
     * @param judged the pairs that the gate goes by
     */
    EmbeddingTraining(EmbeddingRecipe recipe, SimilarityTask judged, long seed, Printer printer) {
        this.recipe = recipe;
        this.seed = seed;
        this.printer = printer;
        listener =
                CompressionListener.builder()
                        .addTechniques(recipe.techniques())
                        .optWarmup(0)
                        .optGate(
                                Gate.builder()
                                        .optEvaluation(
                                                SentenceBatches.toJudge(
                                                        judged.sentences(),
                                                        EmbeddingRecipe.BATCH_SIZE),
                                                new SpearmanOfPairs(judged))
                                        .optDirection(Direction.HIGHER_IS_BETTER)
                                        .optMaxDrop(recipe.maxDrop())
                                        .optRecoveryEpochs(recipe.epochs())
                                        .build())
                        .optOnTrial(GateLine.to(printer, "Spearman"))
                        .build();
    }

    /**
     * Trains the model for the epochs of the recipe, or compresses it as it is.
     *
     * @param model a model with an initialised block
     * @param sentences the text to learn from
     */
    CompressionListener run(Model model, List<long[]> sentences)
            throws IOException, TranslateException {
        SentenceBatches batches = batches(model.getBlock(), sentences);
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(loss())
                        .optOptimizer(optimizer(batches.count()))
                        .addTrainingListeners(TrainingListener.Defaults.basic())
                        .addTrainingListeners(
                                new Progress(printer, recipe.epochs(), listener), listener);
        try (Trainer trainer = model.newTrainer(config)) {
            trainer.setMetrics(new Metrics());
            Shape shape = new Shape(1, 1);
            trainer.initialize(shape, shape, shape);
            if (recipe.epochs() > 0) {
                EasyTrain.fit(trainer, recipe.epochs(), batches, null);
            } else {
                try (Batch first = trainer.iterateDataset(batches).iterator().next()) {
                    trainer.forward(first.getData()); // closing the trainer does the rest
                }
            }
        }
        return listener;
    }

    /** The vectors of the sentences count, and those of their tokens tell more about each. */
    private static Loss loss() {
        return new SimpleCompositeLoss()
                .addLoss(new IndexLoss(new CosineLoss(), 0))
                .addLoss(new IndexLoss(new TokenLoss(), 1));
    }

    /** The teacher answers once: the text is the same in each epoch. */
    private SentenceBatches batches(Block teacher, List<long[]> sentences) {
        if (recipe.epochs() == 0) {
            return SentenceBatches.toJudge(sentences, EmbeddingRecipe.BATCH_SIZE);
        }
        printer.say(sentences.size() + " sentences to learn from");
        return SentenceBatches.toTeach(
                sentences, TeacherAnswers.of(teacher, sentences), EmbeddingRecipe.BATCH_SIZE, seed);
    }

    /** Adam, up a line in the first steps and down a cosine. */
    private Optimizer optimizer(int batches) {
        int steps = Math.multiplyExact(batches, recipe.epochs());
        Tracker down =
                Tracker.cosine()
                        .setBaseValue(EmbeddingRecipe.LEARNING_RATE)
                        .optFinalValue(EmbeddingRecipe.FINAL_LEARNING_RATE)
                        .setMaxUpdates(Math.max(1, steps - WARM_UP_STEPS))
                        .build();
        return Optimizer.adam()
                .optLearningRateTracker(
                        Tracker.warmUp()
                                .setMainTracker(down)
                                .optWarmUpSteps(WARM_UP_STEPS)
                                .optWarmUpBeginValue(EmbeddingRecipe.FINAL_LEARNING_RATE)
                                .optWarmUpMode(WarmUpTracker.Mode.LINEAR)
                                .build())
                .build();
    }
}
