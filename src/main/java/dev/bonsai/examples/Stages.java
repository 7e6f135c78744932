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
        if (stages.size() == 1) {
            Compression only = newCompression(0, Optional.empty(), Optional.empty());
            run(only, 0, dense);
            pipeline.saveParameters(dense, "compressed");
            return only;
        }
        CompressedModel smaller = first(dense);
        try (Model teacher = pipeline.newModel()) {
            pipeline.loadDense(teacher);
            return goOn(1, smaller, teacher.getBlock());
        }
    }

    private CompressedModel first(Model dense) throws IOException, TranslateException {
        Optional<CompressedModel> done = finished(0);
        if (done.isPresent()) {
            return done.get();
        }
        Compression first = newCompression(0, Optional.empty(), Optional.empty());
        run(first, 0, dense);
        return finish(0, first);
    }

    private Compression goOn(int stage, CompressedModel smaller, Block teacher)
            throws IOException, TranslateException {
        Optional<CompressedModel> done = finished(stage);
        if (done.isPresent()) {
            return goOn(stage + 1, done.get(), teacher);
        }
        try (Model model = smaller.toModel("stage " + stage)) {
            Compression now = newCompression(stage, Optional.of(smaller), Optional.of(teacher));
            run(now, stage, model);
            if (stage == stages.size() - 1) {
                pipeline.saveParameters(model, "compressed");
                return now;
            }
            return goOn(stage + 1, finish(stage, now), teacher);
        }
    }

    private void run(Compression compression, int stage, Model model)
            throws IOException, TranslateException {
        printer.say(StageText.of(stages.get(stage)));
        compression.run(model);
    }

    private Optional<CompressedModel> finished(int stage) throws IOException {
        return folder.isPresent() ? folder.get().stage(stage).finished() : Optional.empty();
    }

    private CompressedModel finish(int stage, Compression compression) throws IOException {
        if (folder.isPresent()) {
            folder.get().stage(stage).finish(compression.model());
        }
        return compression.model();
    }

    private Compression newCompression(
            int stage, Optional<CompressedModel> before, Optional<Block> teacher) {
        return new Compression(
                stages.get(stage),
                pipeline,
                printer,
                folder.map(f -> f.stage(stage)),
                before,
                teacher);
    }
}
