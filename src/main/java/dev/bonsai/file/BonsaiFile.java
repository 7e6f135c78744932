package dev.bonsai.file;

import dev.bonsai.graph.Graph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes and reads {@code .bonsai} files, and says where their bytes went.
 *
 * <p>A file holds each parameter in its own encoding: 32-bit floats, codes on a grid, or
 * assignments to a codebook. It is coded ({@link FileForm#CODED}): each number takes as few bits as
 * what came before lets expect. A {@linkplain FileForm#PACKED packed} file is larger and read
 * faster: integers take the bits that their range needs, and where zeros are many only the others
 * are stored. Reading gives the very same encodings back.
 *
 * <p>Where the graph of the model is known it stands in the file too, in some bytes per operator,
 * so that the model runs without the code that made it. Names of intermediate values are left out.
 *
 * <p>A file is never trusted: checksums, lengths and counts are checked before memory is taken, so
 * that a damaged or foreign one gives a {@link BonsaiFormatException} and nothing else. The memory
 * of a model is bounded by the length of its file: a file of n bytes holds elements of at most 16
 * MiB + 1,024 n bytes, and paths, scales, codebooks and what a graph is made of of at most 16 MiB +
 * 64 n bytes. The writer pads what would be shorter, such as a weight of twenty million zeros.
 *
 * <pre>{@code
 * ByteLedger ledger = BonsaiFile.write(Path.of("lenet.bonsai"), content);
 * System.out.println(ledger);
 * BonsaiModel same = BonsaiFile.read(Path.of("lenet.bonsai"));
 * }</pre>
 */
public final class BonsaiFile {

    private BonsaiFile() {}

    /**
     * Writes a model, in place of whatever the file held before.
     *
     * <p>The bytes go to a temporary file in the same folder, are forced to disk, read back and
     * moved into place at once; when anything fails the old file stays as it was. Folders are
     * created, permissions kept.
     *
     * @param file the file to write
     * @param model the model
     * @return where the bytes went
     * @throws IOException if the file cannot be written
     * @throws IllegalArgumentException if the model takes more than 2 GiB
     */
    public static ByteLedger write(Path file, BonsaiModel model) throws IOException {
        return write(file, model, FileForm.CODED);
    }

    /**
     * Writes a model in a form, as {@link #write(Path, BonsaiModel)} does.
     *
     * @param file the file to write
     * @param model the model
     * @param form how its numbers are laid down
     * @return where the bytes went
     * @throws IOException if the file cannot be written
     * @throws IllegalArgumentException if the model takes more than 2 GiB
     */
    public static ByteLedger write(Path file, BonsaiModel model, FileForm form) throws IOException {
        byte[] bytes = encode(model, form);
        ModelReader.Content content = ModelReader.read(bytes);
        if (!content.model().weights().equals(model.weights())) {
            throw new IllegalStateException("A weight is not decoded as it was encoded");
        }
        if (!content.model().graph().equals(model.graph().map(Graph::canonical))) {
            throw new IllegalStateException("The graph is not decoded as it was encoded");
        }
        AtomicFile.replace(file, bytes);
        return content.ledger();
    }

    /**
     * Reads a model.
     *
     * @param file a file that {@link #write} has written
     * @return the model
     * @throws BonsaiFormatException if the file is damaged, foreign, or of a newer version
     * @throws IOException if the file cannot be read
     */
    public static BonsaiModel read(Path file) throws IOException {
        return content(file).model();
    }

    /**
     * Tells where the bytes of a file went.
     *
     * @param file a file that {@link #write} has written
     * @return the ledger, whose total is the length of the file
     * @throws BonsaiFormatException if the file is damaged, foreign, or of a newer version
     * @throws IOException if the file cannot be read
     */
    public static ByteLedger ledger(Path file) throws IOException {
        return content(file).ledger();
    }

    /**
     * Tells where the bytes of a model's file would go, without writing it.
     *
     * @param model the model
     * @return the ledger, whose total is the length of the file
     * @throws IllegalArgumentException if the model takes more than 2 GiB
     */
    public static ByteLedger ledger(BonsaiModel model) {
        return ledger(encode(model));
    }

    private static ByteLedger ledger(byte[] written) {
        try {
            return ModelReader.read(written).ledger();
        } catch (BonsaiFormatException e) {
            throw new IllegalStateException("What was encoded cannot be decoded", e);
        }
    }

    /**
     * Returns the bytes that {@link #write} puts into a file, to send or embed them elsewhere.
     *
     * @param model the model
     * @return the bytes of a whole file
     * @throws IllegalArgumentException if the model takes more than 2 GiB
     */
    public static byte[] encode(BonsaiModel model) {
        return encode(model, FileForm.CODED);
    }

    /**
     * Returns the bytes that {@link #write(Path, BonsaiModel, FileForm)} puts into a file.
     *
     * @param model the model
     * @param form how its numbers are laid down
     * @return the bytes of a whole file
     * @throws IllegalArgumentException if the model takes more than 2 GiB
     */
    public static byte[] encode(BonsaiModel model, FileForm form) {
        MemoryBudget budget = MemoryBudget.ofWriter();
        List<Container.Chunk> chunks = new ArrayList<>(SectionWriter.write(model, form, budget));
        model.extras().forEach(e -> chunks.add(new Container.Chunk(e.tag(), e.bytes())));
        byte[] bytes = Container.write(chunks);
        if (bytes.length >= budget.leastLength()) {
            return bytes;
        }
        int padding = Math.toIntExact(budget.leastLength() - bytes.length);
        chunks.add(new Container.Chunk(ModelReader.PADDING, new byte[padding]));
        return Container.write(chunks);
    }

    /**
     * Returns the model in the bytes of a file.
     *
     * @param bytes the bytes of a whole file
     * @return the model
     * @throws BonsaiFormatException if the bytes are damaged, foreign, or of a newer version
     */
    public static BonsaiModel decode(byte[] bytes) throws BonsaiFormatException {
        return ModelReader.read(bytes).model();
    }

    private static ModelReader.Content content(Path file) throws IOException {
        try {
            return ModelReader.read(WholeFile.read(file));
        } catch (BonsaiFormatException e) {
            throw e.in(file);
        }
    }
}
