package dev.bonsai.report;

import ai.djl.engine.Engine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

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
 * @param bonsai the version of Bonsai; {@code unknown} if Maven has not built it
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
                Engine.getDjlVersion(),
                engine.getEngineName() + " " + engine.getVersion(),
                bonsaiVersion());
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

    /**
     * Returns the version of Bonsai that the build has written down, without loading an engine.
     *
     * @return the version; {@code unknown} if Maven has not built it
     */
    public static String bonsaiVersion() {
        Properties properties = new Properties();
        try (InputStream in = RunEnvironment.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            return UNKNOWN;
        }
        String version = properties.getProperty("version", UNKNOWN);
        return version.startsWith("$") ? UNKNOWN : version; // compiled without Maven
    }
}
