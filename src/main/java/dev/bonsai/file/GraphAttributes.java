package dev.bonsai.file;

import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Schema;
import dev.bonsai.graph.operator.Schema.Attribute;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Attributes of an operator: a bit for each that the operator may have, in the order of its schema,
 * then the values of those that differ from their default.
 */
final class GraphAttributes {

    private static final String WHAT = "an attribute";

    private final NameTable names;
    private final MemoryBudget budget;

    GraphAttributes(NameTable names, MemoryBudget budget) {
        this.names = names;
        this.budget = budget;
    }

    void write(Schema schema, Attributes attributes, ByteSink sink) {
        List<Attribute> known = schema.attributes();
        if (known.isEmpty()) {
            return;
        }
        long mask = 0;
        for (int i = 0; i < known.size(); ++i) {
            mask |= attributes.get(known.get(i).name()).isPresent() ? 1L << i : 0;
        }
        sink.varint(mask);
        for (Attribute attribute : known) {
            attributes
                    .get(attribute.name())
                    .ifPresent(value -> write(attribute.kind(), value, sink));
        }
    }

    private void write(Schema.Kind kind, Object value, ByteSink sink) {
        switch (kind) {
            case INT -> sink.zigzag(Math.toIntExact((Long) value));
            case FLOAT -> sink.int32(Float.floatToIntBits((Float) value));
            case STRING -> names.write((String) value, sink);
            case INTS -> writeList(Schema.Kind.INT, (List<?>) value, sink);
            case FLOATS -> writeList(Schema.Kind.FLOAT, (List<?>) value, sink);
            case STRINGS -> writeList(Schema.Kind.STRING, (List<?>) value, sink);
        }
    }

    /** Twice the length, plus 1 where one value stands for all. */
    private void writeList(Schema.Kind kind, List<?> values, ByteSink sink) {
        budget.references(values.size());
        boolean equal = values.size() > 1 && values.stream().distinct().count() == 1;
        sink.varint(2L * values.size() + (equal ? 1 : 0));
        (equal ? values.subList(0, 1) : values).forEach(value -> write(kind, value, sink));
    }

    Attributes read(Schema schema, ByteSource source) throws BonsaiFormatException {
        List<Attribute> known = schema.attributes();
        if (known.isEmpty()) {
            return Attributes.NONE;
        }
        long mask = source.varint("the attributes of " + schema, (1L << known.size()) - 1);
        Map<String, Object> values = new TreeMap<>();
        for (int i = 0; i < known.size(); ++i) {
            if ((mask >> i & 1) == 1) {
                values.put(known.get(i).name(), read(known.get(i).kind(), source));
            }
        }
        return Attributes.of(values);
    }

    private Object read(Schema.Kind kind, ByteSource source) throws BonsaiFormatException {
        return switch (kind) {
            case INT -> (long) source.zigzag(WHAT);
            case FLOAT -> Float.intBitsToFloat(source.int32(WHAT));
            case STRING -> names.read(source, WHAT);
            case INTS -> readList(Schema.Kind.INT, source);
            case FLOATS -> readList(Schema.Kind.FLOAT, source);
            case STRINGS -> readList(Schema.Kind.STRING, source);
        };
    }

    private List<Object> readList(Schema.Kind kind, ByteSource source)
            throws BonsaiFormatException {
        long head = source.varint(WHAT, 0xffffffffL);
        int length = (int) (head >> 1);
        budget.references(length);
        budget.check(source, WHAT);
        if ((head & 1) == 1) {
            return Collections.nCopies(length, read(kind, source));
        }
        source.need(length, WHAT);
        List<Object> values = new ArrayList<>(length);
        for (int i = 0; i < length; ++i) {
            values.add(read(kind, source));
        }
        return values;
    }
}
