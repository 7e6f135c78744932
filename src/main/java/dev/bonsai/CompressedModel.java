package dev.bonsai;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.file.ByteLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The weights of a compressed model, as they are stored and as they go back into a plain DJL block.
 *
 * <p>It holds plain values and no native memory.
 */
public final class CompressedModel {

    private final BonsaiModel content;

    CompressedModel(BonsaiModel content) {
        this.content = content;
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
     * Writes a {@code .bonsai} file, reads it back and compares.
     *
     * @param file the file; its folder is created if need be, an old file is replaced at once or
     *     not at all
     * @return how many bytes of the file go where
     * @throws IOException if it can't be written, or what was read back is not what was written
     */
    public ByteLedger save(Path file) throws IOException {
        ByteLedger ledger = BonsaiFile.write(file, content);
        List<NamedWeight> read = BonsaiFile.read(file).weights();
        for (int i = 0; i < read.size(); ++i) {
            NamedWeight written = getWeights().get(i);
            if (!Arrays.equals(written.value().decode(), read.get(i).value().decode())) {
                throw new IOException(
                        String.format(
                                Locale.ROOT,
                                "%s in %s was not read back as it was written: the disk may be"
                                        + " faulty; write the file elsewhere",
                                written.path(),
                                file));
            }
        }
        return ledger;
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
            float[] values = getWeights().get(i).value().decode();
            try (NDArray decoded = manager.create(values, array.getShape());
                    NDArray cast = decoded.toType(array.getDataType(), false)) {
                Tensors.overwrite(array, cast);
            }
        }
    }
}
