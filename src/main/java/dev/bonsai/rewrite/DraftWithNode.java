package dev.bonsai.rewrite;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;
import java.util.Optional;

/**
 * A draft with one node more at its end.
 *
 * @param draft the draft
 * @param last the node
 */
record DraftWithNode(Draft draft, Node last) implements Draft {

    @Override
    public List<Input> inputs() {
        return draft.inputs();
    }

    @Override
    public Optional<Node> producer(String name) {
        return last.outputs().contains(name) ? Optional.of(last) : draft.producer(name);
    }

    @Override
    public ValueInfo info(String name) {
        return name.equals(last.output()) ? draft.infer(last) : draft.info(name);
    }

    @Override
    public ValueInfo infer(Node node) {
        return draft.infer(node);
    }

    @Override
    public int uses(String name) {
        return draft.uses(name);
    }

    @Override
    public boolean isOutput(String name) {
        return draft.isOutput(name);
    }

    @Override
    public Optional<EncodedWeight> weight(String path) {
        return draft.weight(path);
    }

    @Override
    public Optional<Node> equal(Node node) {
        return draft.equal(node);
    }

    @Override
    public String fresh(String stem) {
        return draft.fresh(stem);
    }
}
