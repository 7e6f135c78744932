package dev.bonsai.examples;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.translate.TranslateException;
import dev.bonsai.CompressedModel;
import dev.bonsai.examples.data.DataException;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.network.Network;
import dev.bonsai.gate.Gate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** What every command does with a network: make it, load and save it, judge it, read it back. */
final class Pipeline {

    private final Network network;
    private final ImageData data;
    private final Path folder;
    private final Training training;

    /**
     * Prepares the work on one network.
     *
     * @param network the network
     * @param data the images
     * @param seed determines every random choice
     * @param folder where parameters are saved; it is made if need be
     */
    Pipeline(Network network, ImageData data, long seed, Path folder) throws IOException {
        this.network = network;
        this.data = data;
        this.folder = Files.createDirectories(folder);
        training = new Training(data, seed);
    }

    Training training() {
        return training;
    }

    Model newModel() {
        Model model = Model.newInstance(network.id());
        model.setBlock(network.newBlock());
        return model;
    }

    void loadDense(Model model, Path from) {
        // DJL can't save a block that was loaded but never initialised
        model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, Training.IMAGE);
        try {
            model.load(from, "dense");
        } catch (MalformedModelException | IOException e) {
            throw new DataException(
                    String.format(
                            "--dense: %s holds no dense-0000.params of the network %s (%s)",
                            from, network, e.getMessage()));
        }
    }

    Path folder() {
        return folder;
    }

    /** Has the folder hold a dense network: trains it, unless an earlier run did. */
    void ensureDense(int epochs) throws IOException, TranslateException {
        Path params = folder.resolve("dense-0000.params");
        if (Files.exists(params)) {
            return;
        }
        try (Model model = newModel()) {
            training.run(model, epochs);
            // Whole or not at all, however the run may end.
            Path whole = saveParameters(model, "unfinished");
            Files.move(whole, params, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Saves DJL's own parameter file. */
    Path saveParameters(Model model, String name) throws IOException {
        model.setProperty("Epoch", "0"); // or DJL puts the number of epochs into the file's name
        model.save(folder, name);
        return folder.resolve(name + "-0000.params");
    }

    /** A gate that looks at the validation images. */
    Gate gate(float maxDrop) {
        return Gate.builder()
                .setEvaluation(data.validation(), new Accuracy())
                .optMaxDrop(maxDrop)
                .optBatchSize(500)
                .build();
    }

    /** Returns the accuracy of what a file holds, put into a plain block. */
    double readBack(Path file, Dataset images) throws IOException, TranslateException {
        try (Model model = newModel()) {
            CompressedModel.load(file).applyTo(model.getBlock(), model.getNDManager());
            return training.evaluate(model.getBlock(), images);
        }
    }
}
