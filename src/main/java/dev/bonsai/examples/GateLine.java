package dev.bonsai.examples;

import dev.bonsai.gate.Trial;
import java.util.Locale;

/** A verdict of the gate as a line, whose columns stand below those of the line before. */
final class GateLine {

    private static final String NONE = "-";

    private GateLine() {}

    static String of(Trial trial) {
        return String.format(
                Locale.ROOT,
                "  gate: %-14s asked %-17s got %-17s accuracy %-6s drop %-17s %s",
                trial.technique(),
                trial.asked(),
                trial.got(),
                Double.isFinite(trial.metric())
                        ? String.format(Locale.ROOT, "%.4f", trial.metric())
                        : NONE,
                Double.isFinite(trial.drop()) ? trial.dropText() : NONE,
                trial.verdict());
    }
}
