package dev.bonsai.report;

import ai.djl.engine.Engine;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a training ran. The same seed gives the same result only where all of this is the same: for
 * instance, another processor may add numbers in another order.
 *
 * @param architecture the processor's architecture, such as {@code amd64}
 * @param processor the processor's name; {@code unknown} where the system doesn't tell
 * @param processors how many processors the Java machine may use
 * @param system the operating system with its version
 * @param java the version of Java
 * @param djl the version of DJL
 * @param engine the engine with its version, such as {@code PyTorch 2.7.1}
 * @param bonsai the version of Bonsai; {@code unknown} if it is not run from its jar
 */
public record RunEnvironment(
        String architecture,
        String processor,
        int processors,
        String system,
        String java,
        String djl,
        String engine,
        String bonsai) {

    private static final String UNKNOWN = "unknown";
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    /**
     * Describes the machine and the versions that this runs on.
     *
     * @return the description
     */
    public static RunEnvironment current() {
        Engine engine = Engine.getInstance();
        return new RunEnvironment(
                System.getProperty("os.arch"),
                processorName(CPUINFO),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.version"),
                version(Engine.class),
                engine.getEngineName() + " " + engine.getVersion(),
                version(RunEnvironment.class));
    }

    /** Returns the first model name in a file such as Linux's /proc/cpuinfo. */
    static String processorName(Path cpuinfo) {
        if (!Files.isReadable(cpuinfo)) {
            return UNKNOWN;
        }
        try (BufferedReader lines = Files.newBufferedReader(cpuinfo)) {
            return lines.lines()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(UNKNOWN);
        } catch (IOException | RuntimeException e) {
            return UNKNOWN; // a report is not to fail by this
        }
    }

    private static String version(Class<?> type) {
        String version = type.getPackage().getImplementationVersion();
        return version == null ? UNKNOWN : version;
    }
}
