package dev.bonsai.kernel;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.expectThrows;

import dev.bonsai.core.HoldZeros;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import dev.bonsai.gate.Warmup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What the listeners of one trainer are told together. */
public class JoinedSettingsTest {

    private static final Trial TRIAL =
            new Trial(1, "pruning", "0.5", "0.5", 0.9, 0.9, 0, 0, Verdict.ACCEPTED);

    private final List<String> heard = new ArrayList<>();

    private Consumer<Trial> watcher(String name, Optional<Throwable> failure) {
        return trial -> {
            assertSame(trial, TRIAL);
            heard.add(name);
            failure.ifPresent(
                    e -> {
                        if (e instanceof Error error) {
                            throw error;
                        }
                        throw (RuntimeException) e;
                    });
        };
    }

    private static void tell(List<Consumer<Trial>> watchers) {
        JoinedSettings joined = new JoinedSettings();
        for (Consumer<Trial> watcher : watchers) {
            joined.add(
                    new Settings(
                            List.of(),
                            Gate.builder().build(),
                            Warmup.epochs(0),
                            HoldZeros.AUTO,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(watcher),
                            true));
        }
        joined.onTrial(TRIAL);
    }

    @DataProvider
    Object[][] failures() {
        RuntimeException exception = new IllegalStateException("first of two");
        Error error = new AssertionError("second");
        Error early = new AssertionError("first of two");
        RuntimeException late = new IllegalStateException("second");
        RuntimeException twice = new IllegalStateException("both");
        return new Object[][] {
            {exception, error, List.of(error)},
            {early, late, List.of(late)},
            {twice, twice, List.of()}
        };
    }

    @Test(dataProvider = "failures")
    void allHearATrialAndTheFirstErrorGoesOn(
            Throwable first, Throwable second, List<Throwable> suppressed) {
        heard.clear();
        Throwable thrown =
                expectThrows(
                        Throwable.class,
                        () ->
                                tell(
                                        List.of(
                                                watcher("a", Optional.empty()),
                                                watcher("b", Optional.of(first)),
                                                watcher("c", Optional.of(second)),
                                                watcher("d", Optional.empty()))));
        assertSame(thrown, first);
        assertEquals(List.of(thrown.getSuppressed()), suppressed);
        assertEquals(heard, List.of("a", "b", "c", "d"));
    }

    @Test
    void nothingIsThrownWhereNobodyFails() {
        heard.clear();
        tell(List.of(watcher("a", Optional.empty()), watcher("b", Optional.empty())));
        assertEquals(heard, List.of("a", "b"));
    }
}
