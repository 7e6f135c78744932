package dev.bonsai.kernel;

import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.WeightError;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.gate.EarlierRun;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.GateMachine;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.report.ModelSize;
import dev.bonsai.report.NetworkCost;
import dev.bonsai.report.TrainingTime;
import dev.bonsai.report.WeightReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left of a session when the training has ended: plain values.
 *
 * @param report what was done
 * @param model the compressed weights
 * @param run how far the training has come, for a later one
 */
public record SessionResult(CompressionReport report, BonsaiModel model, EarlierRun run) {

    private static final Logger logger = LoggerFactory.getLogger(SessionResult.class);

    /**
     * Sums up a run at its end.
     *
     * @param weights what its weights were before they were baked
     * @param found the model that the user gets
     */
    static SessionResult of(RunEnd end, EncodedWeights weights, ThinnedModel found) {
        FileSizes sizes = FileSizes.of(end.root(), found.model());
        List<WeightReport> reports = new ArrayList<>();
        weights.compressed()
                .forEach(
                        (weight, last) ->
                                reports.add(
                                        report(
                                                found.model().weight(weight.path()),
                                                last.error(),
                                                sizes)));
        List<String> notes = ResultNotes.of(end);
        Set<TargetWeight> targets = weights.compressed().keySet();
        Set<String> worked = targets.stream().map(TargetWeight::path).collect(Collectors.toSet());
        List<NamedWeight> results =
                found.model().weights().stream().filter(w -> worked.contains(w.path())).toList();
        WeightNotes.emptied(results).ifPresent(notes::add);
        WeightNotes.frozen(targets).ifPresent(notes::add);
        WeightNotes.ofOtherTypes(end.parts().weights().parameters()).ifPresent(notes::add);
        WeightNotes.slowGate(end.time()).ifPresent(notes::add);
        notes.addAll(sizes.notes());
        notes.addAll(found.notes());
        CompressionReport report = report(end, sizes.total(), found.cost(), reports, notes);
        return new SessionResult(report, found.model(), run(end));
    }

    private static EarlierRun run(RunEnd end) {
        return end.machine().hasBegun() ? end.machine().progress() : EarlierRun.NONE;
    }

    private static CompressionReport report(
            RunEnd end,
            ModelSize size,
            Optional<NetworkCost> cost,
            List<WeightReport> weights,
            List<String> notes) {
        GateMachine machine = end.machine();
        boolean measured = machine.hasBegun();
        double baseline = measured ? machine.baseline()[0] : Double.NaN;
        double reference = measured ? machine.reference().value(0) : Double.NaN;
        Gate gate = end.settings().gates().get(0);
        return new CompressionReport(
                gate.getMetric().name(),
                baseline,
                gate.getTolerance().bound(gate.getMetric().direction(), reference),
                measured ? machine.kept()[0] : Double.NaN,
                size,
                cost,
                end.time(),
                end.epochs(),
                machine.trials(),
                weights,
                notes);
    }

    /** Says what the plain block was measured at. */
    SessionResult measuring(double achieved, TrainingTime time) {
        return new SessionResult(report.measuring(achieved, time), model, run);
    }

    /** Adds what turned out after the weights were baked. */
    SessionResult noting(List<String> more) {
        return new SessionResult(report.noting(more), model, run);
    }

    /** Has all notes logged. */
    SessionResult logged() {
        report.notes().forEach(logger::warn);
        return this;
    }

    private static WeightReport report(NamedWeight weight, WeightError error, FileSizes sizes) {
        EncodedWeight value = weight.value();
        return new WeightReport(
                weight.path(),
                Tensors.shape(value.shape()).toString(),
                value.size(),
                value.zeros(),
                value.bits(),
                sizes.bytes(weight.path()),
                sizes.scaleBytes(weight.path()),
                error);
    }
}
