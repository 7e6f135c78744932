package dev.bonsai.file;

import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.file.ByteLedger.Section;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a file, and tells where its bytes went.
 *
 * <p>The page {@code docs/format.md} describes every byte.
 */
final class ModelReader {

    /** The tag of the one section that version 1 has. */
    static final char MODEL = 'M';

    /** The tag of the section that makes a file as long as its model needs; it may be skipped. */
    static final char PADDING = 'z';

    /** The bit of a grid that says that zero points follow. */
    static final int ASYMMETRIC = 0x80;

    /** The bit of a grid that says that its scales are bfloat16. */
    static final int SHORT_SCALES = 0x40;

    private ModelReader() {}

    /**
     * What a file says.
     *
     * @param model the model
     * @param ledger where the bytes went
     */
    record Content(BonsaiModel model, ByteLedger ledger) {}

    static Content read(byte[] file) throws BonsaiFormatException {
        Tally tally = new Tally();
        byte[] payload = null;
        List<BonsaiModel.Extra> extras = new ArrayList<>();
        long header = file.length;
        for (Container.Chunk chunk : Container.read(file)) {
            header -= chunk.payload().length;
            if (chunk.tag() == MODEL && payload == null) {
                payload = chunk.payload();
            } else if (chunk.isMandatory()) {
                String problem =
                        chunk.tag() == MODEL
                                ? "expected it once, but the file has it again"
                                : "the file needs it, but this Bonsai does not know it";
                throw new BonsaiFormatException(
                        chunk.name(), problem, BonsaiFormatException.UPDATE);
            } else {
                tally.add(Section.STRUCTURE, chunk.payload().length);
                if (chunk.tag() != PADDING) {
                    extras.add(new BonsaiModel.Extra(chunk.tag(), chunk.payload()));
                }
            }
        }
        if (payload == null) {
            throw new BonsaiFormatException(
                    "section '" + MODEL + "'",
                    "every file has this section, but this one ends without it",
                    BonsaiFormatException.COPY_AGAIN);
        }
        tally.add(Section.HEADER, header);
        BonsaiModel model = readModel(new ByteSource(payload, modelPlace()), tally, file.length);
        BonsaiModel whole = new BonsaiModel(model.weights(), model.inputShapes(), extras);
        return new Content(whole, tally.ledger());
    }

    private static BonsaiModel readModel(ByteSource source, Tally tally, long fileLength)
            throws BonsaiFormatException {
        int inputs = source.count("the number of input shapes");
        List<int[]> inputShapes = new ArrayList<>(inputs);
        for (int i = 0; i < inputs; ++i) {
            int[] shape = new int[source.count("the rank of an input shape")];
            for (int j = 0; j < shape.length; ++j) {
                long dimension = source.varint("a dimension of an input", 1L << 31);
                shape[j] = (int) (dimension - 1);
            }
            inputShapes.add(shape);
        }
        int count = source.count("the number of weights");
        tally.add(Section.STRUCTURE, source.position());
        WeightReader reader = new WeightReader(source, tally, fileLength);
        List<NamedWeight> weights = new ArrayList<>();
        for (int i = 0; i < count; ++i) {
            source.at(modelPlace() + ", weight " + i);
            weights.add(reader.read());
        }
        source.at(modelPlace());
        if (source.left() > 0) {
            throw source.error("expected its end, but " + source.left() + " bytes are left");
        }
        try {
            return new BonsaiModel(weights, inputShapes);
        } catch (IllegalArgumentException e) {
            throw source.error(e.getMessage());
        }
    }

    static String modelPlace() {
        return "section '" + MODEL + "' (model)";
    }
}
