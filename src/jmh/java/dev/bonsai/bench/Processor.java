package dev.bonsai.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/** Which processor a benchmark runs on, and which of its instructions for integers matter. */
final class Processor {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final String[][] FEATURES = {
        {"avx2", "AVX2"},
        {"avx512f", "AVX-512"},
        {"avx_vnni", "VNNI"},
        {"avx512_vnni", "VNNI"},
        {"amx_int8", "AMX"}
    };

    private Processor() {}

    /** The name, and what of AVX2, AVX-512, VNNI and AMX it has, as far as the system tells. */
    static String description() throws IOException {
        String architecture = System.getProperty("os.arch");
        if (!Files.exists(CPU_INFO)) {
            return architecture + ", whose instructions this system does not tell";
        }
        String name = architecture;
        Set<String> flags = Set.of();
        for (String line : Files.readAllLines(CPU_INFO)) {
            if (line.startsWith("model name")) {
                name = line.substring(line.indexOf(':') + 1).strip();
            } else if (line.startsWith("flags")) {
                flags = Set.copyOf(Arrays.asList(line.split("\\s+")));
            }
        }
        Set<String> found = new LinkedHashSet<>();
        for (String[] feature : FEATURES) {
            if (flags.contains(feature[0])) {
                found.add(feature[1]);
            }
        }
        return name + (found.isEmpty() ? "" : " with " + String.join(", ", found));
    }
}
