package dev.bonsai.spark;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.search.Assignment;
import dev.bonsai.search.Attempt;
import dev.bonsai.search.Choice;
import dev.bonsai.search.Experiment;
import dev.bonsai.search.Outcome;
import dev.bonsai.search.SearchSpace;
import dev.bonsai.search.Strategy;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.testng.annotations.Test;

/** What goes to executors and comes back, and what can't. */
public class SendableTest {

    private record Fine(int bits) implements java.io.Serializable {}

    private record Unfit(int bits) {}

    private static Strategy first(Choice<?> choice) {
        return SearchSpace.builder().addChoice(choice).build().first();
    }

    private static String refusal(Experiment experiment, Strategy strategy) {
        return expectThrows(
                        IllegalArgumentException.class,
                        () -> Sendable.check(experiment, new Assignment(1, strategy, 1)))
                .getMessage();
    }

    @Test
    void whatTheDriverAndTheExecutorsExchangeStaysTheSame() throws Exception {
        for (Choice<?> choice :
                List.of(
                        Choice.of("a", 1, 2),
                        Choice.of("b", 0.5f, 0.25f),
                        Choice.of("c", "x", "y"),
                        Choice.of("d", Locale.ROOT, Locale.ENGLISH),
                        Choice.of("e", new Fine(1), new Fine(2)))) {
            Assignment assignment = new Assignment(7, first(choice), 3);
            Assignment travelled = Travels.sent(assignment);
            assertEquals(travelled, assignment);
            assertEquals(travelled.strategy().get(choice), choice.values().get(0));
            SparkExperiment experiment =
                    (strategy, effort) -> new Outcome(effort, strategy.get(choice).hashCode());
            Attempt attempt = Travels.sent(Attempt.at(Travels.sent(experiment), travelled));
            assertEquals(attempt.outcome().orElseThrow(), experiment.run(assignment.strategy(), 3));
            Sendable.check(experiment, assignment);
        }
        SparkExperiment failing =
                (strategy, effort) -> {
                    throw new IOException("no disk");
                };
        Assignment assignment = new Assignment(7, first(Choice.of("a", 1)), 3);
        Attempt failed = Travels.sent(Attempt.at(failing, assignment));
        assertEquals(failed.failure().orElseThrow(), "java.io.IOException: no disk");
    }

    @Test
    void whatCanNotBeSentIsNamed() {
        Strategy strategy = first(Choice.of("a", 1));
        String plain = refusal((one, effort) -> new Outcome(1, 1), strategy);
        assertTrue(plain.contains("make it a SparkExperiment"), plain);
        Unfit unfit = new Unfit(3);
        SparkExperiment holding = (one, effort) -> new Outcome(unfit.bits(), 1);
        String held = refusal(holding, strategy);
        assertTrue(held.contains("Unfit") && held.contains("read it where it runs"), held);
        SparkExperiment fine = (one, effort) -> new Outcome(1, 1);
        String value = refusal(fine, first(Choice.of("x", unfit)));
        assertTrue(value.contains("Unfit") && value.contains("serializable records"), value);
    }
}
