package dev.bonsai.search;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a search found: every trial, the best under the goal, and the Pareto front of bytes against
 * metric.
 *
 * @param goal what was sought
 * @param trials every trial, those before an interruption included, by number: in the order they
 *     were asked for
 * @param ending why the search ended
 */
public record SearchResult(Goal goal, List<SearchTrial> trials, Ending ending) {

    private static final Gson JSON =
            new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

    public SearchResult {
        trials = List.copyOf(trials);
    }

    /**
     * Returns the best trial, of equals the first. If none meets the goal, it is the nearest.
     *
     * @return the trial; empty if every trial failed
     */
    public Optional<SearchTrial> best() {
        return succeeded().stream().min(by(goal.ranking()));
    }

    /**
     * Tells whether the goal is met.
     *
     * @return true if the best trial meets it
     */
    public boolean isGoalMet() {
        return best().flatMap(SearchTrial::outcome).filter(goal::isMet).isPresent();
    }

    /**
     * Returns the Pareto front: the trials of which no other has at most as many bytes and at least
     * as good a metric. Of trials with the same outcome it has the first.
     *
     * @return the trials from the fewest bytes to the most, and so from the worst metric to the
     *     best
     */
    public List<SearchTrial> front() {
        Comparator<Outcome> better = goal.better().bestFirst();
        List<SearchTrial> sorted =
                succeeded().stream()
                        .sorted(by(Outcome.FEWEST_BYTES.thenComparing(better)))
                        .toList();
        List<SearchTrial> front = new ArrayList<>();
        for (SearchTrial trial : sorted) {
            if (front.isEmpty() || by(better).compare(trial, front.get(front.size() - 1)) < 0) {
                front.add(trial);
            }
        }
        return List.copyOf(front);
    }

    /**
     * Returns how long the experiments took.
     *
     * @return the sum over the trials
     */
    public Duration time() {
        return trials.stream().map(SearchTrial::time).reduce(Duration.ZERO, Duration::plus);
    }

    private List<SearchTrial> succeeded() {
        return trials.stream().filter(trial -> trial.outcome().isPresent()).toList();
    }

    private static Comparator<SearchTrial> by(Comparator<Outcome> order) {
        return Comparator.comparing(trial -> trial.outcome().orElseThrow(), order);
    }

    /**
     * Returns the result for programs. Times are in milliseconds; a trial without bytes and metric
     * failed.
     *
     * @return a JSON object with goal, goalMet, ending, best, front and trials
     */
    public String toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("goal", goal.toString());
        json.addProperty("goalMet", isGoalMet());
        json.addProperty("ending", ending.name());
        JsonObject found = best().map(SearchTrial::toJson).orElse(null);
        json.add("best", found); // null becomes JSON's
        json.add("front", array(front()));
        json.add("trials", array(trials));
        return JSON.toJson(json);
    }

    private static JsonArray array(List<SearchTrial> trials) {
        JsonArray array = new JsonArray();
        trials.forEach(trial -> array.add(trial.toJson()));
        return array;
    }

    /**
     * Returns the Pareto front as a table with a row a trial, the best marked by a star, and what
     * became of the goal.
     *
     * @return several lines of text
     */
    @Override
    public String toString() {
        return ResultTable.of(this);
    }
}
