package dev.bonsai.file;

import dev.bonsai.entropy.EntropyCoder;
import java.util.ArrayList;
import java.util.List;

/** Writes the sections that hold a model and its graph. */
final class SectionWriter {

    private SectionWriter() {}

    static List<Container.Chunk> write(BonsaiModel model, FileForm form, MemoryBudget budget) {
        return switch (form) {
            case CODED -> List.of(new Container.Chunk(ModelReader.CODED, coded(model, budget)));
            case PACKED -> packed(model, budget);
        };
    }

    private static List<Container.Chunk> packed(BonsaiModel model, MemoryBudget budget) {
        PackedWriter numbers = new PackedWriter();
        List<Container.Chunk> chunks = new ArrayList<>();
        byte[] weights = ModelWriter.write(model, numbers, budget);
        chunks.add(new Container.Chunk(ModelReader.MODEL, weights));
        model.graph()
                .map(graph -> GraphWriter.write(graph, model.weights(), numbers, budget))
                .ifPresent(bytes -> chunks.add(new Container.Chunk(ModelReader.GRAPH, bytes)));
        return chunks;
    }

    /** The heads of the weights, those of the graph, then all numbers, in one stream. */
    private static byte[] coded(BonsaiModel model, MemoryBudget budget) {
        CodedWriter numbers = new CodedWriter();
        byte[] heads = ModelWriter.write(model, numbers, budget);
        byte[] graph =
                model.graph()
                        .map(given -> GraphWriter.write(given, model.weights(), numbers, budget))
                        .orElse(new byte[0]);
        budget.heads((long) heads.length + graph.length);
        EntropyCoder coder = EntropyCoder.writer(heads.length + graph.length);
        coder.number(heads.length);
        coder.number(graph.length);
        write(heads, coder);
        write(graph, coder);
        numbers.write(coder);
        return coder.finish();
    }

    private static void write(byte[] octets, EntropyCoder coder) {
        for (byte octet : octets) {
            coder.octet(octet & 0xff);
        }
    }
}
