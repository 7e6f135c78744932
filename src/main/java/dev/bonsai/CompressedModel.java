package dev.bonsai;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import dev.bonsai.activation.ActivationGrids;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.file.ByteLedger;
import dev.bonsai.file.FileForm;
import dev.bonsai.gate.EarlierRun;
import dev.bonsai.graph.Graph;
import dev.bonsai.kernel.Continuation;
import dev.bonsai.kernel.RunSection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A compressed model, as it is stored: its weights, and the graph of what is computed with them
 * where it could be found. It becomes a working model with {@link #toModel}, and its weights go
 * back into a plain DJL block of the same architecture with {@link #applyTo}.
 *
 * <pre>{@code
 * try (Model lenet = CompressedModel.load(Path.of("lenet.bonsai")).toModel("lenet");
 *         Predictor<NDList, NDList> predictor = lenet.newPredictor(new NoopTranslator())) {
 *     NDList scores = predictor.predict(images); // an array of shape (n, 1, 28, 28)
 * }
 * }</pre>
 *
 * <p>It holds plain values and no native memory.
 */
public final class CompressedModel {

    private final BonsaiModel content;
    private final Optional<EarlierRun> run;

    CompressedModel(BonsaiModel content) {
        this(content, Optional.empty());
    }

    /**
     * @param run how far the training has come that has left the weights, if it is known besides
     *     what the content tells
     */
    CompressedModel(BonsaiModel content, Optional<EarlierRun> run) {
        this.content = content;
        this.run = run;
    }

    /**
     * Reads a {@code .bonsai} file.
     *
     * @param file the file
     * @return the model that it holds
     * @throws dev.bonsai.file.BonsaiFormatException if it is not a whole and sound file
     * @throws IOException if it can't be read
     */
    public static CompressedModel load(Path file) throws IOException {
        return new CompressedModel(BonsaiFile.read(file));
    }

    /**
     * Returns the weights.
     *
     * @return all parameters of the model, in its order
     */
    public List<NamedWeight> getWeights() {
        return content.weights();
    }

    /**
     * Returns what is computed with the weights.
     *
     * @return the graph, or empty if the block could not be traced or the file has none
     */
    public Optional<Graph> getGraph() {
        return content.graph();
    }

    /**
     * Returns the grids that activations were rounded to while the model trained: what an ONNX file
     * in integers needs in place of a calibration.
     *
     * @return the grids, or empty if no activations were rounded
     */
    public Optional<ActivationGrids> getActivationGrids() {
        return ActivationGrids.of(content);
    }

    /**
     * Returns a model whose file is some bytes per operator shorter, and needs the Java code of the
     * network.
     *
     * @return the same weights without the graph
     */
    public CompressedModel withoutGraph() {
        return new CompressedModel(content.withGraph(Optional.empty()), run);
    }

    /**
     * Returns a model with a graph that is known from elsewhere, such as from another trial of a
     * search with the same network.
     *
     * @param graph the graph
     * @return the same weights with the graph
     * @throws dev.bonsai.graph.type.GraphException if the weights of the graph are not among them
     */
    public CompressedModel withGraph(Graph graph) {
        return new CompressedModel(content.withGraph(Optional.of(graph)), run);
    }

    /**
     * Makes a block of the graph and the weights. It takes memory when it is initialised, and
     * trains and saves like any other.
     *
     * @return a block that is not initialised yet
     * @throws IllegalStateException if there is no graph
     * @throws dev.bonsai.graph.type.GraphException if the engine can't run it
     */
    public GraphBlock toBlock() {
        return GraphBlock.of(
                content.graphModel()
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "The model has no graph, as its block could not be"
                                                        + " traced: build the block in Java, and"
                                                        + " give it the weights with applyTo")));
    }

    /**
     * Makes a working DJL model without any Java code of the network.
     *
     * @param name the name of the model
     * @return a model with an initialised block, which the caller closes
     * @throws IllegalStateException if there is no graph
     * @throws dev.bonsai.graph.type.GraphException if the engine can't run it
     */
    public Model toModel(String name) {
        GraphBlock block = toBlock();
        Model model = Model.newInstance(name);
        try {
            block.initialize(model.getNDManager());
            model.setBlock(block);
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /**
     * Writes a {@code .bonsai} file, and compares its bytes before it takes an old one's place.
     *
     * @param file the file; its folder is created if need be, an old file is replaced at once or
     *     not at all
     * @return how many bytes of the file go where
     * @throws IOException if it can't be written, or what was read back is not what was written
     */
    public ByteLedger save(Path file) throws IOException {
        return BonsaiFile.write(file, content);
    }

    /**
     * Writes a file in a form, as {@link #save(Path)} does: {@link FileForm#PACKED} is larger, and
     * read in a tenth of the time.
     *
     * @param file the file
     * @param form how its numbers are laid down
     * @return how many bytes of the file go where
     * @throws IOException if it can't be written, or what was read back is not what was written
     */
    public ByteLedger save(Path file, FileForm form) throws IOException {
        return BonsaiFile.write(file, content, form);
    }

    /**
     * Writes a file like that of {@link #save(Path)}, with some bytes more that tell how far the
     * training had come: what {@link CompressionListener.Builder#optContinue} goes on from.
     *
     * @param file the file
     * @return how many bytes of the file go where
     * @throws IllegalStateException if this model was read from a file that does not tell it
     * @throws IOException if it can't be written, or what was read back is not what was written
     */
    public ByteLedger saveForTraining(Path file) throws IOException {
        return BonsaiFile.write(file, RunSection.with(content, continuation().run()));
    }

    /** Returns what a training goes on from. */
    Continuation continuation() {
        EarlierRun earlier =
                run.or(() -> RunSection.of(content))
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "The file does not tell how far the training had"
                                                        + " come: write it with"
                                                        + " getCompressedModel()"
                                                        + ".saveForTraining(file)"));
        return new Continuation(content.weights(), earlier);
    }

    /**
     * Puts the weights into a plain DJL block of the same architecture, which needs nothing of
     * Bonsai from then on.
     *
     * <p>Paths and shapes are compared before memory is taken for them. The input shapes of a file
     * have at most 67,108,864 elements in all where the block is not initialised.
     *
     * @param block the block; if it is not initialised, it is, with the input shapes of the file
     * @param manager the owner of the parameters of a block that is not initialised
     * @throws IllegalArgumentException if its parameters differ from the file's in path or shape,
     *     or it can't be initialised with the input shapes of the file; the values of its
     *     parameters are unchanged then
     */
    public void applyTo(Block block, NDManager manager) {
        if (!block.isInitialized()) {
            new BlockInitialization(content, block).run(manager);
        }
        List<TargetWeight> parameters = TargetWeight.allOf(block);
        ArchitectureCheck.compare(getWeights(), parameters);
        for (int i = 0; i < parameters.size(); ++i) {
            NDArray array = parameters.get(i).parameter().getArray();
            EncodedWeight value = getWeights().get(i).value();
            try (NDArray decoded = decoded(value, array, manager);
                    NDArray cast = decoded.toType(array.getDataType(), false)) {
                Tensors.overwrite(array, cast);
            }
        }
    }

    private static NDArray decoded(EncodedWeight value, NDArray target, NDManager manager) {
        DataType type = target.getDataType();
        // the engine makes no bfloat16 from bytes: it ends the process; a float holds each of them
        if (value instanceof ExactWeight exact
                && exact.type().name().equals(type.name())
                && type != DataType.BFLOAT16) {
            return Tensors.create(exact.data(), type, target.getShape(), manager);
        }
        return Tensors.decoded(manager, value);
    }
}
