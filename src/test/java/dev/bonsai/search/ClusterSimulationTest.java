package dev.bonsai.search;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.search.ClusterSimulation.Course;
import dev.bonsai.search.ClusterSimulation.Recorded;
import java.util.List;
import java.util.stream.IntStream;
import org.testng.annotations.Test;

/** What the simulation says where it can be worked out by hand. */
public class ClusterSimulationTest {

    /** 100 ms per unit of effort. */
    private static final List<Recorded> EVEN =
            List.of(new Recorded(5, 500, 0.9), new Recorded(10, 1_000, 0.8));

    private static TrialPlan halving(int strategies) {
        SearchSpace space =
                SearchSpace.builder()
                        .addChoice(new Choice<>("n", IntStream.range(0, 1_000).boxed().toList()))
                        .build();
        return new BracketPlan(
                new Sampler(space, List.of(), 1),
                new SearchMethod.SuccessiveHalving(strategies, 1, 2).rungs(),
                Goal.maxBytes(10));
    }

    @Test
    void oneWorkerTakesTheTimeOfAllTrialsAndNeverWaits() {
        // 8 of effort 1, 4 of 2, 2 of 4 and 1 of 8
        Course course = new ClusterSimulation(EVEN, false).run(halving(8), 1, 8, 1, 1);
        assertEquals(course, new Course(4 * 800, 1, 8));
    }

    @Test
    void withAWorkerForEachTheRungsFollowOneAnother() {
        Course course = new ClusterSimulation(EVEN, false).run(halving(8), 8, 8, 1, 1);
        assertEquals(course.millis(), 100 + 200 + 400 + 800);
        // while the last trial runs, 7 workers have the next bracket's
        assertTrue(course.busy() > 4 * 800 / 8.0 / course.millis(), course.toString());
    }

    @Test
    void aSlowWorkerHoldsUpARungAndNobodyElse() {
        Course even = new ClusterSimulation(EVEN, false).run(halving(8), 8, 8, 1, 1);
        Course held = new ClusterSimulation(EVEN, true).run(halving(8), 8, 8, 1, 1);
        assertTrue(held.millis() > even.millis(), held + " and " + even);
    }

    @Test
    void asynchronousWorkersAreNeverIdle() {
        for (boolean stragglers : List.of(false, true)) {
            ClusterSimulation simulation = new ClusterSimulation(EVEN, stragglers);
            for (int workers : List.of(1, 7, 64)) {
                assertEquals(simulation.run(true, workers, 1).busy(), 1, 1e-9);
            }
        }
    }
}
