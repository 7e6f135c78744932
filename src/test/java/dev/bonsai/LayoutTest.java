package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Which package may know which: the sources keep to {@link LayoutLaws}, and the laws can fail. */
public class LayoutTest {

    private static final Path SOURCES = Path.of("src", "main", "java");

    @Test
    void sourcesKeepToTheLayout() throws IOException {
        assertEquals(String.join("\n", LayoutLaws.violations(sources())), "");
    }

    /** Returns the text of each main source by its path. */
    static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                String path = SOURCES.relativize(file).toString().replace('\\', '/');
                sources.put(path, Files.readString(file));
            }
        }
        assertTrue(sources.containsKey("dev/bonsai/core/Technique.java"), "The sources are here");
        return sources;
    }

    private static List<String> violations(String path, String text) {
        Map<String, String> sources = new HashMap<>();
        sources.put(path.substring(0, path.lastIndexOf('/')) + "/package-info.java", "");
        sources.put(path, text);
        return LayoutLaws.violations(sources);
    }

    @DataProvider
    Object[][] forbidden() {
        return new Object[][] {
            {"pruning", "dev.bonsai.quantization.Rounding"},
            {"sharing", "dev.bonsai.pruning.Pruning"},
            {"quantization", "dev.bonsai.onnx.OnnxExport"},
            {"runtime", "dev.bonsai.trace.Tracer"},
            {"aNewTechnique", "dev.bonsai.sharing.KMeans"},
            {"pruning", "dev.bonsai.examples.Preset"},
            {"recipe", "dev.bonsai.examples.Preset"},
            {"pruning", "dev.bonsai.recipe.NamedStrategy"},
            {"report", "dev.bonsai.recipe.NamedStrategy"},
            {"search", "dev.bonsai.recipe.NamedStrategy"},
            {"core", "dev.bonsai.pruning.Pruning"},
            {"core", "dev.bonsai.gate.Gate"},
            {"core", "dev.bonsai.file.BonsaiFile"},
            {"core", "dev.bonsai.report.HtmlReport"},
            {"encoding", "dev.bonsai.core.Levels"},
            {"encoding", "dev.bonsai.report.CompressionReport"},
            {"gate", "dev.bonsai.encoding.EncodedWeight"},
            {"gate", "dev.bonsai.pruning.Pruning"},
            {"entropy", "dev.bonsai.file.BonsaiFile"},
            {"entropy", "ai.djl.ndarray.NDArray"},
            {"file", "dev.bonsai.core.Levels"},
            {"file", "dev.bonsai.sharing.Codebook"},
            {"file", "dev.bonsai.report.CompressionReport"},
            {"pruning", "dev.bonsai.CompressionListener"},
            {"core", "dev.bonsai.CompressionListener"},
            {"report", "dev.bonsai.examples.Preset"},
            {"encoding", "ai.djl.ndarray.NDArray"},
            {"file", "ai.djl.Model"},
            {"runtime", "ai.djl.ndarray.NDArray"},
            {"search", "dev.bonsai.gate.Direction"},
            {"search", "ai.djl.Model"},
            {"text", "dev.bonsai.core.Levels"},
            {"text", "ai.djl.Model"},
            {"encoding", "dev.bonsai.text.Numbers"},
            {"kernel", "dev.bonsai.pruning.Pruning"},
            {"kernel", "dev.bonsai.recipe.Techniques"},
            {"kernel", "dev.bonsai.search.Goal"},
            {"kernel", "dev.bonsai.CompressionListener"},
            {"kernel", "dev.bonsai.report.Figure"},
            {"kernel", "dev.bonsai.report.ReportHtml"},
            {"pruning", "dev.bonsai.kernel.Plan"},
            {"distillation", "dev.bonsai.kernel.Plan"},
            {"report", "dev.bonsai.kernel.SessionResult"},
            {"gate", "dev.bonsai.kernel.Plan"},
            {"examples", "dev.bonsai.kernel.Plan"},
            {"examples", "dev.bonsai.cli.BonsaiCommand"},
            {"command", "dev.bonsai.cli.BonsaiCommand"},
            {"command", "dev.bonsai.examples.Preset"},
            {"command", "dev.bonsai.pruning.Pruning"},
            {"report", "dev.bonsai.command.Printer"},
            {"search", "dev.bonsai.command.Printer"},
            {"cli", "dev.bonsai.kernel.Plan"},
            {"npy", "dev.bonsai.runtime.Tensor"},
            {"npy", "ai.djl.Model"},
            {"recipe", "dev.bonsai.kernel.Plan"},
            {"tensorboard", "dev.bonsai.kernel.Plan"},
            {"tensorboard", "dev.bonsai.pruning.Pruning"},
            {"json", "dev.bonsai.recipe.Techniques"},
            {"json", "dev.bonsai.gate.GateSettings"},
            {"gate", "dev.bonsai.recipe.RecipeStage"},
        };
    }

    @Test(dataProvider = "forbidden")
    void forbiddenImportIsFoundAndNamed(String slice, String imported) {
        String path = "dev/bonsai/" + slice + "/Made.java";
        String header = "package dev.bonsai." + slice + ";\n\n";
        for (String use :
                List.of(
                        "import " + imported + ";",
                        "import static " + imported + ".of;",
                        "/** A comment. */\nfinal class Made { " + imported + " field; }")) {
            List<String> found = violations(path, header + use);
            assertEquals(found.size(), 1, use);
            assertTrue(found.get(0).startsWith(path + " imports " + imported), found.get(0));
        }
    }

    @Test(dataProvider = "forbidden")
    void forbiddenImportIsFoundInASubpackageToo(String slice, String imported) {
        String path = "dev/bonsai/" + slice + "/deep/Made.java";
        assertEquals(violations(path, "import " + imported + ";").size(), 1);
    }

    @DataProvider
    Object[][] forbiddenInRoot() {
        return new Object[][] {
            {"dev.bonsai.pruning.Pruning"},
            {"dev.bonsai.variational.VariationalDropout"},
            {"dev.bonsai.aNewTechnique.Made"},
            {"dev.bonsai.recipe.Techniques"},
            {"dev.bonsai.search.Goal"},
            {"dev.bonsai.examples.Preset"},
            {"dev.bonsai.report.ReportCharts"},
            {"dev.bonsai.report.HtmlTable"},
            {"dev.bonsai.report.Palette.of"},
            {"dev.bonsai.report"},
        };
    }

    @Test(dataProvider = "forbiddenInRoot")
    void theRootKnowsNoTechniqueAndNoDrawing(String imported) {
        String use = "import " + imported + (imported.endsWith("report") ? ".*;" : ";");
        assertEquals(violations("dev/bonsai/Made.java", use).size(), 1, imported);
    }

    @Test
    void noClassesOfTheKernelNeedOneAnother() throws IOException {
        Map<String, String> kernel = new HashMap<>();
        sources()
                .forEach(
                        (path, text) -> {
                            if (path.matches("dev/bonsai/kernel/[A-Z]\\w*\\.java")) {
                                String name = path.substring(path.lastIndexOf('/') + 1);
                                kernel.put(name.replace(".java", ""), text);
                            }
                        });
        assertTrue(kernel.containsKey("Plan"), "The kernel is here");
        assertEquals(ClassCycles.of(kernel), Set.of());
    }

    @Test
    void circlesAreFoundWhateverTheirLength() {
        String law = "class A { B b; } // C";
        assertEquals(ClassCycles.of(Map.of("A", law, "B", "", "C", "A a;")), Set.of());
        assertEquals(
                ClassCycles.of(Map.of("A", law, "B", "A a;", "C", "A a;")),
                Set.of(Set.of("A", "B")));
        assertEquals(
                ClassCycles.of(
                        Map.of("A", "B b", "B", "C.of()", "C", "A::new", "D", "E", "E", "D")),
                Set.of(Set.of("A", "B", "C"), Set.of("D", "E")));
        assertEquals(ClassCycles.of(Map.of("A", "A(A a)", "B", "\"A\" A2 aA /* A */")), Set.of());
    }

    @DataProvider
    Object[][] allowed() {
        return new Object[][] {
            {
                "pruning/Made",
                "import dev.bonsai.core.Levels;\nimport dev.bonsai.encoding.GridWeight;"
            },
            {"pruning/Made", "import dev.bonsai.pruning.Masks;\nimport ai.djl.Model;"},
            {"core/Made", "import dev.bonsai.encoding.EncodedWeight;\nimport ai.djl.nn.Parameter;"},
            {"gate/Made", "import dev.bonsai.core.Levels;\nimport ai.djl.training.Trainer;"},
            {"file/Made", "import dev.bonsai.encoding.EncodedWeight;"},
            {"runtime/Made", "import dev.bonsai.file.BonsaiFile;"},
            {"report/Made", "import dev.bonsai.gate.Trial;"},
            {"tensorboard/Made", "import dev.bonsai.CompressionListener;"},
            {"gate/Made", "import dev.bonsai.text.Numbers;"},
            {"search/Made", "import dev.bonsai.text.TextTable;"},
            {"file/Made", "import dev.bonsai.text.TextTable;"},
            {"pruning/Made", "import dev.bonsai.text.Numbers;"},
            {"Made", "import dev.bonsai.kernel.Settings;\nimport dev.bonsai.gate.Gate;"},
            {"Made", "import dev.bonsai.report.CompressionReport;"},
            {"kernel/Made", "import dev.bonsai.report.WeightReport;\nimport dev.bonsai.core.*;"},
            {"kernel/Made", "import dev.bonsai.distillation.Teacher;"},
            {"recipe/Made", "import dev.bonsai.pruning.Pruning;\nimport dev.bonsai.gate.Gate;"},
            {
                "recipe/Made",
                "import dev.bonsai.pruning.Pruning;\nimport dev.bonsai.core.Technique;"
            },
            {"recipe/Made", "import dev.bonsai.ListenerSettings;\nimport dev.bonsai.json.Flaw;"},
            {"examples/Made", "import dev.bonsai.recipe.NamedStrategy;"},
            {"examples/Made", "import dev.bonsai.command.Printer;"},
            {
                "cli/Made",
                "import dev.bonsai.examples.ExampleCommands;\nimport dev.bonsai.Sensitivity;"
            },
            {
                "cli/input/Made",
                "import dev.bonsai.cli.BonsaiCommand;\nimport dev.bonsai.command.Tone;"
            },
            {"command/Made", "import dev.bonsai.qr.QrException;\nimport ai.djl.engine.Engine;"},
            {"examples/Made", "import dev.bonsai.CompressionListener;"},
            {"examples/deep/Made", "import dev.bonsai.examples.Preset;"},
            {"encoding/Made", "/** Unlike {@link dev.bonsai.core.Levels}. */ // nor ai.djl.Model"},
            {"encoding/Made", "String s = \"// ai.djl.Model \\\" dev.bonsai.core.Levels\";"},
            {"encoding/Made", "String s = \"\"\"\n  ai.djl.Model \"quoted\"\n  \"\"\";"},
        };
    }

    @Test(dataProvider = "allowed")
    void allowedImportsCommentsAndTextsAreNoViolations(String file, String text) {
        assertEquals(violations("dev/bonsai/" + file + ".java", text), List.of());
    }

    @Test
    void codeBehindACommentMarkInATextIsStillSeen() {
        String text = "String s = \"/*\"; ai.djl.Model m; char c = '\"'; dev.bonsai.core.Levels l;";
        assertEquals(violations("dev/bonsai/encoding/Made.java", text).size(), 2);
    }

    @Test
    void importOfAWholePackageIsFound() {
        List<String> found = violations("dev/bonsai/core/Made.java", "import dev.bonsai.gate.*;");
        assertEquals(
                found,
                List.of(
                        "dev/bonsai/core/Made.java imports dev.bonsai.gate: core knows [encoding, graph, text] only"));
        assertEquals(violations("dev/bonsai/core/Made.java", "import dev.bonsai.*;").size(), 1);
    }

    @Test
    void longFileIsFound() {
        assertEquals(violations("dev/bonsai/Made.java", "\n".repeat(400)), List.of());
        assertEquals(
                violations("dev/bonsai/Made.java", "\n".repeat(401)),
                List.of("dev/bonsai/Made.java has 401 lines, more than 400: divide it"));
    }

    @Test
    void packageWithoutPackageInfoIsFound() {
        assertEquals(
                LayoutLaws.violations(Map.of("dev/bonsai/core/Made.java", "")),
                List.of("dev/bonsai/core has no package-info.java: say what the package is for"));
    }
}
