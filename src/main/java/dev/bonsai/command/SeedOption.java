package dev.bonsai.command;

import picocli.CommandLine.Option;

/** The option of commands that make random choices. */
public final class SeedOption {

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            converter = Options.ToSeed.class,
            description = "Determines every random choice (default: ${DEFAULT-VALUE}).")
    private int seed;

    /**
     * Returns the seed.
     *
     * @return from 0
     */
    public int seed() {
        return seed;
    }
}
