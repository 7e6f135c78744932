package dev.bonsai.bench;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.examples.network.Network;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.rewrite.Simplifier;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.trace.Tracer;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Prints what it takes from the start of a JVM to LeNet-5's first prediction, in plain Java and with
 * DJL's PyTorch engine: the time that passes, the time of the processors, and the most memory. Each
 * run is a JVM of its own, for plain Java with the runtime's classes only; they take turns, and
 * medians are printed. The number of rounds can be given.
 */
public final class StartTime {

    private static final int ROUNDS = 11;
    private static final double MILLION = 1e6;
    private static final double KILO = 1024;
    private static final List<String> PACKAGES =
            List.of("text", "encoding", "entropy", "graph", "file", "runtime");

    /** What a start took: milliseconds, milliseconds of the processors, megabytes. */
    private record Cost(double wall, double cpu, double memory) {}

    private StartTime() {}

    /** Prints the table. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length == 0 ? ROUNDS : Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory("start");
        String model = folder.resolve("lenet.bonsai").toString();
        String parameters = folder.resolve("lenet.params").toString();
        String archive = folder.resolve("runtime.jsa").toString();
        String jar = folder.resolve("runtime.jar").toString();
        write(Path.of(model), Path.of(parameters));
        pack(Path.of(jar));
        String path = System.getProperty("java.class.path");
        String plain = PlainStart.class.getName();
        String serial = "-XX:+UseSerialGC";
        String first = "-XX:TieredStopAtLevel=1";
        String shared = "-XX:SharedArchiveFile=" + archive;
        start(List.of("-XX:ArchiveClassesAtExit=" + archive, serial, "-cp", jar, plain, model));
        Map<String, List<String>> programs = new LinkedHashMap<>();
        programs.put("DJL PyTorch", List.of("-cp", path, DjlStart.class.getName(), parameters));
        programs.put("plain Java", List.of("-cp", jar, plain, model));
        programs.put(serial, List.of(serial, "-cp", jar, plain, model));
        programs.put(first, List.of(first, "-cp", jar, plain, model));
        programs.put("both", List.of(serial, first, "-cp", jar, plain, model));
        programs.put("an archive", List.of(shared, "-cp", jar, plain, model));
        programs.put("all three", List.of(serial, first, shared, "-cp", jar, plain, model));
        programs.put("no model, all three", List.of(serial, first, shared, "-cp", jar, plain));
        print(programs, rounds);
    }

    private static void write(Path model, Path parameters) throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = Network.LENET5.newBlock();
            block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 28, 28));
            try (DataOutputStream out =
                    new DataOutputStream(Files.newOutputStream(parameters))) {
                block.saveParameters(out);
            }
            GraphModel simple =
                    Simplifier.simplify(
                            Tracer.trace(
                                    block, new NDList(manager.zeros(new Shape(3, 1, 28, 28)))));
            List<NamedWeight> weights = new ArrayList<>();
            for (Weight weight : simple.graph().weights()) {
                weights.add(
                        new NamedWeight(
                                weight.path(),
                                NamedWeight.Role.WEIGHT,
                                simple.weights().get(weight.path())));
            }
            BonsaiFile.write(
                    model,
                    new BonsaiModel(weights, List.of(), Optional.of(simple.graph()), List.of()));
        }
    }

    /** Packs the classes that the runtime's jar has, and the program. */
    private static void pack(Path jar) throws Exception {
        Path root =
                Path.of(
                        PlainModel.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        String program = PlainStart.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(root.resolve("dev/bonsai"))) {
            for (Path file : files.filter(StartTime::isOfRuntime).toList()) {
                out.putNextEntry(new JarEntry(root.relativize(file).toString()));
                Files.copy(file, out);
            }
            out.putNextEntry(new JarEntry(program));
            PlainStart.class.getResourceAsStream("/" + program).transferTo(out);
        }
    }

    private static boolean isOfRuntime(Path file) {
        String name = file.toString().replace('\\', '/');
        return name.endsWith(".class")
                && !name.contains("Test")
                && PACKAGES.stream().anyMatch(p -> name.contains("dev/bonsai/" + p + "/"));
    }

    /** Starts a JVM, and waits until it has ended. */
    private static Cost start(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(arguments);
        command.add(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        long begin = System.nanoTime();
        Process process =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        double wall = 0;
        String[] used = {};
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("scores ")) {
                    wall = (System.nanoTime() - begin) / MILLION;
                } else if (line.startsWith("used ")) {
                    used = line.split(" ");
                }
            }
        }
        if (process.waitFor() != 0 || used.length == 0) {
            throw new IOException("It failed: " + command);
        }
        return new Cost(
                wall, Long.parseLong(used[1]) / MILLION, Long.parseLong(used[2]) / KILO);
    }

    private static void print(Map<String, List<String>> programs, int rounds)
            throws IOException, InterruptedException {
        Map<String, List<Cost>> costs = new LinkedHashMap<>();
        programs.keySet().forEach(name -> costs.put(name, new ArrayList<>()));
        for (int round = 0; round < rounds; ++round) {
            for (Map.Entry<String, List<String>> program : programs.entrySet()) {
                costs.get(program.getKey()).add(start(program.getValue()));
            }
        }
        Cost other = median(costs.values().iterator().next());
        costs.forEach(
                (name, list) -> {
                    Cost cost = median(list);
                    System.out.printf(
                            Locale.ROOT,
                            "%-24s %5.0f ms, %5.0f ms of the processors, %4.0f MB;"
                                    + " of DJL %.3f, %.3f, %.3f%n",
                            name,
                            cost.wall(),
                            cost.cpu(),
                            cost.memory(),
                            cost.wall() / other.wall(),
                            cost.cpu() / other.cpu(),
                            cost.memory() / other.memory());
                });
    }

    private static Cost median(List<Cost> costs) {
        int middle = costs.size() / 2;
        return new Cost(
                costs.stream().map(Cost::wall).sorted().toList().get(middle),
                costs.stream().map(Cost::cpu).sorted().toList().get(middle),
                costs.stream().map(Cost::memory).sorted().toList().get(middle));
    }
}
