package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.Trainer;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.report.CompressionReport;
import java.util.Arrays;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Parameters of other types and shapes, and statistics, go through a whole training. */
public class OtherTypesTest extends ToyTestBase {

    private static final long COUNTER = 9_007_199_254_740_991L;
    private static final double TENTH = 0.1;

    /** Multiplies its input by a scalar weight, and holds parameters that nobody trains. */
    private static FunctionBlock odd() {
        Parameter scale = FunctionBlock.weight("scale").build();
        Parameter counter = FunctionBlock.weight("counter").optRequiresGrad(false).build();
        Parameter table = FunctionBlock.weight("table").optRequiresGrad(false).build();
        return new FunctionBlock((x, values) -> x.mul(values.apply("scale")))
                .add(scale)
                .add(counter)
                .add(table)
                .initially(
                        manager -> {
                            Shape shape = new Shape(1, 2);
                            scale.setArray(manager.create(1f));
                            counter.setArray(manager.create(new long[] {COUNTER, -COUNTER}, shape));
                            table.setArray(manager.create(new double[] {TENTH, 1e300}, shape));
                        });
    }

    static Block block() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(16).build())
                .add(BatchNorm.builder().build())
                .add(odd())
                .add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    @DataProvider
    public Object[][] selectors() {
        return new Object[][] {
            {WeightSelector.all()}, {WeightSelector.builder().include(".*").build()}
        };
    }

    @Test(dataProvider = "selectors")
    public void otherTypesAndStatisticsSurviveATrainingInTheBlock(WeightSelector selector)
            throws Exception {
        try (Model model = Toy.model(block())) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(
                                    Quantization.builder().setBits(8).optSelector(selector).build())
                            .optGate(open())
                            .optWarmup(0)
                            .build();
            try (Trainer trainer = toy.trainer(model, listener)) {
                toy.fit(trainer, 3);
            }
            CompressionReport report = listener.getReport();
            assertTrue(report.notes().toString().contains("table (float64)"), report.toString());
            report.weights().forEach(w -> assertFalse(w.path().contains("unning"), w.path()));
            report.weights().forEach(w -> assertFalse(w.path().endsWith("table"), w.path()));
            for (var pair : model.getBlock().getParameters()) {
                NDArray array = pair.getValue().getArray();
                if (pair.getKey().endsWith("counter")) {
                    assertEquals(array.toLongArray(), new long[] {COUNTER, -COUNTER});
                } else if (pair.getKey().endsWith("table")) {
                    assertEquals(array.toDoubleArray(), new double[] {TENTH, 1e300});
                } else if (pair.getKey().endsWith("runningMean")) {
                    float[] mean = array.toFloatArray();
                    assertFalse(Arrays.equals(mean, new float[mean.length]), "it stood still");
                }
            }
        }
    }
}
