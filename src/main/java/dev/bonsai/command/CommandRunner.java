package dev.bonsai.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs a command line. The status is 0 if all went well, 2 if what the user gave can't be used, and
 * 1 after any other error; an error is one line, with a stack trace behind it where the user wants
 * one.
 */
public final class CommandRunner {

    /** Words that mean the same to every shell. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._/=:,+@%-]+");

    /** The option that every command has for a stack trace. */
    public static final String VERBOSE = "--verbose";

    private CommandRunner() {}

    /**
     * Runs a command.
     *
     * @param command an object with picocli's annotations
     * @param args what the user has written
     * @return the status that the process ends with
     */
    public static int run(Object command, String... args) {
        return run(new CommandLine(command), args);
    }

    /**
     * Runs a command line.
     *
     * @param line the command with its subcommands, which get the options that all have
     * @param args what the user has written
     * @return the status that the process ends with
     */
    public static int run(CommandLine line, String... args) {
        prepare(line);
        boolean verbose = List.of(args).contains(VERBOSE);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionStrategy(CommandRunner::runLast);
        line.setParameterExceptionHandler(
                (e, unused) ->
                        report(line, Failure.misuse(e.getMessage() + remedy(e)), e, verbose));
        line.setExecutionExceptionHandler(
                (e, unused, result) -> report(line, Failure.of(e), e, verbose));
        try {
            return line.execute(args);
        } catch (OutOfMemoryError | LinkageError e) { // picocli hands over exceptions only
            return report(line, Failure.of(e), e, verbose);
        }
    }

    /**
     * Gives a command and its subcommands what all of them have: {@code --help}, {@code --version},
     * {@code --verbose}, options in the order of the source, and lines as wide as the terminal.
     *
     * @param line the command
     */
    public static void prepare(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        if (spec.findOption(VERBOSE) != null) {
            return;
        }
        spec.addOption(
                OptionSpec.builder(VERBOSE)
                        .type(boolean.class)
                        .description("Print the stack trace of an error.")
                        .build());
        spec.mixinStandardHelpOptions(true);
        spec.versionProvider(new Version());
        spec.usageMessage().sortOptions(false).autoWidth(true);
        spec.subcommands().values().forEach(CommandRunner::prepare);
    }

    private static int report(CommandLine line, Failure failure, Throwable e, boolean verbose) {
        PrintWriter err = line.getErr();
        err.println(line.getColorScheme().errorText(failure.line()));
        if (verbose) {
            e.printStackTrace(err);
        }
        err.flush();
        return failure.status();
    }

    /**
     * Returns a command as it was given, for a report that says how to repeat a run.
     *
     * @param spec the command
     * @return its words with a space between them, in quotes where a shell would read more into
     *     them
     */
    public static String given(CommandSpec spec) {
        List<String> words = new ArrayList<>(List.of(spec.qualifiedName()));
        spec.commandLine().getParseResult().originalArgs().stream()
                .map(CommandRunner::quoted)
                .forEach(words::add);
        return String.join(" ", words);
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
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
