package dev.bonsai.bench;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.examples.network.Network;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.onnx.OnnxImporter;
import dev.bonsai.runtime.Tensor;
import dev.bonsai.trace.Tracer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A network that engines are timed on, with inputs of noise. */
enum EngineModel {
    /** 431,080 parameters, images of 28x28. */
    LENET5("LeNet-5", 1, 28),
    /** 78,666 parameters, images of 32x32. */
    RESNET8("ResNet-8", 3, 32),
    /** 2.3 million parameters, images of 32x32. */
    VGG("VGG-like, 32x32", 3, 32),
    /** 11.7 million parameters, images of 224x224. */
    RESNET18("ResNet-18, 224x224", 3, 224),
    /** all-MiniLM-L6-v2, sentences of 16 tokens. */
    MINILM16("MiniLM, 16 tokens", 0, 16),
    /** The same, sentences of 128 tokens. */
    MINILM128("MiniLM, 128 tokens", 0, 128);

    static final String MINILM = "/all-minilm-l6-v2.onnx";

    /** What ONNX Runtime's own quantizer made of the same model; users have it from langchain4j. */
    static final String MINILM_Q = "/all-minilm-l6-v2-q.onnx";

    private static final int FIRST_WORD = 1000;
    private static final int VOCABULARY = 30_000;

    private final String title;
    private final int channels;
    private final int size;

    /** A model as an engine gets it: as a block, and as a graph. */
    record Loaded(Block block, GraphModel graph) {}

    EngineModel(String title, int channels, int size) {
        this.title = title;
        this.channels = channels;
        this.size = size;
    }

    String title() {
        return title;
    }

    boolean isText() {
        return channels == 0;
    }

    /** Makes the model; its weights belong to the manager. */
    Loaded load(NDManager manager) throws IOException {
        if (isText()) {
            GraphModel graph = OnnxImporter.read(resource(MINILM));
            GraphBlock block = GraphBlock.of(graph);
            block.initialize(manager);
            return new Loaded(block, graph);
        }
        Block block =
                switch (this) {
                    case LENET5 -> Network.LENET5.newBlock();
                    case RESNET8 -> Network.RESNET8.newBlock();
                    case VGG -> BenchNetworks.vgg(10);
                    default -> BenchNetworks.resNet18(1000);
                };
        Shape shape = new Shape(3, channels, size, size);
        block.initialize(manager, DataType.FLOAT32, shape);
        return new Loaded(block, Tracer.trace(block, new NDList(manager.randomNormal(shape))));
    }

    /** The file of others that users have today. */
    Optional<byte[]> published() throws IOException {
        return isText() ? Optional.of(resource(MINILM_Q)) : Optional.empty();
    }

    static byte[] resource(String name) throws IOException {
        try (InputStream stream = EngineModel.class.getResourceAsStream(name)) {
            return stream.readAllBytes();
        }
    }

    /** Makes a batch, a tensor per input of the graph in its order. */
    List<Tensor> inputs(int batch) {
        Random random = new Random(batch);
        if (!isText()) {
            float[] values = new float[batch * channels * size * size];
            for (int i = 0; i < values.length; ++i) {
                values[i] = (float) random.nextGaussian();
            }
            return List.of(Tensor.of(values, batch, channels, size, size));
        }
        long[] words = new long[batch * size];
        Arrays.setAll(words, i -> FIRST_WORD + random.nextInt(VOCABULARY - FIRST_WORD));
        long[] mask = new long[words.length];
        Arrays.fill(mask, 1);
        return List.of(
                Tensor.of(words, batch, size),
                Tensor.of(mask, batch, size),
                Tensor.of(new long[words.length], batch, size));
    }

    /** What the ranges of the activations are found on. */
    List<List<Tensor>> samples() {
        return List.of(inputs(1), inputs(4));
    }
}
