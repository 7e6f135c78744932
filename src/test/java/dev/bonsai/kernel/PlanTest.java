package dev.bonsai.kernel;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.bonsai.FakeTransforms;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.Projection;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.EncodedWeight;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testng.annotations.Test;

/** Which projections of a plan may be done in place. */
public class PlanTest {

    /** Changes nothing. */
    private record Idle(String name) implements Projection {

        @Override
        public NDArray apply(NDArray weight, ForwardPass pass) {
            return weight;
        }

        @Override
        public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
            return weight;
        }

        @Override
        public void project(NDArray latent) {}
    }

    private final TargetWeight first = weight("first");
    private final TargetWeight second = weight("second");
    private final WeightTransform rounding = FakeTransforms.keeping();
    private final Projection mask = new Idle("mask");
    private final Projection other = new Idle("other");

    private static TargetWeight weight(String path) {
        Parameter parameter = Parameter.builder().setType(Parameter.Type.WEIGHT).build();
        return new TargetWeight(path, parameter, "Linear");
    }

    private static Plan plan(List<Map<TargetWeight, WeightTransform>> states) {
        return new Plan(states.stream().map(s -> new State(1, s, Optional.empty())).toList());
    }

    @Test
    public void projectionsLeadUpToTheFirstOtherTransformOfTheirWeight() {
        Plan plan =
                plan(
                        List.of(
                                Map.of(first, mask, second, rounding),
                                Map.of(first, other, second, mask),
                                Map.of(first, rounding),
                                Map.of(first, mask)));
        assertEquals(plan.leading(), Map.of(first, List.of(mask, other)));
        Plan behind = plan.behindLeading();
        assertEquals(behind.of(first.id()), List.of(rounding, mask));
        assertEquals(behind.of(second.id()), List.of(rounding, mask));
        assertEquals(behind.leading(), Map.of());
        assertEquals(plan.of(first.id()), List.of(mask, other, rounding, mask));
    }

    @Test
    public void nothingIsBehindProjectionsAlone() {
        assertEquals(plan(List.of(Map.of(first, mask))).behindLeading().of(first.id()), List.of());
    }

    @Test
    public void aPlanWithoutProjectionsIsBehindItself() {
        Plan plan = plan(List.of(Map.of(first, rounding)));
        assertSame(plan.behindLeading(), plan);
    }
}
