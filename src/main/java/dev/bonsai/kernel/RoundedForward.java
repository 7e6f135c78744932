package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.util.PairList;

/**
 * What is run in place of the root block in one pass.
 *
 * @param network the network
 * @param pass what it goes by
 */
record RoundedForward(RoundedNetwork network, RoundedPass pass) {

    NDList forward(NDList inputs, PairList<String, Object> params) {
        if (params != null && !params.isEmpty()) {
            throw new IllegalStateException(
                    "A pass was given the further arguments "
                            + params.keys()
                            + ", which the graph of the block does not have: leave them out, or"
                            + " train without ActivationQuantization");
        }
        return network.forward(pass, inputs);
    }
}
