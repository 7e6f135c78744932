package dev.bonsai.thinning;

import dev.bonsai.graph.Node;

/** Why something can't be removed, before it is known which weights that concerns. */
record Cause(RefusalReason reason, String text) {

    static Cause of(RefusalReason reason, Node node, String what) {
        return new Cause(reason, node.operator().onnxName() + " '" + node.output() + "' " + what);
    }
}
