package dev.bonsai.examples;

import dev.bonsai.command.Printer;
import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;
import dev.bonsai.Checkpoint;
import dev.bonsai.CompressedModel;
import dev.bonsai.CompressionListener;
import dev.bonsai.checkpoint.ResumableOptimizer;
import dev.bonsai.report.CompressionReport;
import java.io.IOException;
import java.util.Optional;

/** The compression of a trained network: from its first epoch on, or behind a checkpoint. */
final class Compression {

    private final Recipe recipe;
    private final Training training;
    private final ResumableOptimizer optimizer;
    private final Optional<Checkpoint> checkpoint;
    private final CompressionListener listener;
    private final Progress progress;
    private final Loss loss;

    /**
     * Builds what the recipe asks for, before anything is trained for it.
     *
     * @param folder where the compression is written down as it goes; empty if nowhere
     * @param before what the network was made of in a compression before, which is gone on from
     * @param teacher what the network learns from, if not from itself as it is
     */
    Compression(
            Recipe recipe,
            Pipeline pipeline,
            Printer printer,
            Optional<RunFolder> folder,
            Optional<CompressedModel> before,
            Optional<Block> teacher) {
        this.recipe = recipe;
        training = pipeline.training();
        loss = recipe.recovery().loss(teacher);
        optimizer = ResumableOptimizer.of(recipe.recovery().optimizer(recipe, training.batches()));
        checkpoint = folder.map(f -> f.checkpoint(optimizer));
        CompressionListener.Builder builder =
                CompressionListener.builder()
                        .addTechniques(recipe.techniques())
                        .optGate(pipeline.gate(recipe))
                        .optWarmup(0)
                        .optOnTrial(GateLine.to(printer));
        checkpoint.ifPresent(builder::optCheckpoint);
        before.ifPresent(builder::optContinue);
        listener = builder.build();
        progress = new Progress(printer, recipe.epochs(), listener);
    }

    void run(Model model) throws IOException, TranslateException {
        training.run(model, recipe.epochs(), optimizer, loss, this::behind, progress, listener);
    }

    private int behind(Trainer trainer) {
        int behind = checkpoint.map(c -> RunFolder.resume(c, trainer, recipe.epochs())).orElse(0);
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
