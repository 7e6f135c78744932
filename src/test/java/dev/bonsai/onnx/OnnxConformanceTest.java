package dev.bonsai.onnx;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.onnx.OnnxConformance.Outcome;
import dev.bonsai.onnx.OnnxConformance.Status;
import dev.bonsai.onnx.OnnxImporter.Form;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.testng.SkipException;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/** ONNX's own tests, where their zip is there. */
public class OnnxConformanceTest {

    private static final Path ZIP = Path.of("../shared/datasets/onnx/onnx-tests.zip");

    /** Operators and types that a graph does not have; docs/onnx.md gives the reasons. */
    private static final Set<String> OUTSIDE =
            Set.of(
                    "node/test_convinteger_with_padding",
                    "node/test_convinteger_without_padding",
                    "node/test_dequantizelinear",
                    "node/test_dequantizelinear_axis",
                    "node/test_matmulinteger",
                    "node/test_qlinearconv",
                    "node/test_quantizelinear_axis",
                    "node/test_resize_downsample_scales_linear_antialias",
                    "node/test_resize_downsample_sizes_linear_antialias",
                    "pytorch-converted/test_MaxPool2d_stride_padding_dilation",
                    "pytorch-operator/test_operator_symbolic_override");

    /** How many pass at least, by consumer. */
    private static final Map<String, Integer> PASSED =
            Map.of("shapes", 338, "runtime", 338, "block", 338, "exported", 300);

    private List<ConformanceCase> cases;

    @BeforeClass
    public void readCases() throws IOException {
        if (!Files.exists(ZIP)) {
            throw new SkipException("The tests of ONNX are not here: " + ZIP);
        }
        cases = ConformanceCase.all(ZIP);
    }

    @Test
    public void noneFailsAndOnlyWhatIsOutsideIsUnsupported() {
        List<Outcome> outcomes = new ArrayList<>();
        for (ConformanceCase test : cases) {
            outcomes.addAll(OnnxConformance.run(test, OnnxConformance.consumers()));
        }
        assertEquals(
                outcomes.stream().filter(o -> o.status() == Status.FAILED).toList(), List.of());
        PASSED.forEach(
                (consumer, floor) -> {
                    long passed =
                            outcomes.stream()
                                    .filter(o -> o.consumer().equals(consumer))
                                    .filter(o -> o.status() == Status.PASSED)
                                    .count();
                    assertTrue(passed >= floor, consumer + " passes " + passed);
                });
        Set<String> unsupported =
                outcomes.stream()
                        .filter(o -> !o.consumer().equals("exported"))
                        .filter(o -> o.status() == Status.UNSUPPORTED)
                        .map(Outcome::name)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(unsupported, new TreeSet<>(OUTSIDE));
    }

    @Test
    public void whatIsExportedIsImportedAsTheSame() throws Exception {
        int same = 0;
        for (ConformanceCase test : cases) {
            if (OUTSIDE.contains(test.name())) {
                continue;
            }
            GraphModel model = OnnxImporter.read(test.model(), Form.LITERAL);
            if (saysOtherwise(model.graph())) {
                continue;
            }
            try {
                byte[] bytes = GraphWriter.write(model);
                assertEquals(OnnxImporter.read(bytes, Form.LITERAL), model, test.name());
                ++same;
            } catch (OnnxExportException e) {
                assertTrue(e.getMessage().contains("operator set 17"), e.getMessage());
            }
        }
        assertTrue(same >= 280, "the same: " + same);
    }

    /** Some operators stand in a file as others. */
    private static boolean saysOtherwise(Graph graph) {
        return graph.nodes().stream()
                .map(node -> node.toString())
                .anyMatch(
                        text ->
                                text.contains("Gelu(")
                                        || text.contains("Dropout(")
                                        || text.contains("layout=1")
                                        || text.contains("Split("));
    }
}
