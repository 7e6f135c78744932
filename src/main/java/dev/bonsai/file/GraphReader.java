package dev.bonsai.file;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.graph.CanonicalNames;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Schema;
import dev.bonsai.graph.operator.Schema.Arity;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Reads the graph section. Values are numbered in the order of their definition: inputs, weights,
 * constants, results; an operand says how far back its value was defined.
 *
 * <p>The page {@code docs/format.md} describes every byte.
 */
final class GraphReader {

    /** The type of an input of 32-bit floats; the others have the numbers of exact weights. */
    static final int FLOAT32 = 12;

    private static final int NONE = -1;
    static final String PLACE = "section '" + ModelReader.GRAPH + "' (graph)";

    private final ByteSource source;
    private final WeightReader constants;
    private final List<NamedWeight> all;
    private final MemoryBudget budget;
    private final NameTable names;
    private final GraphAttributes attributes;

    /** The names of the values that have one, by number; the others are null. */
    private final List<String> values = new ArrayList<>();

    private GraphReader(
            ByteSource source, WeightReader constants, List<NamedWeight> all, MemoryBudget budget) {
        this.source = source;
        this.constants = constants;
        this.all = all;
        this.budget = budget;
        names = new NameTable(budget);
        attributes = new GraphAttributes(names, budget);
    }

    /** A node whose operands and results are numbers of values. */
    private record NumberedNode(Operator operator, int[] operands, int[] results) {}

    /**
     * Reads a section.
     *
     * @param source the section, with a place for the messages
     * @param constants reads the constants, where they stand in the section
     * @param weights the weights of the model section
     * @param budget counts the memory of what is read
     */
    static Graph read(
            ByteSource source,
            WeightReader constants,
            List<NamedWeight> weights,
            MemoryBudget budget)
            throws BonsaiFormatException {
        GraphReader reader = new GraphReader(source, constants, weights, budget);
        try {
            return reader.graph();
        } catch (GraphException e) { // what is well written, and makes no sense
            throw reader.source.error(e.getMessage());
        }
    }

    private Graph graph() throws BonsaiFormatException {
        List<Graph.Input> inputs = inputs();
        List<Graph.Weight> weights = weights();
        int firstConstant = values.size();
        List<EncodedWeight> found = constants();
        List<NumberedNode> nodes = nodes();
        List<Integer> outputs = outputs();
        source.at(PLACE);
        if (source.left() > 0) {
            throw source.error("expected its end, but " + source.left() + " bytes are left");
        }
        nameAll();
        Map<String, EncodedWeight> named = new LinkedHashMap<>();
        for (int i = 0; i < found.size(); ++i) {
            if (named.put(values.get(firstConstant + i), found.get(i)) != null) {
                throw source.error("two constants have one name");
            }
        }
        return new Graph(
                inputs,
                weights,
                named,
                nodes.stream().map(this::node).toList(),
                outputs.stream().map(values::get).toList());
    }

    private List<Graph.Input> inputs() throws BonsaiFormatException {
        int count = count("the number of inputs");
        List<Graph.Input> inputs = new ArrayList<>(count);
        for (int i = 0; i < count; ++i) {
            source.at(PLACE + ", input " + i);
            String name = names.read(source, "its name");
            ElementType type = type();
            int rank = source.count("its rank");
            budget.references(rank);
            budget.check(source, "its shape");
            List<Dim> dims = new ArrayList<>(rank);
            for (int j = 0; j < rank; ++j) {
                long size = source.varint("a dimension", 1L << 31);
                dims.add(
                        size > 0
                                ? Dim.of(size - 1)
                                : Dim.free(names.read(source, "the name of a dimension")));
            }
            inputs.add(new Graph.Input(name, type, new Shape(dims)));
            values.add(name);
        }
        return inputs;
    }

    private ElementType type() throws BonsaiFormatException {
        if (source.peek("its type") == FLOAT32) {
            source.u8("its type");
            return ElementType.FLOAT32;
        }
        return WeightTag.readType(source);
    }

    /** A number of values, each of which takes at least one more byte. */
    private int count(String what) throws BonsaiFormatException {
        int count = source.count(what);
        budget.values(count);
        budget.check(source, what);
        return count;
    }

    private List<Graph.Weight> weights() throws BonsaiFormatException {
        source.at(PLACE + ", weights");
        int[] indices = indices();
        budget.values(indices.length);
        budget.check(source, "the weights of its graph");
        List<Graph.Weight> weights = new ArrayList<>(indices.length);
        for (int index : indices) {
            NamedWeight weight = all.get(index);
            Shape shape = Shape.of(weight.value().shape());
            weights.add(new Graph.Weight(weight.path(), Constants.type(weight.value()), shape));
            values.add(weight.path());
        }
        return weights;
    }

    private int[] indices() throws BonsaiFormatException {
        int head = (int) source.varint("their number", all.size() + 1L);
        if (head == 0) {
            return IntStream.range(0, all.size()).toArray();
        }
        source.need(head - 1L, "the numbers of its weights");
        int[] indices = new int[head - 1];
        for (int i = 0; i < indices.length; ++i) {
            indices[i] = (int) source.varint("the number of a weight", all.size() - 1L);
        }
        return indices;
    }

    private List<EncodedWeight> constants() throws BonsaiFormatException {
        source.at(PLACE + ", constants");
        int count = count("their number");
        List<EncodedWeight> read = new ArrayList<>(count);
        for (int i = 0; i < count; ++i) {
            source.at(PLACE + ", constant " + i);
            read.add(constants.readValue());
            values.add(null);
        }
        return read;
    }

    private List<NumberedNode> nodes() throws BonsaiFormatException {
        source.at(PLACE + ", nodes");
        int count = count("their number");
        List<NumberedNode> nodes = new ArrayList<>(count);
        for (int i = 0; i < count; ++i) {
            source.at(PLACE + ", node " + i);
            int number = (int) source.varint("its operator", Integer.MAX_VALUE);
            Schema schema = Operators.find(number).orElse(null);
            if (schema == null) {
                throw source.error(
                        "it has operator " + number + ", which is unknown",
                        BonsaiFormatException.UPDATE);
            }
            source.at(PLACE + ", node " + i + " (" + schema + ")");
            int[] operands = operands(schema.operands());
            BitSet results = results(schema.results());
            Attributes given = attributes.read(schema, source);
            nodes.add(new NumberedNode(schema.create(given), operands, numbered(results)));
        }
        return nodes;
    }

    private int[] operands(Arity arity) throws BonsaiFormatException {
        int count = arity.least();
        if (arity.least() < arity.most()) {
            count += (int) source.varint("its operands", arity.most() - count);
        }
        source.need(count, "its operands");
        budget.references(count);
        budget.check(source, "its operands");
        int[] operands = new int[count];
        for (int i = 0; i < count; ++i) {
            operands[i] = reference("an operand");
        }
        return operands;
    }

    private int reference(String what) throws BonsaiFormatException {
        int back = (int) source.varint(what, values.size());
        return back == 0 ? NONE : values.size() - back;
    }

    /** Tells which results have a number; the last of them has one. */
    private BitSet results(Arity arity) throws BonsaiFormatException {
        BitSet named = new BitSet();
        if (arity.least() == arity.most()) {
            named.set(0, arity.least());
            budget.values(arity.least());
            return named;
        }
        long most = 2L * (arity.most() - arity.least()) + 1;
        long head = source.varint("its results", most);
        int count = arity.least() + (int) (head >> 1);
        budget.values(count);
        budget.check(source, "its results");
        if ((head & 1) == 0) {
            named.set(0, count);
            return named;
        }
        named = BitSet.valueOf(source.bytes((count + 7) / 8, "its results"));
        if (named.length() != count) {
            throw source.error("expected " + count + " results, but got " + named.length());
        }
        return named;
    }

    private int[] numbered(BitSet results) {
        int[] numbers = new int[results.length()];
        Arrays.fill(numbers, NONE);
        for (int i = results.nextSetBit(0); i >= 0; i = results.nextSetBit(i + 1)) {
            numbers[i] = values.size();
            values.add(null);
        }
        return numbers;
    }

    private List<Integer> outputs() throws BonsaiFormatException {
        source.at(PLACE + ", outputs");
        int count = source.count("their number");
        budget.references(count);
        budget.check(source, "its outputs");
        List<Integer> outputs = new ArrayList<>(count);
        for (int i = 0; i < count; ++i) {
            int number = reference("an output");
            if (number == NONE) {
                throw source.error("expected an output to be a value, but got 0");
            }
            if (values.get(number) == null) {
                values.set(number, names.read(source, "the name of an output"));
            }
            outputs.add(number);
        }
        return outputs;
    }

    private void nameAll() {
        CanonicalNames canonical =
                new CanonicalNames(values.stream().filter(Objects::nonNull).toList());
        for (int i = 0; i < values.size(); ++i) {
            if (values.get(i) == null) {
                values.set(i, canonical.of(i));
            }
        }
    }

    private Node node(NumberedNode node) {
        return new Node(node.operator(), named(node.operands()), named(node.results()));
    }

    private List<String> named(int[] numbers) {
        return Arrays.stream(numbers)
                .mapToObj(number -> number == NONE ? Node.ABSENT : values.get(number))
                .toList();
    }
}
