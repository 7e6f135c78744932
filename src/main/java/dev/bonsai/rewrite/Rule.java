package dev.bonsai.rewrite;

import dev.bonsai.graph.Node;
import java.util.Optional;

/** A rewrite: puts something simpler in the place of one node. */
@FunctionalInterface
interface Rule {

    /**
     * Looks at a node.
     *
     * @param node the node, the last one of what the rule is about
     * @param draft what stands before the node
     * @return what takes its place, or empty if the rule is not about it; what stands before and is
     *     not used any more goes by itself
     */
    Optional<Replacement> apply(Node node, Draft draft);
}
