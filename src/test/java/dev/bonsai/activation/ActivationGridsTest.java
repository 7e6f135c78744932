package dev.bonsai.activation;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.encoding.ActivationGrid;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Grids travel in a section of the file, and come back as they were. */
public class ActivationGridsTest {

    private static final BonsaiModel EMPTY = new BonsaiModel(List.of(), List.of());

    @Test
    public void theyComeBackFromAFileBitForBit() throws Exception {
        Random random = new Random(1);
        Map<String, ActivationGrid> grids = new LinkedHashMap<>();
        grids.put("", new ActivationGrid(8, 1, 0)); // no name of a value, and left out
        grids.clear();
        for (int i = 0; i < 200; ++i) {
            float scale = Math.abs(Float.intBitsToFloat(random.nextInt()));
            if (scale >= Float.MIN_NORMAL && scale <= Float.MAX_VALUE) {
                int bits = 2 + random.nextInt(21);
                int zero = random.nextInt(ActivationGrid.highestCode(bits) + 1);
                grids.put("value " + i + " of ü", new ActivationGrid(bits, scale, zero));
            }
        }
        ActivationGrids before = new ActivationGrids(grids, Set.of("a weight", "grid 8 1.0 0 x"));
        Path file = Files.createTempFile("grids", ".bonsai");
        BonsaiFile.write(file, before.addTo(EMPTY));
        assertEquals(ActivationGrids.of(BonsaiFile.read(file)), Optional.of(before));
        Files.delete(file);
    }

    @Test
    public void othersTakeTheirPlaceAndOtherSectionsStay() {
        BonsaiModel.Extra other = new BonsaiModel.Extra('q', new byte[] {1, 2});
        BonsaiModel model = new BonsaiModel(List.of(), List.of(), List.of(other));
        ActivationGrids first =
                new ActivationGrids(Map.of("x", new ActivationGrid(8, 0.5f, 3)), Set.of());
        ActivationGrids second = new ActivationGrids(Map.of(), Set.of("w"));
        BonsaiModel both = second.addTo(first.addTo(model));
        assertEquals(both.extras().size(), 2);
        assertEquals(both.extras().get(0), other);
        assertEquals(ActivationGrids.of(both), Optional.of(second));
        assertEquals(ActivationGrids.of(model), Optional.empty());
    }

    @DataProvider
    Object[][] damaged() {
        return new Object[][] {
            {"grid 8 1.0 0"},
            {"grid 8 NaN 0 x"},
            {"grid 8 -1.0 0 x"},
            {"grid 8 0.0 0 x"},
            {"grid 8 1.0E39 0 x"},
            {"grid 8 1.0 256 x"},
            {"grid 99 1.0 0 x"},
            {"grid 1 1.0 0 x"},
            {"grid 8 1.0 99999999 x"},
            {"float"},
            {"floats x"},
            {"\u0000"}
        };
    }

    @Test(dataProvider = "damaged")
    public void aSectionThatIsNoneIsRefused(String line) {
        BonsaiModel.Extra extra = new BonsaiModel.Extra('a', line.getBytes(StandardCharsets.UTF_8));
        BonsaiModel model = new BonsaiModel(List.of(), List.of(), List.of(extra));
        IllegalArgumentException e =
                expectThrows(IllegalArgumentException.class, () -> ActivationGrids.of(model));
        assertTrue(e.getMessage().contains("grid"), e.getMessage());
    }

    @Test
    public void aGridSpansItsRangeWithZeroOnIt() {
        Random random = new Random(2);
        for (int bits = 2; bits <= ActivationGrid.MOST_BITS; ++bits) {
            for (int i = 0; i < 100; ++i) {
                double low = -Math.abs(random.nextGaussian()) * (i % 3);
                double high = Math.abs(random.nextGaussian()) * (i % 2);
                ActivationGrid grid = ActivationGrid.of(bits, low, high);
                double step = grid.scale();
                // half a step, and the rounding of the scale to a float
                double slack = (0.5 + grid.highestCode() * 0x1p-24) * step;
                assertTrue(-grid.zeroPoint() * step <= low + slack, grid + " " + low);
                int above = grid.highestCode() - grid.zeroPoint();
                assertTrue(above * step >= high - slack, grid + " " + high);
                assertEquals(grid.zeroPoint() == 0, low > -slack, grid + " " + low);
            }
        }
    }
}
