package dev.bonsai.command;

import ai.djl.engine.Engine;
import dev.bonsai.report.RunEnvironment;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} shows. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {
            "Bonsai " + RunEnvironment.bonsaiVersion(),
            "DJL " + Engine.getDjlVersion() + ", Java " + System.getProperty("java.version")
        };
    }
}
