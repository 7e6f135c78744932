package dev.bonsai.file;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight.Role;
import dev.bonsai.file.Container.Chunk;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Schema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Writes graph sections that are well formed, and mostly make no sense, or ask for much. */
final class HostileGraphs {

    private static final long[] EXTREMES = {0, 1, 2, 3, 64, 65, 65_537, 1 << 30, 1L << 31};
    private static final long[] SMALL = {1, 2, 2, 3, 4};

    private final ByteSink sink = new ByteSink();
    private int values;

    /** A file with a model section and this graph. */
    static byte[] file(byte[] model, byte[] graph) {
        return Container.write(
                List.of(new Chunk(ModelReader.MODEL, model), new Chunk(ModelReader.GRAPH, graph)));
    }

    static byte[] noWeights() {
        return new byte[2];
    }

    /** Inputs of 32-bit floats named 0, 1, ..., of shapes in which -1 is free. */
    HostileGraphs inputs(String dimension, int type, long[]... shapes) {
        sink.varint(shapes.length);
        for (long[] shape : shapes) {
            text(Integer.toString(values++));
            sink.u8(type);
            sink.varint(shape.length);
            for (long size : shape) {
                sink.varint(size + 1);
                if (size < 0) {
                    text(dimension);
                }
            }
        }
        return this;
    }

    /** All weights of the model, and constants. */
    HostileGraphs constants(int weights, EncodedWeight... constants) {
        sink.varint(0);
        sink.varint(constants.length);
        WeightWriter writer = new WeightWriter(sink, new PackedWriter(), MemoryBudget.ofWriter());
        for (EncodedWeight constant : constants) {
            writer.write("constant", Role.OTHER, constant);
        }
        values += weights + constants.length;
        return this;
    }

    HostileGraphs nodes(int count) {
        sink.varint(count);
        return this;
    }

    /** A node by the numbers behind its operator, and how many values it defines. */
    HostileGraphs node(String operator, int defines, long... numbers) {
        sink.varint(Operators.find(operator).orElseThrow().number());
        for (long number : numbers) {
            sink.varint(number);
        }
        values += defines;
        return this;
    }

    /** Tells how many values there are. */
    int values() {
        return values;
    }

    /** One output: the last value. */
    byte[] done() {
        sink.varint(1);
        sink.varint(1);
        text("out");
        return sink.toByteArray();
    }

    private void text(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        sink.varint(0);
        sink.varint(bytes.length);
        sink.bytes(bytes);
    }

    /** Random operators on random values, with attributes that are mostly small. */
    static byte[] next(Random random, EncodedWeight... constants) {
        HostileGraphs made = new HostileGraphs();
        long[][] shapes = new long[1 + random.nextInt(3)][];
        for (int i = 0; i < shapes.length; ++i) {
            shapes[i] = new long[random.nextInt(5)];
            for (int j = 0; j < shapes[i].length; ++j) {
                shapes[i][j] = random.nextInt(4) == 0 ? -1 : number(random);
            }
        }
        made.inputs("n", random.nextInt(4) == 0 ? 9 : GraphReader.FLOAT32, shapes);
        made.constants(0, constants);
        int count = 1 + random.nextInt(6);
        made.nodes(count);
        for (int i = 0; i < count; ++i) {
            made.randomNode(random);
        }
        return made.done();
    }

    private static long number(Random random) {
        return random.nextInt(12) == 0
                ? EXTREMES[random.nextInt(EXTREMES.length)]
                : SMALL[random.nextInt(SMALL.length)];
    }

    private void randomNode(Random random) {
        List<Schema> all = Operators.all();
        Schema schema = all.get(random.nextInt(all.size()));
        sink.varint(schema.number());
        int operands = random(schema.operands(), random, 1);
        for (int i = 0; i < operands; ++i) {
            sink.varint(random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(values));
        }
        int results = random(schema.results(), random, 2);
        if (!schema.attributes().isEmpty()) {
            int mask = random.nextInt(1 << schema.attributes().size());
            mask &= random.nextInt(1 << schema.attributes().size());
            sink.varint(mask);
            for (int i = 0; i < schema.attributes().size(); ++i) {
                if ((mask >> i & 1) == 1) {
                    attribute(schema.attributes().get(i).kind(), random);
                }
            }
        }
        values += results;
    }

    private int random(Schema.Arity arity, Random random, int factor) {
        if (arity.least() == arity.most()) {
            return arity.least();
        }
        int more = Math.min(random.nextInt(4), arity.most() - arity.least());
        sink.varint((long) factor * more);
        return arity.least() + more;
    }

    private void attribute(Schema.Kind kind, Random random) {
        switch (kind) {
            case INT -> sink.zigzag((int) number(random) - random.nextInt(3));
            case FLOAT -> sink.int32(random.nextInt());
            case STRING -> sink.varint(1 + random.nextInt(NameTable.WORDS.size()));
            case INTS -> list(Schema.Kind.INT, random);
            case FLOATS -> list(Schema.Kind.FLOAT, random);
            case STRINGS -> list(Schema.Kind.STRING, random);
        }
    }

    private void list(Schema.Kind kind, Random random) {
        int length = random.nextInt(5);
        boolean equal = random.nextBoolean();
        sink.varint(2L * length + (equal ? 1 : 0));
        for (int i = 0; i < (equal ? 1 : length); ++i) {
            attribute(kind, random);
        }
    }
}
