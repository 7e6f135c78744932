package dev.bonsai.examples;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;
import dev.bonsai.Checkpoint;
import dev.bonsai.CompressedModel;
import dev.bonsai.CompressionListener;
import dev.bonsai.checkpoint.ResumableOptimizer;
import dev.bonsai.command.Printer;
import dev.bonsai.recipe.RecipeStage;
import dev.bonsai.recipe.TrainingPlan;
import dev.bonsai.report.CompressionReport;
import java.io.IOException;
import java.util.Optional;

/** The compression of a trained network: from its first epoch on, or behind a checkpoint. */
final class Compression {

    private final TrainingPlan plan;
    private final Training training;
    private final ResumableOptimizer optimizer;
    private final Optional<Checkpoint> checkpoint;
    private final CompressionListener listener;
    private final Progress progress;
    private final Loss loss;

    /**
     * Builds what the stage asks for, before anything is trained for it.
     *
     * @param folder where the compression is written down as it goes; empty if nowhere
     * @param before what the network was made of in a compression before, which is gone on from
     * @param teacher what the network learns from, if not from itself as it is
     */
    Compression(
            RecipeStage stage,
            Pipeline pipeline,
            Printer printer,
            Optional<RunFolder> folder,
            Optional<CompressedModel> before,
            Optional<Block> teacher) {
        plan = stage.training().orElseThrow();
        training = pipeline.training();
        loss = plan.loss().newLoss(teacher);
        optimizer = ResumableOptimizer.of(plan.newOptimizer(training.batches()));
        checkpoint = folder.map(f -> f.checkpoint(optimizer));
        CompressionListener.Builder builder =
                stage.newListener(pipeline.gate(stage)).optOnTrial(GateLine.to(printer));
        checkpoint.ifPresent(builder::optCheckpoint);
        before.ifPresent(builder::optContinue);
        listener = builder.build();
        progress = new Progress(printer, plan.epochs(), listener);
    }

    void run(Model model) throws IOException, TranslateException {
        training.run(model, plan.epochs(), optimizer, loss, this::behind, progress, listener);
    }

    private int behind(Trainer trainer) {
        int behind = checkpoint.map(c -> RunFolder.resume(c, trainer, plan.epochs())).orElse(0);
        progress.begin(behind);
        return behind;
    }

    CompressedModel model() {
        return listener.getCompressedModel();
    }

    CompressionReport report() {
        return listener.getReport();
    }
}
