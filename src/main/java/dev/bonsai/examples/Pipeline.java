package dev.bonsai.examples;

import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;
import dev.bonsai.CompressedModel;
import dev.bonsai.CompressionListener;
import dev.bonsai.MachineCheck;
import dev.bonsai.command.InputException;
import dev.bonsai.command.Printer;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.network.FoldedNorms;
import dev.bonsai.examples.network.Network;
import dev.bonsai.gate.Gate;
import dev.bonsai.recipe.RecipeStage;
import dev.bonsai.recipe.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** What every command does with a network: make it, load and save it, judge it, read it back. */
final class Pipeline {

    private final Network network;
    private final ImageData data;
    private final long seed;
    private final Path folder;
    private final int batchSize;
    private final Training training;
    private final DenseFile dense;

    /**
     * Prepares the work on one network.
     *
     * @param network the network
     * @param data the images
     * @param seed determines every random choice
     * @param folder where parameters are saved; it is there
     */
    Pipeline(Network network, ImageData data, long seed, Path folder) {
        this(network, data, seed, folder, Training.BATCH_SIZE);
    }

    /** Prepares the work on one network, which is trained in batches of a size. */
    Pipeline(Network network, ImageData data, long seed, Path folder, int batchSize) {
        this.network = network;
        this.batchSize = batchSize;
        this.data = data;
        this.seed = seed;
        this.folder = folder;
        training = new Training(data, seed, batchSize);
        dense = new DenseFile(folder);
    }

    Training training() {
        return training;
    }

    Model newModel() {
        Model model = Model.newInstance(network.id());
        model.setBlock(network.newBlock());
        return model;
    }

    Path folder() {
        return folder;
    }

    /** Returns what a dense network of this run is trained on. */
    DenseOrigin origin(TrainingPlan plan) {
        return DenseOrigin.of(network, data, plan, batchSize, seed);
    }

    /**
     * Finds the dense network of an earlier run.
     *
     * @param from the folder that {@code --dense} names
     * @return what it was trained on
     * @throws InputException if there is none, or it is of another network or other images
     */
    DenseOrigin findDense(DenseFile from) {
        DenseOrigin found = from.origin("--dense");
        from.require(
                "--dense", found, origin(DenseTraining.of(network).plan(1)).withTrainingOf(found));
        return found;
    }

    /** Fills a new model with the dense network of the folder. */
    void loadDense(Model model) {
        dense.load(model, network.input(), "--out");
    }

    /**
     * Tells whether an earlier run with the same settings has left its dense network in the folder.
     *
     * @throws InputException if there is one that is damaged, or that of other settings
     */
    boolean hasDense(TrainingPlan plan) {
        if (!dense.exists()) {
            return false;
        }
        dense.require("--out", dense.origin("--out"), origin(plan));
        return true;
    }

    /** Has the folder hold a dense network: trains it, unless an earlier run did. */
    void ensureDense(TrainingPlan plan, Printer printer) throws IOException, TranslateException {
        if (hasDense(plan)) {
            printer.say("Dense network of an earlier run: " + dense.parameters());
            return;
        }
        try (Model model = newModel()) {
            trainNew(model, plan, printer);
            saveDense(model, origin(plan));
        }
    }

    /** Trains a new network, and fills the model with it. */
    void trainNew(Model model, TrainingPlan plan, Printer printer)
            throws IOException, TranslateException {
        Optional<Block> normed = network.newBlockWithNorms();
        if (normed.isEmpty()) {
            trainDense(model, plan, printer);
            return;
        }
        try (Model trained = Model.newInstance(network.id())) {
            trained.setBlock(normed.get());
            trainDense(trained, plan, printer);
            Shape input = network.input().shape(1);
            FoldedNorms.copy(normed.get(), model.getBlock(), model.getNDManager(), input);
        }
    }

    /** Trains a network, whether it is new or filled. */
    void trainDense(Model model, TrainingPlan plan, Printer printer)
            throws IOException, TranslateException {
        MachineCheck.notes(model.getNDManager().getDevice()); // logged, while there is time
        printer.say("Dense training");
        training.run(model, plan, new Progress(printer, plan.epochs()));
    }

    /** Saves a dense network and what it was trained on; returns the length of DJL's file. */
    long saveDense(Model model, DenseOrigin origin) throws IOException {
        dense.forget(); // of what was there before, should the process end in between
        Path file = saveParameters(model, "dense");
        dense.write(origin);
        return Files.size(file);
    }

    /** Returns the file of the dense network's parameters. */
    Path denseFile() {
        return dense.parameters();
    }

    long denseBytes() throws IOException {
        return Files.size(dense.parameters());
    }

    /** Saves DJL's own parameter file, whole or not at all, however the run may end. */
    Path saveParameters(Model model, String name) throws IOException {
        model.setProperty("Epoch", "0"); // or DJL puts the number of epochs into the file's name
        String file = name + "-0000.params";
        Path aside = Files.createDirectories(folder.resolve("unfinished-" + name));
        model.save(aside, name); // the name is part of what DJL writes
        Path whole = folder.resolve(file);
        Files.move(aside.resolve(file), whole, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(aside);
        return whole;
    }

    /**
     * Compresses the dense network of the folder as far as the techniques go: the gate looks at the
     * validation images and lets all through, and the caller judges what came of it.
     *
     * @param techniques a listener without a gate
     * @param learningRate that of the first step, of a cosine
     */
    CompressionListener compressUnjudged(
            CompressionListener.Builder techniques,
            int epochs,
            float learningRate,
            Loss loss,
            Printer printer)
            throws IOException, TranslateException {
        CompressionListener listener =
                techniques
                        .optGate(
                                Gate.builder()
                                        .optEvaluation(data.validation(), new Accuracy())
                                        .optMaxDrop(1)
                                        .optBatchSize(PresetSettings.EVALUATION_BATCH)
                                        .build())
                        .optOnTrial(GateLine.to(printer))
                        .build();
        try (Model model = newModel()) {
            loadDense(model);
            Progress progress = new Progress(printer, epochs, listener);
            training.run(model, epochs, learningRate, loss, progress, listener);
        }
        return listener;
    }

    /** A gate that looks at the validation images, and judges as a stage says. */
    Gate gate(RecipeStage stage) {
        return stage.newGate().optEvaluation(data.validation(), new Accuracy()).build();
    }

    /** Returns the answers of what a file holds, put into a plain block. */
    Answers readBack(Path file, Dataset images) throws IOException, TranslateException {
        try (Model model = newModel()) {
            CompressedModel.load(file).applyTo(model.getBlock(), model.getNDManager());
            return Answers.of(model.getBlock(), images);
        }
    }

    /** Returns the answers of what a file holds, in the block that its graph makes. */
    Answers readBackGraph(Path file, Dataset images) throws IOException, TranslateException {
        try (Model model = CompressedModel.load(file).toModel(network.id())) {
            return Answers.of(model.getBlock(), images);
        }
    }
}
