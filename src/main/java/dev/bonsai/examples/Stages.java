package dev.bonsai.examples;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.translate.TranslateException;
import dev.bonsai.CompressedModel;
import dev.bonsai.command.Printer;
import dev.bonsai.recipe.RecipeStage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The trainings of a compression, one after the other: each but the first works on the smaller
 * network that the one before has left, and learns from the dense one.
 */
final class Stages {

    private final List<RecipeStage> stages;
    private final Pipeline pipeline;
    private final Printer printer;
    private final Optional<RunFolder> folder;

    /**
     * Checks the gates, before anything is trained for them.
     *
     * @param stages at least one, each of which says how it trains
     * @param folder where the compression is written down as it goes; empty if nowhere
     */
    Stages(
            List<RecipeStage> stages,
            Pipeline pipeline,
            Printer printer,
            Optional<RunFolder> folder) {
        this.stages = List.copyOf(stages);
        this.pipeline = pipeline;
        this.printer = printer;
        this.folder = folder;
        stages.forEach(pipeline::gate);
    }

    /**
     * Runs them.
     *
     * @param dense the network to begin with
     * @return the last of them
     */
    Compression run(Model dense) throws IOException, TranslateException {
        Optional<CompressedModel> before = Optional.empty();
        int last = stages.size() - 1;
        for (int stage = 0; stage < last; ++stage) {
            Optional<CompressedModel> done = finished(stage);
            before = Optional.of(done.isPresent() ? done.get() : finish(stage, dense, before));
        }
        return run(last, dense, before);
    }

    private CompressedModel finish(int stage, Model dense, Optional<CompressedModel> before)
            throws IOException, TranslateException {
        CompressedModel model = run(stage, dense, before).model();
        if (folder.isPresent()) {
            folder.get().stage(stage).finish(model);
        }
        return model;
    }

    private Compression run(int stage, Model dense, Optional<CompressedModel> before)
            throws IOException, TranslateException {
        if (before.isEmpty()) {
            return run(stage, dense, before, Optional.empty());
        }
        try (Model teacher = pipeline.newModel();
                Model smaller = before.get().toModel("stage " + stage)) {
            pipeline.loadDense(teacher);
            return run(stage, smaller, before, Optional.of(teacher.getBlock()));
        }
    }

    private Compression run(
            int stage, Model model, Optional<CompressedModel> before, Optional<Block> teacher)
            throws IOException, TranslateException {
        RecipeStage now = stages.get(stage);
        Optional<RunFolder> here = folder.map(f -> f.stage(stage));
        Compression compression = new Compression(now, pipeline, printer, here, before, teacher);
        printer.say(StageText.of(now));
        compression.run(model);
        if (stage == stages.size() - 1) {
            pipeline.saveParameters(model, "compressed");
        }
        return compression;
    }

    private Optional<CompressedModel> finished(int stage) throws IOException {
        return folder.isPresent() ? folder.get().stage(stage).finished() : Optional.empty();
    }
}
