package dev.bonsai.pruning;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.thinning.Cost;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What {@link Thinning} refuses, before anything is trained where that can be known. */
public class ThinningRefusalTest extends ThreeLayers {

    /** What the thinnest network saves, which has one unit in each of the two groups. */
    private static final double MOST = 1 - (6 + 1 + 4) / 192.0;

    private static Saving time(float fraction, double fixed) {
        return Saving.latency(
                fraction, graph -> fixed + Cost.of(graph, network().inputs()).multiplyAdds());
    }

    @DataProvider
    Object[][] outOfReach() {
        return new Object[][] {
            {Saving.parameters(0.99f), 0.99, MOST},
            {Saving.multiplyAdds(0.99f), 0.99, MOST},
            {time(0.99f, 0), 0.99, MOST},
            {time(0.5f, 192), 0.5, MOST / 2}, // half of the time is not the layers'
            {Saving.latency(0.01f, graph -> 1), 0.01, 0},
        };
    }

    @Test(dataProvider = "outOfReach")
    void whatCantBeReachedIsRefusedWithWhatCan(Saving saving, double asked, double most) {
        String message = refusal(thinning(saving).build());
        for (String part :
                List.of(
                        String.format("saved %.4f was asked for", asked),
                        String.format("leaves %s", saving.format(most)),
                        "w1[0]",
                        "output")) {
            assertTrue(message.contains(part), message);
        }
    }

    private String refusal(Thinning technique) {
        return expectThrows(
                        IllegalArgumentException.class,
                        () -> technique.checkNetwork(network(), proposal(1).weights()))
                .getMessage();
    }

    @DataProvider
    Object[][] withinReach() {
        float most = (float) MOST - 1e-4f;
        return new Object[][] {
            {Saving.parameters(most)},
            {Saving.multiplyAdds(most)},
            {time(most, 0)},
            {time(most / 2, 192)},
            {Saving.latency(0, graph -> 1)},
            {Saving.latency(0, graph -> 1.0 / Cost.of(graph, network().inputs()).parameters())},
        };
    }

    @Test(dataProvider = "withinReach")
    void whatCanJustBeReachedIsNotRefused(Saving saving) {
        thinning(saving).build().checkNetwork(network(), proposal(1).weights());
    }

    @Test
    void whatAMultipleKeepsCantBeReached() {
        double most = 1 - (6 * 4 + 4 * 4 + 4 * 4) / 192.0;
        for (Saving saving : List.of(Saving.parameters(0.9f), time(0.9f, 0))) {
            String message = refusal(thinning(saving).optMultipleOf(4).build());
            assertTrue(message.contains("leaves " + saving.format(most)), message);
        }
    }

    @Test
    void noGroupIsRefusedWithTheReasons() {
        List<TargetWeight> last = proposal(1).weights().subList(2, 3);
        String message =
                expectThrows(
                                IllegalArgumentException.class,
                                () ->
                                        thinning(Saving.parameters(0.1f))
                                                .build()
                                                .checkNetwork(network(), last))
                        .getMessage();
        assertTrue(message.contains("WeightSelector") && message.contains("w3"), message);
    }

    @Test
    void aNaNNamesTheWeight() {
        FakeProposal proposal = proposal(1);
        float[] broken = new float[WIDTHS[1] * WIDTHS[0]];
        broken[7] = Float.NaN;
        proposal.set(proposal.weights().get(0), broken);
        String message =
                expectThrows(
                                IllegalArgumentException.class,
                                () ->
                                        thinning(Saving.parameters(0.1f))
                                                .build()
                                                .propose(0.1, proposal))
                        .getMessage();
        assertTrue(message.contains("w1") && message.contains("NaN"), message);
    }

    @Test
    void aTimeThatIsNoTimeIsRefused() {
        for (double seconds : new double[] {0, -1, Double.NaN}) {
            Thinning technique = thinning(Saving.latency(0.3f, graph -> seconds)).build();
            assertThrows(IllegalArgumentException.class, () -> technique.propose(0.3, proposal(1)));
            assertTrue(refusal(technique).contains("greater than 0"));
        }
    }

    @Test
    void settingsAreChecked() {
        for (float wrong : new float[] {-0.1f, 1, Float.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> Saving.parameters(wrong));
            assertThrows(IllegalArgumentException.class, () -> Saving.multiplyAdds(wrong));
            assertThrows(IllegalArgumentException.class, () -> Saving.latency(wrong, g -> 1));
        }
        assertThrows(IllegalArgumentException.class, () -> Thinning.builder().build());
        assertThrows(IllegalArgumentException.class, () -> Thinning.builder().optMultipleOf(0));
        Thinning defaults = Thinning.builder().setSaving(Saving.multiplyAdds(0.5f)).build();
        assertEquals(defaults.getSettings().criterion(), Criterion.taylor());
        assertEquals(defaults.getSettings().scope(), Scope.GLOBAL);
        assertEquals(defaults.getSettings().selector(), WeightSelector.all());
        assertEquals(defaults.getLevels().target(), 0.5);
        assertEquals(defaults.getLevels().format(0.25), "multiply-adds saved 0.2500");
    }
}
