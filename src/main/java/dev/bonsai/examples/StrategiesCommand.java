package dev.bonsai.examples;

import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Placeholder. */
@CommandLine.Command(name = "strategies")
final class StrategiesCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return 0;
    }
}
