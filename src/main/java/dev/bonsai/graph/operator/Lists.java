package dev.bonsai.graph.operator;

import java.util.ArrayList;
import java.util.List;

/** Joins lists. */
final class Lists {

    private Lists() {}

    static List<Schema.Attribute> join(List<Schema.Attribute> first, Schema.Attribute... more) {
        List<Schema.Attribute> joined = new ArrayList<>(first);
        joined.addAll(List.of(more));
        return List.copyOf(joined);
    }
}
