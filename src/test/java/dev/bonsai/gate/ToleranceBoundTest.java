package dev.bonsai.gate;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The bound that is shown is the bound that judges. */
public class ToleranceBoundTest {

    @DataProvider
    Object[][] gates() {
        List<Object[]> cases = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            for (float maxDrop : new float[] {-1, 0, 0.02f}) {
                for (float relative : new float[] {-1, 0, 0.1f}) {
                    for (float floor : new float[] {-1, 0.75f, 0.875f}) {
                        if (maxDrop < 0 && relative < 0 && floor < 0) {
                            continue; // the default depends on the trainer's metric
                        }
                        Gate.Builder gate = Gate.builder().optMonitored("m");
                        gate.optDirection(direction);
                        if (maxDrop >= 0) {
                            gate.optMaxDrop(maxDrop);
                        }
                        if (relative >= 0) {
                            gate.optMaxRelativeDrop(relative);
                        }
                        if (floor >= 0) {
                            gate.optFloor(floor);
                        }
                        cases.add(new Object[] {gate.build(), direction});
                    }
                }
            }
        }
        return cases.toArray(Object[][]::new);
    }

    @Test(dataProvider = "gates")
    public void theGateAcceptsUpToTheBoundAndNoFurther(Gate gate, Direction direction) {
        for (double baseline : new double[] {0.5, 0.8125, 4}) {
            double bound = gate.getTolerance().bound(direction, baseline);
            double worse = direction == Direction.HIGHER_IS_BETTER ? -1 : 1;
            // a ten thousandth: far above the rounding that a gate lets pass
            assertTrue(gate.getTolerance().accepts(direction, baseline, bound - worse * 1e-4));
            assertFalse(gate.getTolerance().accepts(direction, baseline, bound + worse * 1e-4));
        }
    }

    @Test(dataProvider = "gates")
    public void withoutABaselineThereIsNoBound(Gate gate, Direction direction) {
        assertEquals(gate.getTolerance().bound(direction, Double.NaN), Double.NaN);
    }
}
