package dev.bonsai.examples;

import dev.bonsai.examples.data.DataException;
import dev.bonsai.file.BonsaiFormatException;
import dev.bonsai.search.JournalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs a command line; what is wrong with it is one line and the exit code 2. */
final class CommandRunner {

    private static final int MISUSED = 2;
    private static final int FAILED = 1;

    /** What says in its message how to mend it. */
    private static final Set<Class<? extends Exception>> MENDABLE =
            Set.of(
                    DataException.class,
                    OptionException.class,
                    JournalException.class,
                    BonsaiFormatException.class);

    private CommandRunner() {}

    static int run(Object command, String... args) {
        return run(new CommandLine(command), args);
    }

    static int run(CommandLine line, String... args) {
        line.setExecutionStrategy(CommandRunner::runLast);
        line.setParameterExceptionHandler(
                (e, unused) -> {
                    line.getErr().println(oneLine(e.getMessage()) + remedy(e));
                    return MISUSED;
                });
        line.setExecutionExceptionHandler(
                (e, unused, result) -> {
                    if (MENDABLE.contains(e.getClass())) {
                        line.getErr().println(oneLine(e.getMessage()));
                        return MISUSED;
                    }
                    if (e instanceof IOException) { // such as a disk that is full
                        line.getErr().println(oneLine(e.toString()));
                        return FAILED;
                    }
                    if (e instanceof UncheckedIOException) { // the same behind a listener
                        line.getErr().println(oneLine(e.getMessage() + " (" + e.getCause() + ")"));
                        return FAILED;
                    }
                    throw e;
                });
        return line.execute(args);
    }

    /** Returns the command as it was given. */
    static String given(CommandSpec spec) {
        List<String> words = new ArrayList<>(List.of(spec.qualifiedName()));
        words.addAll(spec.commandLine().getParseResult().originalArgs());
        return String.join(" ", words);
    }

    private static int runLast(ParseResult parsed) {
        boolean helps = parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested();
        if (!helps && parsed.hasSubcommand() && !parsed.matchedOptions().isEmpty()) {
            CommandLine sub = parsed.subcommand().commandSpec().commandLine();
            List<String> lost =
                    parsed.matchedOptions().stream().map(OptionSpec::longestName).toList();
            throw new ParameterException(
                    sub,
                    String.format(
                            Locale.ROOT,
                            "%s before '%s' would have no effect: options are expected behind the"
                                    + " command that they are for; move them there",
                            String.join(", ", lost),
                            sub.getCommandName()));
        }
        return new RunLast().execute(parsed);
    }

    private static String oneLine(String message) {
        return message.lines().map(String::strip).collect(Collectors.joining(" "));
    }

    private static String remedy(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return "";
        }
        List<String> near = unmatched.getSuggestions();
        return near.isEmpty()
                ? "; --help lists what there is"
                : "; did you mean " + String.join(" or ", near) + "? --help lists what there is";
    }
}
