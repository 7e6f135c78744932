package dev.bonsai.examples;

import ai.djl.engine.Engine;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} shows. */
final class Version implements IVersionProvider {

    /** The version that the pom has. */
    static final String BONSAI = "0.1.0-SNAPSHOT";

    @Override
    public String[] getVersion() {
        return new String[] {
            "Bonsai " + BONSAI,
            "DJL " + Engine.getDjlVersion() + ", Java " + System.getProperty("java.version")
        };
    }
}
