package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.Levels;
import dev.bonsai.core.RestorationContract;
import dev.bonsai.core.Signal;
import dev.bonsai.core.StateType;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.TransformState;
import dev.bonsai.core.WeightTransform;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Every technique goes on from a file as if it had never stopped, with several weights at once. */
public class RestoredTechniquesTest {

    private static final List<Shape> SHAPES =
            List.of(new Shape(4, 6), new Shape(5, 3, 2, 2), new Shape(3, 8));

    private final Map<TargetWeight, float[]> values = new LinkedHashMap<>();

    private Map<TargetWeight, WeightTransform> before = Map.of();

    private FakeProposal proposal(EveryTechnique every, NDManager state) {
        Technique technique = every.technique();
        FakeProposal proposal = new FakeProposal(state);
        Random random = new Random(4);
        values.clear();
        for (Shape shape : SHAPES) {
            float[] value = normals(random, shape);
            TargetWeight weight = proposal.add("weight" + values.size(), shape, value);
            values.put(weight, value);
        }
        setSignals(technique, proposal);
        before = every.putBehind(proposal);
        return proposal;
    }

    /** A proposal uses them up. */
    private void setSignals(Technique technique, FakeProposal proposal) {
        Random random = new Random(5);
        for (TargetWeight weight : values.keySet()) {
            for (Signal signal : technique.getSignals()) {
                proposal.setSignal(weight, signal, normals(random, weight.shape()));
            }
        }
    }

    private static float[] normals(Random random, Shape shape) {
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; ++i) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @DataProvider
    Object[][] levels() {
        List<Object[]> rows = new ArrayList<>();
        for (EveryTechnique technique : EveryTechnique.values()) {
            Levels levels = technique.technique().getLevels();
            double first = levels.next(levels.start()).getAsDouble();
            for (double level :
                    first == levels.target() ? List.of(first) : List.of(first, levels.target())) {
                rows.add(new Object[] {technique, level});
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "levels")
    void goesOnBitForBit(EveryTechnique every, double level) {
        Technique technique = every.technique();
        try (NDManager state = NDManager.newBaseManager()) {
            FakeProposal proposal = proposal(every, state);
            Map<TargetWeight, WeightTransform> transforms = technique.propose(level, proposal);
            assertFalse(transforms.isEmpty());
            RestorationContract.of(technique).behind(before).check(transforms, worked(transforms));
        }
    }

    private Map<TargetWeight, float[]> worked(Map<TargetWeight, WeightTransform> transforms) {
        Map<TargetWeight, float[]> worked = new LinkedHashMap<>(values);
        worked.keySet().retainAll(transforms.keySet());
        return worked;
    }

    /** The order of a map is that of who wrote it, and says nothing. */
    @Test(dataProvider = "levels")
    void theOrderOfTheWeightsDoesNotCount(EveryTechnique every, double level) {
        Technique technique = every.technique();
        RestorationContract contract = RestorationContract.of(technique);
        try (NDManager state = NDManager.newBaseManager()) {
            FakeProposal proposal = proposal(every, state);
            Map<TargetWeight, WeightTransform> transforms = technique.propose(level, proposal);
            List<TargetWeight> backwards = new ArrayList<>(transforms.keySet());
            Collections.reverse(backwards);
            Map<TargetWeight, WeightTransform> other = new LinkedHashMap<>();
            backwards.forEach(weight -> other.put(weight, transforms.get(weight)));
            contract.behind(before).check(other, worked(transforms));
        }
    }

    /**
     * Regrowth, codebooks and what is learned go on from the present state when it is refreshed.
     */
    @Test(dataProvider = "levels")
    void theNextProposalIsTheSame(EveryTechnique every, double level) {
        Technique technique = every.technique();
        RestorationContract contract = RestorationContract.of(technique);
        try (NDManager state = NDManager.newBaseManager()) {
            FakeProposal proposal = proposal(every, state);
            Map<TargetWeight, WeightTransform> transforms = technique.propose(level, proposal);
            proposal.accept(transforms);
            values.forEach((weight, value) -> proposal.set(weight, moved(value)));
            before.forEach(proposal::setBehind);
            proposal.refreshAt(7);
            setSignals(technique, proposal);
            byte[] expected = contract.bytes(technique.propose(level, proposal));
            proposal.accept(contract.restored(transforms, state));
            setSignals(technique, proposal);
            byte[] got = contract.bytes(technique.propose(level, proposal));
            assertEquals(Arrays.mismatch(got, expected), -1);
        }
    }

    private static float[] moved(float... values) {
        float[] moved = values.clone();
        for (int i = 0; i < moved.length; i += 2) {
            moved[i] *= 0.5f;
        }
        return moved;
    }

    @Test
    void aStateOfAnotherTechniqueIsRefusedAndAWeightNamed() {
        for (EveryTechnique from : EveryTechnique.values()) {
            for (EveryTechnique to : EveryTechnique.values()) {
                Class<?> type = from.technique().getStateTypes().get(0).type();
                boolean known =
                        to.technique().getStateTypes().stream().anyMatch(t -> t.type() == type);
                if (!known) {
                    assertRefused(from, to.technique());
                }
            }
        }
    }

    private void assertRefused(EveryTechnique every, Technique to) {
        Technique from = every.technique();
        try (NDManager state = NDManager.newBaseManager()) {
            Map<TargetWeight, TransformState> states = new LinkedHashMap<>();
            from.propose(from.getLevels().target(), proposal(every, state))
                    .forEach((weight, transform) -> states.put(weight, transform.getState()));
            String message =
                    expectThrows(IllegalArgumentException.class, () -> to.restore(states, state))
                            .getMessage();
            assertTrue(message.contains("weight") && message.contains("restore it"), message);
        }
    }

    /** What stands in files that were written stays what it is called. */
    @Test
    void theNamesInFilesStay() {
        Set<String> found = new TreeSet<>();
        for (EveryTechnique every : EveryTechnique.values()) {
            for (StateType type : every.technique().getStateTypes()) {
                List<String> members =
                        Arrays.stream(type.type().getRecordComponents())
                                .map(RecordComponent::getName)
                                .toList();
                found.add(type.name() + members);
            }
        }
        assertEquals(
                found,
                new TreeSet<>(
                        List.of(
                                "mask[keep, level]",
                                "channels[keep, level]",
                                "grid[bits, position, rotations, estimators]",
                                "learnedScale[bits, start, growth]",
                                "rounded[]",
                                "limits[limits]",
                                "codebook[clusters, size, summed]",
                                "signs[mapped, noise]",
                                "trainedSigns[mapped, positive, negative]",
                                "penalty[strength]",
                                "bits[strength, rows, rowLength, groupLength, steps, slopes]",
                                "noisy[scale, step, index, draws, mirrored, logVariance]")));
    }

    @Test
    void noTwoKindsOfStatesOfATechniqueHaveOneName() {
        for (EveryTechnique every : EveryTechnique.values()) {
            List<StateType> types = every.technique().getStateTypes();
            Set<String> names = new HashSet<>();
            types.forEach(type -> names.add(type.name()));
            assertEquals(names.size(), types.size(), every.name());
        }
    }
}
