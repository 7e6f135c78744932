package dev.bonsai.kernel;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import dev.bonsai.core.Levels;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.WeightError;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.GateMachine;
import dev.bonsai.gate.Verdict;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.report.WeightReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left of a session when the training has ended: plain values.
 *
 * @param report what was done
 * @param model the compressed weights
 */
public record SessionResult(CompressionReport report, BonsaiModel model) {

    private static final Logger logger = LoggerFactory.getLogger(CompressionSession.class);

    private static final String STOPPED_EARLY =
            "the training ended before it could go on. Train for more epochs";

    static SessionResult of(
            CompressionSession session, Block root, ModelWeights weights, EffectiveWeights baking) {
        Set<TargetWeight> targets = session.proposals().allTargets();
        List<NamedWeight> encoded = new ArrayList<>();
        List<WeightReport> reports = new ArrayList<>();
        for (TargetWeight weight : weights.parameters()) {
            List<EncodedWeight> stages = baking.encode(session.plan(), weight);
            EncodedWeight last = stages.get(stages.size() - 1);
            encoded.add(new NamedWeight(weight.path(), role(weight, targets), last));
            if (targets.contains(weight)) {
                reports.add(report(weight, stages));
            }
        }
        List<String> notes = notes(session, weights, targets);
        notes.forEach(logger::warn);
        GateMachine machine = session.machine();
        boolean measured = machine.hasBegun();
        CompressionReport report =
                new CompressionReport(
                        session.members().gates().get(0).getMetric().name(),
                        measured ? machine.baseline()[0] : Double.NaN,
                        measured ? machine.kept()[0] : Double.NaN,
                        session.epochs(),
                        machine.trials(),
                        reports,
                        notes);
        return new SessionResult(report, new BonsaiModel(encoded, inputShapes(root)));
    }

    private static NamedWeight.Role role(TargetWeight weight, Set<TargetWeight> targets) {
        Parameter.Type type = weight.parameter().getType();
        if (type == Parameter.Type.WEIGHT || targets.contains(weight)) {
            return NamedWeight.Role.WEIGHT;
        }
        return type == Parameter.Type.BIAS ? NamedWeight.Role.BIAS : NamedWeight.Role.OTHER;
    }

    private static WeightReport report(TargetWeight weight, List<EncodedWeight> stages) {
        EncodedWeight last = stages.get(stages.size() - 1);
        EncodedWeight given = stages.get(Math.max(0, stages.size() - 2));
        return new WeightReport(
                weight.path(),
                weight.shape().toString(),
                last.size(),
                last.zeros(),
                last.bits(),
                WeightError.of(given.decode(), last.decode()));
    }

    private static List<String> notes(
            CompressionSession session, ModelWeights weights, Set<TargetWeight> targets) {
        List<String> notes = new ArrayList<>();
        GateMachine machine = session.machine();
        session.failure()
                .ifPresent(
                        failure ->
                                notes.add(
                                        "the last state could not be judged, and the one accepted"
                                                + " before it was kept: "
                                                + failure));
        notes.addAll(machine.notes());
        session.members().gates().forEach(gate -> notes.addAll(gate.getMetric().notes()));
        if (!machine.hasBegun() && session.failure().isEmpty()) {
            notes.add(
                    "nothing was compressed: the training ended before the first epoch that could"
                            + " be judged. Train for more epochs, or give the gate data of its own"
                            + " with Gate.builder().setEvaluation(dataset, evaluator)");
        }
        long done = machine.trials().stream().filter(t -> t.verdict() == Verdict.DONE).count();
        for (int i = 0; i < session.members().techniques().size(); ++i) {
            Levels levels = session.members().techniques().get(i).getLevels();
            double got = machine.accepted(i);
            if (machine.hasBegun() && got != levels.target()) {
                notes.add(
                        String.format(
                                "%s stopped at %s of the %s asked: %s",
                                session.members().techniques().get(i).getName(),
                                levels.format(got),
                                levels.format(levels.target()),
                                i < done ? stoppedByGate(session) : STOPPED_EARLY));
            }
        }
        if (targets.stream().anyMatch(weights::isImported)) {
            notes.add(
                    "an imported block does not read its weights through the ParameterStore: it was"
                            + " compressed in place, and trained with its masks but not with"
                            + " quantized weights");
        }
        return notes;
    }

    private static String stoppedByGate(CompressionSession session) {
        return String.format(
                "going on would break the gate's %s. Train for more epochs, allow more recovery, or"
                        + " a larger drop",
                session.members().gates().stream().map(Gate::getTolerance).toList());
    }

    private static List<int[]> inputShapes(Block root) {
        return Arrays.stream(root.getInputShapes()).map(Tensors::dimensions).toList();
    }
}
