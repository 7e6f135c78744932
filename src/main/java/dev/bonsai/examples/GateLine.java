package dev.bonsai.examples;

import dev.bonsai.command.Printer;
import dev.bonsai.command.Tone;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import java.util.Locale;
import java.util.function.Consumer;

/** A verdict of the gate as a line, whose columns stand below those of the line before. */
final class GateLine {

    private static final String NONE = "-";
    private static final String ACCURACY = "accuracy";

    private GateLine() {}

    /** Returns what prints each verdict, as soon as it is known. */
    static Consumer<Trial> to(Printer printer) {
        return to(printer, ACCURACY);
    }

    /** The same where the gate goes by another metric. */
    static Consumer<Trial> to(Printer printer, String metric) {
        return trial -> {
            String verdict = printer.styled(trial.verdict().toString(), tone(trial.verdict()));
            printer.say(line(trial, metric, verdict));
        };
    }

    private static Tone tone(Verdict verdict) {
        return switch (verdict) {
            case BASELINE, ACCEPTED, DONE -> Tone.GOOD;
            case UNDECIDED, RECOVERING -> Tone.WARNING;
            case REFUSED, ROLLED_BACK -> Tone.BAD;
        };
    }

    private static String line(Trial trial, String metric, String verdict) {
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
                verdict);
    }
}
