package dev.bonsai.cli;

import com.google.gson.GsonBuilder;
import dev.bonsai.command.OutputFolder;
import dev.bonsai.command.Printer;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.file.AtomicFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.npy.NpyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes what is in a file in forms that every tool reads. */
@Command(
        name = "unpack",
        description =
                "Writes what is in a .bonsai or .onnx file in plain forms: an .npy file per"
                        + " weight, the graph as text, and a list of both in model.json.")
final class UnpackCommand implements Callable<Integer> {

    private static final String LIST = "model.json";
    private static final String GRAPH = "graph.txt";

    @Parameters(paramLabel = "FILE", description = "The model.")
    private Path file;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the files go (default: FILE without its ending).")
    private Path out;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        BonsaiModel content = ModelFile.read(file).content();
        Path folder = OutputFolder.prepare(out == null ? beside() : out, LIST, GRAPH);
        List<Map<String, Object>> weights = new ArrayList<>();
        for (NamedWeight weight : content.weights()) {
            String name =
                    String.format(
                            Locale.ROOT,
                            "%03d-%s.npy",
                            weights.size(),
                            OutputFolder.fileName(weight.path()));
            NpyFile.write(folder.resolve(name), weight.value());
            weights.add(facts(weight, name));
        }
        Map<String, Object> list = new LinkedHashMap<>();
        content.graph().ifPresent(graph -> list.put("inputs", inputs(graph)));
        content.graph().ifPresent(graph -> list.put("outputs", graph.outputs()));
        list.put("weights", weights);
        String json = new GsonBuilder().setPrettyPrinting().create().toJson(list);
        write(folder.resolve(LIST), json);
        Optional<Graph> graph = content.graph();
        if (graph.isPresent()) {
            write(folder.resolve(GRAPH), graph.get().toString());
        }
        Printer printer = Printer.of(spec);
        printer.say(
                String.format(
                        Locale.ROOT,
                        "%s -> %s: %,d weights as .npy, %s%s",
                        file,
                        folder,
                        weights.size(),
                        LIST,
                        graph.isPresent() ? ", " + GRAPH : "; there is no graph"));
        printer.next(
                "numpy.load(\""
                        + folder.resolve(weights.isEmpty() ? LIST : first(weights))
                        + "\")");
        return 0;
    }

    private static String first(List<Map<String, Object>> weights) {
        return weights.get(0).get("file").toString();
    }

    private Path beside() {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.lastIndexOf('.')));
    }

    private static Map<String, Object> facts(NamedWeight weight, String file) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("path", weight.path());
        facts.put("role", weight.role().name().toLowerCase(Locale.ROOT));
        facts.put("file", file);
        facts.put("type", Constants.type(weight.value()).name());
        facts.put("shape", weight.value().shape());
        facts.put("bits", weight.value().bits());
        facts.put("zeros", weight.value().zeros());
        return facts;
    }

    private static List<Map<String, String>> inputs(Graph graph) {
        return graph.inputs().stream()
                .map(
                        input ->
                                Map.of(
                                        "name", input.name(),
                                        "type", input.type().name(),
                                        "shape", input.shape().toString()))
                .toList();
    }

    private static void write(Path file, String text) throws IOException {
        AtomicFile.replace(file, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
