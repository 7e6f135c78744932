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
import dev.bonsai.report.EpochSummary;
import dev.bonsai.report.WeightReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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

    /**
     * Sums up a run at its end.
     *
     * @param failure what kept the last state from being judged
     */
    static SessionResult of(
            Block root,
            SessionParts parts,
            JoinedSettings settings,
            GateMachine machine,
            Plan plan,
            List<EpochSummary> epochs,
            EventsHeard heard,
            Optional<Throwable> failure) {
        Set<TargetWeight> targets = parts.proposals().allTargets();
        ModelWeights weights = parts.weights();
        List<NamedWeight> encoded = new ArrayList<>();
        List<WeightReport> reports = new ArrayList<>();
        for (TargetWeight weight : weights.parameters()) {
            List<EncodedWeight> stages = parts.effective().encode(plan, weight);
            EncodedWeight last = stages.get(stages.size() - 1);
            encoded.add(new NamedWeight(weight.path(), role(weight, targets), last));
            if (targets.contains(weight)) {
                reports.add(report(weight, stages));
            }
        }
        List<String> notes = notes(machine, settings, weights, targets, heard, failure);
        boolean measured = machine.hasBegun();
        CompressionReport report =
                new CompressionReport(
                        settings.gates().get(0).getMetric().name(),
                        measured ? machine.baseline()[0] : Double.NaN,
                        measured ? machine.kept()[0] : Double.NaN,
                        epochs,
                        machine.trials(),
                        reports,
                        notes);
        return new SessionResult(report, new BonsaiModel(encoded, inputShapes(root)));
    }

    /** Adds what turned out after the weights were baked, and has all notes logged. */
    SessionResult noting(List<String> more) {
        List<String> all = new ArrayList<>(report.notes());
        all.addAll(more);
        all.forEach(logger::warn);
        return new SessionResult(
                new CompressionReport(
                        report.metric(),
                        report.baseline(),
                        report.achieved(),
                        report.epochs(),
                        report.trials(),
                        report.weights(),
                        all),
                model);
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
            GateMachine machine,
            JoinedSettings settings,
            ModelWeights weights,
            Set<TargetWeight> targets,
            EventsHeard heard,
            Optional<Throwable> failure) {
        List<String> notes = new ArrayList<>();
        failure.ifPresent(
                thrown ->
                        notes.add(
                                "the last state could not be judged, and the one accepted before it"
                                        + " was kept: "
                                        + thrown));
        if (!machine.hasBegun() && failure.isEmpty()) {
            notes.add(heard.nothingCompressed());
        }
        long done = machine.trials().stream().filter(t -> t.verdict() == Verdict.DONE).count();
        for (int i = 0; i < settings.techniques().size(); ++i) {
            Levels levels = settings.techniques().get(i).getLevels();
            double got = machine.accepted(i);
            if (machine.hasBegun() && got != levels.target()) {
                notes.add(
                        String.format(
                                "%s stopped at %s of the %s asked: %s",
                                settings.techniques().get(i).getName(),
                                levels.format(got),
                                levels.format(levels.target()),
                                i < done ? stoppedByGate(settings) : heard.stoppedEarly()));
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

    private static String stoppedByGate(JoinedSettings settings) {
        return String.format(
                "going on would break the gate's %s. Train for more epochs, allow more recovery, or"
                        + " a larger drop",
                settings.gates().stream().map(Gate::getTolerance).toList());
    }

    private static List<int[]> inputShapes(Block root) {
        return Arrays.stream(root.getInputShapes()).map(Tensors::dimensions).toList();
    }
}
