package dev.bonsai.kernel;

import ai.djl.nn.Parameter;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.encoding.NamedWeight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The weights of a model at the end of a run, taken from the latent ones.
 *
 * @param all all parameters, in the order of the model
 * @param compressed those that techniques worked on
 */
record EncodedWeights(
        List<NamedWeight> all, Map<TargetWeight, EffectiveWeights.Encoded> compressed) {

    static EncodedWeights of(RunEnd end) {
        Set<TargetWeight> targets = end.parts().proposals().allTargets();
        List<NamedWeight> encoded = new ArrayList<>();
        Map<TargetWeight, EffectiveWeights.Encoded> compressed = new LinkedHashMap<>();
        for (TargetWeight weight : end.parts().weights().parameters()) {
            EffectiveWeights.Encoded last =
                    end.parts().effective().encodeMeasured(end.plan(), weight);
            encoded.add(new NamedWeight(weight.path(), role(weight, targets), last.value()));
            if (targets.contains(weight)) {
                compressed.put(weight, last);
            }
        }
        return new EncodedWeights(List.copyOf(encoded), compressed);
    }

    private static NamedWeight.Role role(TargetWeight weight, Set<TargetWeight> targets) {
        Parameter.Type type = weight.parameter().getType();
        if (type == Parameter.Type.WEIGHT || targets.contains(weight)) {
            return NamedWeight.Role.WEIGHT;
        }
        return type == Parameter.Type.BIAS ? NamedWeight.Role.BIAS : NamedWeight.Role.OTHER;
    }
}
