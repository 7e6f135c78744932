package dev.bonsai.file;

import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.graph.Graph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a file, and tells where its bytes went.
 *
 * <p>The page {@code docs/format.md} describes every byte.
 */
final class ModelReader {

    /** The tag of the section that every file has. */
    static final char MODEL = 'M';

    /** The tag of the section that holds model and graph in one coded stream. */
    static final char CODED = 'C';

    /** The tag of the section with the graph; who wants weights only may skip it. */
    static final char GRAPH = 'g';

    /** The tag of the section that makes a file as long as its model needs; it may be skipped. */
    static final char PADDING = 'z';

    private static final Set<Character> KNOWN = Set.of(MODEL, CODED, GRAPH);

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
        Map<Character, byte[]> known = new HashMap<>();
        List<BonsaiModel.Extra> extras = new ArrayList<>();
        long header = file.length;
        for (Container.Chunk chunk : Container.read(file)) {
            header -= chunk.payload().length;
            if (KNOWN.contains(chunk.tag())) {
                if (known.put(chunk.tag(), chunk.payload()) != null) {
                    throw refused(chunk, "expected it once, but the file has it again");
                }
            } else if (chunk.isMandatory()) {
                throw refused(chunk, "the file needs it, but this Bonsai does not know it");
            } else {
                tally.add(Section.STRUCTURE, Length.of(chunk.payload().length));
                if (chunk.tag() != PADDING) {
                    extras.add(new BonsaiModel.Extra(chunk.tag(), chunk.payload()));
                }
            }
        }
        tally.add(Section.HEADER, Length.of(header));
        MemoryBudget budget = MemoryBudget.of(file.length);
        BonsaiModel model = model(known, tally, budget);
        BonsaiModel whole =
                new BonsaiModel(model.weights(), model.inputShapes(), model.graph(), extras);
        return new Content(whole, tally);
    }

    private static BonsaiModel model(
            Map<Character, byte[]> sections, Tally tally, MemoryBudget budget)
            throws BonsaiFormatException {
        byte[] coded = sections.get(CODED);
        byte[] packed = sections.get(MODEL);
        if (coded != null && sections.size() > 1) {
            throw new BonsaiFormatException(
                    codedPlace(),
                    "it holds the whole model, but the file has others of " + sections.keySet(),
                    BonsaiFormatException.COPY_AGAIN);
        }
        if (coded != null) {
            return coded(coded, tally, budget);
        }
        if (packed == null) {
            throw new BonsaiFormatException(
                    "section '" + MODEL + "'",
                    "every file has this section or '" + CODED + "', but this one ends without",
                    BonsaiFormatException.COPY_AGAIN);
        }
        return packed(packed, sections.get(GRAPH), tally, budget);
    }

    private static BonsaiModel packed(
            byte[] payload, byte[] graph, Tally tally, MemoryBudget budget)
            throws BonsaiFormatException {
        ByteSource source = new ByteSource(payload, modelPlace());
        BonsaiModel model = readModel(source, WeightReader.packed(source, tally, budget));
        if (graph == null) {
            return model;
        }
        tally.add(Section.GRAPH, Length.of(graph.length));
        ByteSource graphSource = new ByteSource(graph, GraphReader.PLACE);
        WeightReader constants = WeightReader.packed(graphSource, new Tally(), budget);
        return withGraph(model, graphSource, constants, budget);
    }

    private static BonsaiModel coded(byte[] payload, Tally tally, MemoryBudget budget)
            throws BonsaiFormatException {
        CodedStream stream = new CodedStream(payload, budget);
        ByteSource source = new ByteSource(stream.modelHeads(), modelPlace());
        BonsaiModel model = readModel(source, WeightReader.coded(source, stream, tally, budget));
        if (stream.graphHeads().length > 0) {
            Account account = new Account(tally, stream::length);
            ByteSource graphSource = new ByteSource(stream.graphHeads(), GraphReader.PLACE);
            WeightReader constants = WeightReader.codedConstants(graphSource, stream, budget);
            model = withGraph(model, graphSource, constants, budget);
            account.charge(Section.GRAPH);
            tally.add(Section.GRAPH, stream.lengthOfGraph());
        }
        stream.checkEnd();
        tally.add(Section.HEADER, stream.rest());
        return model;
    }

    private static BonsaiModel withGraph(
            BonsaiModel model, ByteSource source, WeightReader constants, MemoryBudget budget)
            throws BonsaiFormatException {
        Graph graph = GraphReader.read(source, constants, model.weights(), budget);
        return new BonsaiModel(model.weights(), model.inputShapes(), Optional.of(graph), List.of());
    }

    private static BonsaiFormatException refused(Container.Chunk chunk, String problem) {
        return new BonsaiFormatException(chunk.name(), problem, BonsaiFormatException.UPDATE);
    }

    private static BonsaiModel readModel(ByteSource source, WeightReader reader)
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
        reader.begin();
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

    static String codedPlace() {
        return "section '" + CODED + "' (coded)";
    }

    static String modelPlace() {
        return "section '" + MODEL + "' (model)";
    }
}
