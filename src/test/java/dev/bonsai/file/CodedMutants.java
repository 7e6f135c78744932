package dev.bonsai.file;

import dev.bonsai.entropy.EntropyCoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Changes coded files, makes their checksums right again, and reads them: each must be read or
 * refused with one typed exception, in bounded time and memory.
 *
 * <pre>
 * mvn -q test-compile exec:java -Dexec.classpathScope=test \
 *     -Dexec.mainClass=dev.bonsai.file.CodedMutants -Dexec.args=1000000
 * </pre>
 */
final class CodedMutants {

    private CodedMutants() {}

    public static void main(String[] args) {
        int count = Integer.parseInt(args[0]);
        int read = run(count, args.length > 1 ? Long.parseLong(args[1]) : 1);
        System.out.println(count + " mutants: " + read + " were read, the others refused");
    }

    /** A model as it is written, part by part. */
    private record Parts(byte[] payload, byte[] heads, byte[] graph, CodedWriter numbers) {

        static Parts of(BonsaiModel model) {
            CodedWriter numbers = new CodedWriter();
            MemoryBudget budget = MemoryBudget.ofWriter();
            byte[] heads = ModelWriter.write(model, numbers, budget);
            byte[] graph =
                    model.graph()
                            .map(g -> GraphWriter.write(g, model.weights(), numbers, budget))
                            .orElse(new byte[0]);
            return new Parts(CodedMutants.payload(model), heads, graph, numbers);
        }
    }

    /** Reads so many mutants, and returns how many of them made sense. */
    static int run(int count, long seed) {
        Random random = new Random(seed);
        List<Parts> models = new ArrayList<>();
        GraphSamples.all().values().forEach(model -> models.add(Parts.of(model)));
        models.add(Parts.of(Samples.small()));
        int read = 0;
        for (int i = 0; i < count; ++i) {
            Parts model = models.get(random.nextInt(models.size()));
            byte[] file = random.nextBoolean() ? ofBytes(model, random) : ofHeads(model, random);
            read += BoundsTest.readsWithinBounds(file, "mutant " + i) ? 1 : 0;
        }
        return read;
    }

    static byte[] payload(BonsaiModel model) {
        return SectionWriter.write(model, FileForm.CODED, MemoryBudget.ofWriter()).get(0).payload();
    }

    static byte[] file(byte[] payload) {
        return Container.write(List.of(new Container.Chunk(ModelReader.CODED, payload)));
    }

    /** Bytes of the stream are others: all that follows is read as something else. */
    private static byte[] ofBytes(Parts model, Random random) {
        byte[] payload = model.payload().clone();
        for (int i = 0; i <= random.nextInt(3); ++i) {
            payload[random.nextInt(payload.length)] = (byte) random.nextInt(256);
        }
        return file(payload);
    }

    /** Heads are others, and written well: the numbers do not fit them. */
    private static byte[] ofHeads(Parts model, Random random) {
        byte[] heads = model.heads().clone();
        byte[] graph = model.graph().clone();
        byte[] changed = random.nextInt(3) == 0 && graph.length > 0 ? graph : heads;
        for (int i = 0; i <= random.nextInt(3); ++i) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        EntropyCoder coder = EntropyCoder.writer(0);
        coder.number(heads.length);
        coder.number(graph.length);
        for (byte[] part : List.of(heads, graph)) {
            for (byte octet : part) {
                coder.octet(octet & 0xff);
            }
        }
        model.numbers().write(coder);
        return file(coder.finish());
    }
}
