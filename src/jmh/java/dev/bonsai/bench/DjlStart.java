package dev.bonsai.bench;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.bonsai.examples.network.Network;
import java.io.DataInputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that predicts once with DJL, and says what that took. {@link StartTime} starts it. */
public final class DjlStart {

    private DjlStart() {}

    /** Takes the file of the parameters. */
    public static void main(String[] arguments) throws Exception {
        try (NDManager manager = NDManager.newBaseManager();
                DataInputStream in =
                        new DataInputStream(Files.newInputStream(Path.of(arguments[0])))) {
            Shape shape = new Shape(1, 1, 28, 28);
            Block block = Network.LENET5.newBlock();
            block.initialize(manager, DataType.FLOAT32, shape);
            block.loadParameters(manager, in);
            NDList input = new NDList(manager.zeros(shape));
            ParameterStore store = new ParameterStore(manager, false);
            float[] scores =
                    block.forward(store, input, false).singletonOrThrow().toFloatArray();
            PlainStart.print(scores.length);
        }
    }
}
