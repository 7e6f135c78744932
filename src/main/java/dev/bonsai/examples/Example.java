package dev.bonsai.examples;

import dev.bonsai.command.CommandRunner;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The examples that a user can start: one command line, with defaults of their own. */
enum Example implements IDefaultValueProvider {
    /** {@link MnistCompression}. */
    MNIST("MnistCompression", "Trains a network on images of digits and makes it small.", Map.of()),
    /** {@link CifarCompression}. */
    CIFAR(
            "CifarCompression",
            "Trains a residual network on photographs and makes it small.",
            Map.of("--network", "resnet8", "--dataset", "cifar-10"));

    private final String command;
    private final String description;
    private final Map<String, String> defaults;

    Example(String command, String description, Map<String, String> defaults) {
        this.command = command;
        this.description = description;
        this.defaults = defaults;
    }

    /** Runs the example; returns the status that the process ends with. */
    int run(String... args) {
        return CommandRunner.run(newCommandLine(), args);
    }

    /** Returns the command line with all its commands. */
    CommandLine newCommandLine() {
        CommandLine line = new CommandLine(new ExampleOptions());
        line.setCommandName(command);
        line.getCommandSpec().usageMessage().description(description);
        line.setDefaultValueProvider(this);
        return line;
    }

    /** Returns the default of an option; null where it is that of all examples. */
    @Override
    public String defaultValue(ArgSpec option) {
        return option instanceof OptionSpec named ? defaults.get(named.longestName()) : null;
    }
}
