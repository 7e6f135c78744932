package dev.bonsai;

import static org.testng.Assert.assertEquals;

import ai.djl.Model;
import dev.bonsai.core.Levels;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Trial;
import dev.bonsai.report.CompressionReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.testng.annotations.Test;

/** What is tried out belongs to one technique at one level. */
public class CandidateTest extends ToyTestBase {

    private final List<String> proposed = new ArrayList<>();

    @Test
    public void techniquesWithTheSameLevelsDoNotGetOneAnothersStates() throws Exception {
        proposed.clear();
        // the baseline; the first technique's only step, refused; the second one's, accepted
        ScriptedEvaluator script = new ScriptedEvaluator(0.9f, 0.1f, 0.9f);
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(single("wiper", FakeTransforms.wiping()))
                        .addTechnique(single("keeper", FakeTransforms.keeping()))
                        .optGate(
                                Gate.builder()
                                        .optEvaluation(toy.data(2), script)
                                        .optDirection(Direction.HIGHER_IS_BETTER)
                                        .build())
                        .optWarmup(0)
                        .build();
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 1, listener);
        }
        CompressionReport report = listener.getReport();
        assertEquals(proposed, List.of("wiper", "keeper"), report.toString());
        assertEquals(report.sparsity(), 0.0, report.toString());
        assertEquals(
                report.trials().stream().map(Trial::technique).distinct().toList(),
                List.of("model", "wiper", "keeper"));
    }

    private FakeTechnique single(String name, WeightTransform transform) {
        return new FakeTechnique(
                name,
                Levels.single("on"),
                Set.of(),
                (level, proposal) -> {
                    proposed.add(name);
                    return proposal.weights().stream()
                            .collect(Collectors.toMap((TargetWeight w) -> w, w -> transform));
                });
    }

    @Test
    public void aTechniqueSeesWhatTheTechniquesBeforeItLeave() throws Exception {
        List<Long> zeros = new ArrayList<>();
        FakeTechnique looker =
                new FakeTechnique(
                        "looker",
                        Levels.single("on"),
                        Set.of(),
                        (level, proposal) -> {
                            for (TargetWeight weight : proposal.weights()) {
                                float[] seen = proposal.value(weight).toFloatArray();
                                zeros.add(Toy.zeros(seen));
                            }
                            return Map.of();
                        });
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(pruning(0.5f, 1))
                            .addTechnique(looker)
                            .optGate(open())
                            .build();
            toy.train(model, 2, listener);
        }
        assertEquals(zeros.stream().mapToLong(z -> z).sum(), 192); // of 384
    }
}
