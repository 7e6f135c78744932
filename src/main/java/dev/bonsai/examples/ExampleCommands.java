package dev.bonsai.examples;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;

/** The examples as subcommands, for a command line that has others besides. */
public final class ExampleCommands {

    private ExampleCommands() {}

    /**
     * Makes the commands.
     *
     * @return a command line per name, in the order in which they are read about
     */
    public static Map<String, CommandLine> all() {
        Map<String, CommandLine> commands = new LinkedHashMap<>();
        commands.put("mnist", Example.MNIST.newCommandLine());
        commands.put("cifar", Example.CIFAR.newCommandLine());
        commands.put("embedding", new CommandLine(new EmbeddingOptions()));
        commands.put("search", new CommandLine(new SearchCommand()));
        commands.put("strategies", new CommandLine(new StrategiesCommand()));
        return commands;
    }
}
