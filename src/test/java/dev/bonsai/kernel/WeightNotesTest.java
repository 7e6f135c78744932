package dev.bonsai.kernel;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.report.TrainingTime;
import java.util.Arrays;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class WeightNotesTest {

    private static NamedWeight weight(String path, int left, int... shape) {
        float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.fill(values, 0, left, 1);
        return new NamedWeight(path, NamedWeight.Role.WEIGHT, new DenseWeight(shape, values));
    }

    @DataProvider
    Object[][] weights() {
        return new Object[][] {
            {weight("w", 0, 10, 500), true},
            {weight("w", 9, 10, 500), true},
            {weight("w", 10, 10, 500), false}, // each row may have one
            {weight("w", 49, 100, 50), true},
            {weight("w", 50, 100, 50), false}, // a hundredth
            {weight("w", 0, 3), true},
            {weight("w", 1, 3), false},
            {weight("w", 0), true},
            {weight("w", 1), false},
            {weight("w", 0, 0, 5), false}, // has nothing to lose
        };
    }

    @Test(dataProvider = "weights")
    public void aWeightWithHardlyAnythingLeftIsNamed(NamedWeight weight, boolean named) {
        assertEquals(WeightNotes.emptied(List.of(weight)).isPresent(), named);
    }

    @Test
    public void theNoteSaysWhichAndHowMuch() {
        String note =
                WeightNotes.emptied(
                                List.of(
                                        weight("full", 5000, 10, 500),
                                        weight("fc_weight", 7, 10, 500)))
                        .orElseThrow();
        assertTrue(note.contains("fc_weight (7 of 5,000 elements)"), note);
        assertFalse(note.contains("full"), note);
    }

    @DataProvider
    Object[][] times() {
        return new Object[][] {
            {0, 0, false}, {100, 59, false}, {100, 60, true}, {121, 60, false}, {1000, 900, true},
        };
    }

    @Test(dataProvider = "times")
    public void aGateThatTakesMostOfALongTimeIsNamed(double total, double gate, boolean named) {
        assertEquals(WeightNotes.slowGate(new TrainingTime(total, gate)).isPresent(), named);
    }
}
