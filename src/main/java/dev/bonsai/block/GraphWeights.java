package dev.bonsai.block;

import ai.djl.nn.Parameter;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.NamedWeight.Role;
import dev.bonsai.graph.GraphModel;
import java.util.List;

/** The weights of a graph as a file has them: each with what it is to the model. */
public final class GraphWeights {

    private GraphWeights() {}

    /**
     * Names the weights of a graph.
     *
     * @param model the graph and its weights
     * @return the weights in the order of the graph
     */
    public static List<NamedWeight> of(GraphModel model) {
        ParameterRoles roles = new ParameterRoles(model.graph());
        return model.graph().weights().stream()
                .map(
                        weight ->
                                new NamedWeight(
                                        weight.path(),
                                        role(roles.of(weight)),
                                        model.weights().get(weight.path())))
                .toList();
    }

    private static Role role(Parameter.Type type) {
        if (type == Parameter.Type.WEIGHT) {
            return Role.WEIGHT;
        }
        return type == Parameter.Type.BIAS ? Role.BIAS : Role.OTHER;
    }
}
