package dev.bonsai.kernel;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.gate.EarlierRun;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class RunSectionTest {

    private static final BonsaiModel EMPTY = new BonsaiModel(List.of(), List.of());

    @Test
    void whatIsWrittenComesBack() throws Exception {
        EarlierRun run =
                new EarlierRun(
                        Map.of("Accuracy of heads é", 0.1 + 0.2, "loss", -1e-300),
                        Map.of("pruning", 0.8, "pruning 2", 1 / 3.0));
        BonsaiModel once = RunSection.with(EMPTY, run);
        BonsaiModel read = BonsaiFile.decode(BonsaiFile.encode(RunSection.with(once, run)));
        assertEquals(RunSection.of(read), Optional.of(run));
        assertEquals(read.extras().size(), 1, "the later one takes the place of the earlier");
        assertEquals(RunSection.of(EMPTY), Optional.empty());
        BonsaiModel none = RunSection.with(EMPTY, EarlierRun.NONE);
        assertEquals(RunSection.of(none), Optional.of(EarlierRun.NONE));
    }

    @DataProvider
    Object[][] broken() {
        return new Object[][] {
            {"reference"}, {"level 0.5"}, {"levels 0.5 a\n"}, {"level x a\n"}, {"level 1 a\n\nx"}
        };
    }

    @Test(dataProvider = "broken")
    void aBrokenSectionIsAClearError(String text) {
        BonsaiModel.Extra extra = new BonsaiModel.Extra('r', text.getBytes(StandardCharsets.UTF_8));
        BonsaiModel model = new BonsaiModel(List.of(), List.of(), List.of(extra));
        String message =
                expectThrows(IllegalArgumentException.class, () -> RunSection.of(model))
                        .getMessage();
        assertTrue(message.contains("saveForTraining"), message);
    }
}
