package dev.bonsai.examples;

import dev.bonsai.gate.Trial;
import java.util.Locale;

/** A verdict of the gate as a line, whose columns stand below those of the line before. */
final class GateLine {

    private static final String NONE = "-";

    private GateLine() {}

    static String of(Trial trial) {
        return of(trial, "accuracy");
    }

    /** The same where the gate goes by another metric. */
    static String of(Trial trial, String metric) {
        return String.format(
                Locale.ROOT,
                "  gate: %-14s asked %-17s got %-17s %s %-6s drop %-17s %s",
                trial.technique(),
                trial.asked(),
                trial.got(),
                metric,
                Double.isFinite(trial.metric())
                        ? String.format(Locale.ROOT, "%.4f", trial.metric())
                        : NONE,
                Double.isFinite(trial.drop()) ? trial.dropText() : NONE,
                trial.verdict());
    }
}
