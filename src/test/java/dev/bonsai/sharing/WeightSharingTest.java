package dev.bonsai.sharing;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.Levels;
import dev.bonsai.core.ProposalTestBase;
import dev.bonsai.core.Refresh;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class WeightSharingTest extends ProposalTestBase {

    private static WeightSharing.Builder sharing(int centroids) {
        return WeightSharing.builder().setCentroids(centroids);
    }

    private float[] apply(WeightTransform transform, TargetWeight weight) {
        try (NDManager scratch = NDManager.newBaseManager()) {
            NDArray value = proposal.value(weight).duplicate();
            value.attach(scratch);
            return transform
                    .apply(value, WeightTransformContract.pass(Mode.INFERENCE))
                    .toFloatArray();
        }
    }

    @Test
    void goesFromFloatsOverTheStepsToTheCentroids() {
        Levels levels = sharing(16).optSteps(64, 32).build().getLevels();
        assertEquals(levels.next(levels.start()).getAsDouble(), 64.0);
        assertEquals(levels.next(64).getAsDouble(), 32.0);
        assertEquals(levels.next(32).getAsDouble(), 16.0);
        assertEquals(levels.target(), 16.0);
        assertEquals(levels.format(levels.start()), "32-bit floats");
        assertEquals(levels.format(16), "16 centroids");
        assertEquals(sharing(16).optSteps(64, 16).build().getLevels().target(), 16.0);
    }

    @Test
    void aLevelBetweenIsAWholeNumberOfCentroids() {
        Levels levels = sharing(16).build().getLevels();
        assertEquals(levels.between(levels.start(), 16), OptionalDouble.of(136));
        assertEquals(levels.between(19, 16), OptionalDouble.of(18));
        assertEquals(levels.between(17, 16), OptionalDouble.empty());
    }

    @Test
    void changesNothingAtTheStart() {
        proposal.add("weight", new Shape(1, 2), 1, 2);
        WeightSharing sharing = sharing(2).build();
        assertTrue(sharing.propose(sharing.getLevels().start(), proposal).isEmpty());
    }

    @Test
    void everyWeightGetsACodebookOfItsOwnWithoutAnyArray() {
        TargetWeight one = proposal.add("one", new Shape(2, 2), 1, 2, 11, 12);
        TargetWeight two = proposal.add("two", new Shape(1, 4), -1, -2, 0, 0);
        int arrays = manager.getManagedArrays().size();
        Map<TargetWeight, WeightTransform> state = sharing(2).build().propose(2, proposal);
        assertEquals(List.copyOf(state.keySet()), List.of(one, two));
        assertEquals(apply(state.get(one), one), new float[] {1.5f, 1.5f, 11.5f, 11.5f}, 0f);
        assertEquals(apply(state.get(two), two), new float[] {-1.5f, -1.5f, 0, 0}, 0f);
        assertEquals(manager.getManagedArrays().size(), arrays, "arrays left behind");
    }

    @Test
    void eachWeightDrawsByItself() {
        float[] values = CodebookTransformTest.normals(1, 400, 0);
        TargetWeight one = proposal.add("one", new Shape(1, 400), values);
        TargetWeight two = proposal.add("two", new Shape(1, 400), values);
        Map<TargetWeight, WeightTransform> state =
                sharing(16)
                        .optInitialization(Initialization.random(1))
                        .build()
                        .propose(16, proposal);
        assertNotEquals(apply(state.get(one), one), apply(state.get(two), two));
    }

    @Test
    void aRefreshBeginsWithThePresentCentroids() {
        TargetWeight weight = proposal.add("weight", new Shape(3, 3), 1, 1, 1, 2, 2, 2, 99, 99, 99);
        WeightSharing sharing = sharing(2).build();
        proposal.accept(sharing.propose(2, proposal));
        proposal.set(weight, 1, 1, 1, 11, 11, 11, 20, 20, 20);
        // The present means are 6 and 20; from the ends, 1 and 20, the middle goes up.
        float[] anew = apply(sharing.propose(2, proposal).get(weight), weight);
        assertEquals(anew, new float[] {1, 1, 1, 15.5f, 15.5f, 15.5f, 15.5f, 15.5f, 15.5f}, 0f);
        proposal.refreshAt(8);
        float[] refreshed = apply(sharing.propose(2, proposal).get(weight), weight);
        assertEquals(refreshed, new float[] {6, 6, 6, 6, 6, 6, 20, 20, 20}, 0f);
    }

    @Test
    void aRefreshOfWhatIsGroupedAlreadyChangesNothing() {
        float[] values = CodebookTransformTest.normals(2, 400, 0.3);
        TargetWeight weight = proposal.add("weight", new Shape(20, 20), values);
        WeightSharing sharing = sharing(8).build();
        Map<TargetWeight, WeightTransform> state = sharing.propose(8, proposal);
        proposal.accept(state);
        proposal.refreshAt(8);
        float[] again = apply(sharing.propose(8, proposal).get(weight), weight);
        assertEquals(again, apply(state.get(weight), weight), 0f);
    }

    @Test
    void aRefreshAfterAMaskHasRoomForZero() {
        TargetWeight weight = proposal.add("weight", new Shape(1, 6), 1, 2, 10, 11, 30, 31);
        WeightSharing sharing = sharing(3).build();
        proposal.accept(sharing.propose(3, proposal));
        proposal.set(weight, 0, 2, 10, 11, 30, 31);
        proposal.refreshAt(8);
        float[] shared = apply(sharing.propose(3, proposal).get(weight), weight);
        assertEquals(shared, new float[] {0, 23f / 3, 23f / 3, 23f / 3, 30.5f, 30.5f}, 0f);
    }

    @Test
    void isRefreshedEachEpochUnlessToldOtherwise() {
        assertEquals(sharing(4).build().getRefresh(), Refresh.EACH_EPOCH);
        assertEquals(sharing(4).optRefresh(Refresh.NONE).build().getRefresh(), Refresh.NONE);
    }

    @Test
    void namesItselfAndItsSelector() {
        WeightSelector selector = WeightSelector.builder().includeBlock("Linear").build();
        WeightSharing sharing = sharing(4).optSelector(selector).build();
        assertEquals(sharing.getName(), "weight sharing");
        assertEquals(sharing.getSelector(), selector);
    }

    @Test
    void weightsThatAreNotFiniteAreNamed() {
        proposal.add("first_weight", new Shape(1, 3), 1, Float.NaN, 2);
        String message =
                expectThrows(
                                IllegalArgumentException.class,
                                () -> sharing(2).build().propose(2, proposal))
                        .getMessage();
        assertTrue(message.contains("element 1 of first_weight(1, 3) is NaN"), message);
    }

    @DataProvider
    Object[][] wrong() {
        return new Object[][] {
            {call(b -> b.setCentroids(1)), "but got 1: use 16"},
            {call(b -> b.setCentroids(257)), "but got 257"},
            {call(b -> b.optSteps(64, 512)), "but got 512"},
            {call(b -> b.setCentroids(4).optSteps(16, 32).build()), "[16.0, 32.0, 4.0]"},
            {call(b -> b.setCentroids(16).optSteps(8).build()), "[8.0, 16.0]"},
            {call(WeightSharing.Builder::build), "but got none: call setCentroids"},
        };
    }

    @Test(dataProvider = "wrong")
    void aWrongConfigurationIsNamed(Call call, String expected) {
        String message =
                expectThrows(IllegalArgumentException.class, () -> call.on(WeightSharing.builder()))
                        .getMessage();
        assertTrue(message.contains(expected), message);
    }

    @FunctionalInterface
    interface Call {
        void on(WeightSharing.Builder builder);
    }

    private static Call call(Call call) {
        return call;
    }
}
