package dev.bonsai.cli;

import dev.bonsai.command.CommandRunner;
import dev.bonsai.examples.ExampleCommands;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line {@code bonsai}; a command more is one line here. */
@Command(
        name = BonsaiCommand.NAME,
        description = "Makes models small, and shows, runs and converts small ones.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            CompressCommand.class,
            ImportCommand.class,
            ExportCommand.class,
            InspectCommand.class,
            PredictCommand.class,
            UnpackCommand.class,
            QrCommand.class,
            ReportCommand.class,
            CompletionCommand.class,
        },
        footer = {
            "",
            "bonsai COMMAND --help tells about a command. The status is 0 if all went well, 2 if"
                    + " what was given can't be used, and 1 after any other error."
        })
public final class BonsaiCommand implements Runnable {

    /** What people type, and what completion is for. */
    static final String NAME = "bonsai";

    private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    @Spec private CommandSpec spec;

    private BonsaiCommand() {}

    /**
     * Runs a command and ends the process.
     *
     * @param args the command with its options; {@code --help} lists them
     */
    public static void main(String[] args) {
        if (System.getProperty(LOG_LEVEL) == null) {
            System.setProperty(LOG_LEVEL, "error"); // before the first logger is made
        }
        System.exit(run(args));
    }

    /**
     * Runs a command.
     *
     * @param args the command with its options
     * @return 0 if all went well, 2 if what was given can't be used, 1 after any other error
     */
    public static int run(String... args) {
        return CommandRunner.run(newCommandLine(), args);
    }

    /** Returns the command line with all commands. */
    static CommandLine newCommandLine() {
        CommandLine line = new CommandLine(new BonsaiCommand());
        ExampleCommands.all().forEach(line::addSubcommand);
        CommandRunner.prepare(line);
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Expected a command: " + NAME + " --help lists them");
    }
}
