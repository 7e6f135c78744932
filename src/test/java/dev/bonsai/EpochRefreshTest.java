package dev.bonsai;

import static org.testng.Assert.assertEquals;

import ai.djl.Model;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.Refresh;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.gate.Gate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.testng.annotations.Test;

/** A technique that asks for it is worked out anew between any two epochs. */
public class EpochRefreshTest extends ToyTestBase {

    private static final int STEPS = 8; // an epoch

    /** Writes down when it is asked for what. */
    private record Diary(Levels getLevels, Refresh getRefresh, List<String> entries)
            implements Technique {

        @Override
        public String getName() {
            return "diary";
        }

        @Override
        public WeightSelector getSelector() {
            return WeightSelector.all();
        }

        @Override
        public Effect getEffect() {
            return Effect.VALUES;
        }

        @Override
        public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
            entries.add(
                    (proposal.isRefresh() ? "refresh " : "try ") + level + "@" + proposal.step());
            Map<TargetWeight, WeightTransform> state = new HashMap<>();
            proposal.weights().forEach(weight -> state.put(weight, FakeTransforms.keeping()));
            return state;
        }
    }

    private List<String> entries(Refresh refresh, int epochs, double... levels) throws Exception {
        return entries(open(), 0, refresh, epochs, levels);
    }

    private List<String> entries(
            Gate gate, int warmup, Refresh refresh, int epochs, double... levels) throws Exception {
        List<String> entries = new ArrayList<>();
        Levels steps = Levels.of(0, levels, 1, Double::toString);
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(new Diary(steps, refresh, entries))
                        .optGate(gate)
                        .optWarmup(warmup)
                        .build();
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, epochs, listener);
        }
        return entries;
    }

    @Test
    public void anAcceptedStateIsWorkedOutAnewByTheFirstStepOfEachEpoch() throws Exception {
        // and not behind the last epoch, where nothing would judge it
        assertEquals(
                entries(Refresh.EACH_EPOCH, 3, 1),
                List.of("try 1.0@0", "refresh 1.0@" + STEPS, "refresh 1.0@" + 2 * STEPS));
    }

    @Test
    public void everySecondEpochIsHalfAsOften() throws Exception {
        Refresh second = new Refresh(2, Refresh.Unit.EPOCH, 1);
        assertEquals(entries(second, 3, 1), List.of("try 1.0@0", "refresh 1.0@" + 2 * STEPS));
    }

    @Test
    public void withoutARefreshTheStateStandsStill() throws Exception {
        assertEquals(entries(Refresh.NONE, 3, 1), List.of("try 1.0@0"));
    }

    @Test
    public void nothingIsWorkedOutBeforeAnythingIsAccepted() throws Exception {
        assertEquals(entries(Refresh.EACH_EPOCH, 3), List.of());
    }

    @Test
    public void aLevelUnderTrialIsNotWorkedOutTwiceAtOnce() throws Exception {
        // judged by the trainer's own validation, so that a level takes an epoch to be accepted
        Gate slow = Gate.builder().optMaxDrop(1).build();
        assertEquals(
                entries(slow, 1, Refresh.EACH_EPOCH, 4, 1, 2),
                List.of("try 1.0@" + STEPS, "try 2.0@" + 2 * STEPS, "refresh 2.0@" + 3 * STEPS));
    }
}
