package dev.bonsai.file;

import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a file, and tells where its bytes went.
 *
 * <p>The page {@code docs/format.md} describes every byte.
 */
final class ModelReader {

    /** The tag of the section that every file has. */
    static final char MODEL = 'M';

    /** The tag of the section with the graph; who wants weights only may skip it. */
    static final char GRAPH = 'g';

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
     * @param tally where the bytes went
     */
    record Content(BonsaiModel model, Tally tally) {

        ByteLedger ledger() {
            return tally.ledger();
        }
    }

    static Content read(byte[] file) throws BonsaiFormatException {
        Tally tally = new Tally();
        byte[] payload = null;
        byte[] graph = null;
        List<BonsaiModel.Extra> extras = new ArrayList<>();
        long header = file.length;
        for (Container.Chunk chunk : Container.read(file)) {
            header -= chunk.payload().length;
            if (chunk.tag() == MODEL && payload == null) {
                payload = chunk.payload();
            } else if (chunk.tag() == GRAPH && graph == null) {
                graph = chunk.payload();
                tally.add(Section.GRAPH, graph.length);
            } else if (chunk.isMandatory() || chunk.tag() == GRAPH) {
                throw refused(chunk);
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
        MemoryBudget budget = MemoryBudget.of(file.length);
        ByteSource source = new ByteSource(payload, modelPlace());
        BonsaiModel model = readModel(source, tally, budget);
        Optional<Graph> read = Optional.empty();
        if (graph != null) {
            read = Optional.of(GraphReader.read(graph, model.weights(), budget));
        }
        BonsaiModel whole = new BonsaiModel(model.weights(), model.inputShapes(), read, extras);
        return new Content(whole, tally);
    }

    private static BonsaiFormatException refused(Container.Chunk chunk) {
        boolean again = chunk.tag() == MODEL || chunk.tag() == GRAPH;
        String problem =
                again
                        ? "expected it once, but the file has it again"
                        : "the file needs it, but this Bonsai does not know it";
        return new BonsaiFormatException(chunk.name(), problem, BonsaiFormatException.UPDATE);
    }

    private static BonsaiModel readModel(ByteSource source, Tally tally, MemoryBudget budget)
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
        WeightReader reader = new WeightReader(source, tally, budget);
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
