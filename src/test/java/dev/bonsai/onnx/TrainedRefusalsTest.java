package dev.bonsai.onnx;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.activation.ActivationGrids;
import dev.bonsai.activation.ActivationPlan;
import dev.bonsai.activation.IntegerForm;
import dev.bonsai.activation.IntegerTarget;
import dev.bonsai.activation.RoundedModel;
import dev.bonsai.encoding.ActivationGrid;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.testng.annotations.Test;

/** Grids that were trained are what a file has, or there is none. */
public class TrainedRefusalsTest extends ExportFolder {

    private static Map<String, ActivationGrid> grids(GraphModel model, int bits) {
        Map<String, ActivationGrid> grids = new LinkedHashMap<>();
        for (String value : IntegerForm.of(model.graph(), Set.of()).plan().rounded()) {
            grids.put(value, ActivationGrid.of(bits, -3, 5));
        }
        return grids;
    }

    @Test
    public void trainingAndFileRoundTheSameValues() {
        for (GraphModel model :
                new GraphModel[] {IntegerModels.lenet(), IntegerModels.residual()}) {
            GraphModel file = IntegerForm.inference(IntegerForm.training(model));
            Set<String> all =
                    ActivationPlan.of(file, target -> false).products().stream()
                            .map(IntegerTarget::weight)
                            .collect(Collectors.toSet());
            for (String kept : all) {
                ActivationPlan plan =
                        ActivationPlan.of(file, target -> !target.weight().equals(kept));
                Set<String> floats = IntegerForm.floats(model.graph(), Set.of(kept));
                IntegerForm form = IntegerForm.of(model.graph(), floats);
                assertEquals(form.plan().rounded(), plan.rounded());
                assertTrue(form.graph().values().keySet().containsAll(plan.rounded()));
            }
        }
    }

    @Test
    public void theNamesOfValuesAreOfNoImportance() throws Exception {
        GraphModel model = IntegerModels.lenet();
        Path file = folder.resolve("trained.onnx");
        ActivationGrids grids = new ActivationGrids(grids(model, 8), Set.of());
        OnnxExporter.write(file, model, grids);
        byte[] bytes = Files.readAllBytes(file);
        Graph canonical = model.graph().canonical();
        assertFalse(canonical.equals(model.graph()));
        OnnxExporter.write(file, new GraphModel(canonical, model.weights()), grids);
        assertEquals(Files.readAllBytes(file), bytes);
    }

    @Test
    public void aValueThatWasNeverCalibratedIsRefused() {
        GraphModel model = IntegerModels.lenet();
        for (String value : grids(model, 8).keySet()) {
            Map<String, ActivationGrid> fewer = grids(model, 8);
            fewer.remove(value);
            refused(model, new ActivationGrids(fewer, Set.of()), "'" + value + "'", "Calibration");
        }
    }

    @Test
    public void otherWidthsThanThoseOfKernelsAreRefused() {
        GraphModel model = IntegerModels.lenet();
        for (int bits : new int[] {4, 7, 9, 16}) {
            refused(
                    model,
                    new ActivationGrids(grids(model, bits), Set.of()),
                    bits + " bits",
                    "setBits(8)");
        }
    }

    @Test
    public void whereNothingIsLeftToRoundThereIsNoFile() {
        GraphModel model = IntegerModels.lenet();
        Set<String> all = IntegerForm.floats(model.graph(), Set.of());
        refused(model, new ActivationGrids(Map.of(), all), "in floats");
    }

    private void refused(GraphModel model, ActivationGrids grids, String... parts) {
        Path file = folder.resolve("none.onnx");
        String message =
                expectThrows(
                                OnnxExportException.class,
                                () -> OnnxExporter.write(file, model, grids))
                        .getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
        assertFalse(Files.exists(file));
    }

    @Test
    public void roundingInFloatsMovesEachValueByHalfAStepAtMost() {
        GraphModel model = IntegerModels.lenet();
        Map<String, ActivationGrid> grids = grids(model, 8);
        Map<String, ActivationGrid> fine = new LinkedHashMap<>();
        grids.keySet().forEach(v -> fine.put(v, ActivationGrid.of(22, -100, 100)));
        GraphModel inference = IntegerForm.inference(IntegerForm.training(model));
        Tensor input = IntegerModels.normal(1, 3, 1, 28, 28);
        float[] floats = PlainModel.of(model).run(input).get(0).floats();
        float[] nearly = PlainModel.of(RoundedModel.of(inference, fine)).run(input).get(0).floats();
        float[] coarse =
                PlainModel.of(RoundedModel.of(inference, grids)).run(input).get(0).floats();
        double most = 0;
        for (int i = 0; i < floats.length; ++i) {
            assertEquals(nearly[i], floats[i], 1e-3, "steps of 5e-5, some hundred of them");
            most = Math.max(most, Math.abs(coarse[i] - floats[i]));
        }
        assertTrue(most > 1e-3, "it does round: " + most);
    }
}
