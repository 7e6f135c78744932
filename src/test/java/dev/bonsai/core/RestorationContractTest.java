package dev.bonsai.core;

import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The law accepts a technique that keeps all of its state and refuses one for each part lost. */
public class RestorationContractTest extends ManagerTestBase {

    private static final float[] VALUES = {0.5f, -1, 2, -0.25f, 3, 1.5f};

    /** What goes wrong when a transform is restored, and what the law says to that. */
    private enum Fault {
        NONE(""),
        PASSES("the state of what was restored"),
        SUM("the state of what was restored"),
        LEARNED("the state of what was restored"),
        TRAINING("the training pass"),
        GRADIENT("a gradient"),
        BEFORE_STEP("a gradient"),
        AFTER_STEP("the latent weight"),
        INFERENCE("the inference pass"),
        ENCODING("the encoding"),
        COUNTING("the state at last");

        private final String clause;

        Fault(String clause) {
            this.clause = clause;
        }
    }

    record State(int passes, float sum, long steps, StateArray learned) implements TransformState {}

    /** Has a state of every kind. */
    private static final class Counting implements WeightTransform, StepHook {

        private final Parameter own;
        private final Fault fault;
        private int passes;
        private float sum;
        private long steps;

        Counting(Parameter own, Fault fault) {
            this.own = own;
            this.fault = fault;
        }

        @Override
        public List<Parameter> getParameters() {
            return List.of(own);
        }

        @Override
        public NDArray apply(NDArray weight, ForwardPass pass) {
            NDManager scratch = weight.getManager();
            if (pass.mode() == ForwardPass.Mode.INFERENCE) {
                return weight.add(shift(Fault.INFERENCE));
            }
            ++passes;
            float counted = passes + (fault == Fault.TRAINING ? 1 : 0);
            NDArray learned = Tensors.constant(scratch, counted).mul(pass.value(own));
            NDArray effective = weight.add(learned);
            return fault == Fault.GRADIENT
                    ? effective.add(weight.sub(weight.stopGradient()))
                    : effective;
        }

        private float shift(Fault own) {
            return fault == own ? 1 : 0;
        }

        @Override
        public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
            float[] values = weight.decode();
            values[0] += shift(Fault.ENCODING);
            return new DenseWeight(weight.shape(), values);
        }

        @Override
        public void beforeStep(NDArray latent, NDArray gradient, ForwardPass pass) {
            sum += gradient.toFloatArray()[0];
            gradient.addi(sum + shift(Fault.BEFORE_STEP));
        }

        @Override
        public void afterStep(NDArray latent) {
            latent.muli(fault == Fault.AFTER_STEP ? 0.5f : 0.75f);
            steps += fault == Fault.COUNTING ? 2 : 1;
        }

        @Override
        public State getState() {
            return new State(passes, sum, steps, Learned.values(own));
        }
    }

    /** Restores its transforms with a fault. */
    private static final class Fake extends AbstractTechnique {

        private final Fault fault;

        Fake(Fault fault) {
            super("fake", Effect.VALUES, WeightSelector.all(), Levels.single("on"));
            this.fault = fault;
        }

        @Override
        public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
            return Map.of();
        }

        @Override
        public List<StateType> getStateTypes() {
            return List.of(StateType.of("counting", State.class, MethodHandles.lookup()));
        }

        @Override
        public Map<TargetWeight, WeightTransform> restore(
                Map<TargetWeight, TransformState> states, NDManager owner) {
            return restored(states, State.class, (weight, state) -> restored(state, owner));
        }

        private WeightTransform restored(State state, NDManager owner) {
            NDArray learned = state.learned().toFloats(owner, new Shape(1));
            learned.addi(fault == Fault.LEARNED ? 1 : 0);
            Counting counting = new Counting(Learned.parameter("own", learned), fault);
            counting.passes = fault == Fault.PASSES ? 0 : state.passes();
            counting.sum = fault == Fault.SUM ? 0 : state.sum();
            counting.steps = state.steps();
            return counting;
        }
    }

    @DataProvider
    Object[][] faults() {
        return Arrays.stream(Fault.values())
                .map(fault -> new Object[] {fault})
                .toArray(Object[][]::new);
    }

    @Test(dataProvider = "faults")
    void whatIsLostIsFoundAndNothingElse(Fault fault) {
        NDArray value = Tensors.constant(manager, new float[] {0.5f}, new Shape(1));
        Counting counting = new Counting(Learned.parameter("own", value), Fault.NONE);
        RestorationContract contract = RestorationContract.of(new Fake(fault));
        TargetWeight weight = new FakeProposal(manager).add("weight", new Shape(2, 3), VALUES);
        Map<TargetWeight, WeightTransform> transforms = Map.of(weight, counting);
        if (fault == Fault.NONE) {
            contract.check(transforms, Map.of(weight, VALUES));
            return;
        }
        String message =
                expectThrows(
                                AssertionError.class,
                                () -> contract.check(transforms, Map.of(weight, VALUES)))
                        .getMessage();
        assertTrue(message.startsWith(fault.clause), message);
    }

    @Test
    void whatHasNoStateSaysWhatToDo() {
        WeightTransform plain =
                new WeightTransform() {
                    @Override
                    public NDArray apply(NDArray weight, ForwardPass pass) {
                        return weight;
                    }

                    @Override
                    public EncodedWeight encode(EncodedWeight weight, NDManager scratch) {
                        return weight;
                    }
                };
        String message =
                expectThrows(UnsupportedOperationException.class, plain::getState).getMessage();
        assertTrue(message.contains("implements TransformState"), message);
        Technique technique =
                new AbstractTechnique(
                        "plain", Effect.VALUES, WeightSelector.all(), Levels.single("on")) {
                    @Override
                    public Map<TargetWeight, WeightTransform> propose(
                            double level, Proposal proposal) {
                        return Map.of();
                    }
                };
        message =
                expectThrows(
                                UnsupportedOperationException.class,
                                () -> technique.restore(Map.of(), manager))
                        .getMessage();
        assertTrue(message.contains("'plain'") && message.contains("getStateTypes"), message);
    }
}
