package dev.bonsai;

import static org.testng.Assert.assertEquals;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.report.WeightReport;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** In a training, too, the first and the last weights are those of the forward pass. */
public class FirstAndLastTest extends ToyTestBase {

    private enum Kind {
        /** Each parameter has an array of its own. */
        OWN_ARRAYS,
        /** The parameter that is applied first has the array of another one. */
        SHARED_ARRAY,
        /** An operator on a constant hides the pass. */
        HIDDEN
    }

    /** Registers head, a, b, c and applies b, c, a, head. */
    private static FunctionBlock shuffled(Kind kind) {
        FunctionBlock block =
                new FunctionBlock(
                        (x, weights) -> {
                            NDArray y = x;
                            for (String name : List.of("b", "c", "a", "head")) {
                                NDArray weight = weights.apply(name);
                                if (kind == Kind.HIDDEN) {
                                    NDArray ones = y.getManager().ones(y.getShape());
                                    y = ones.mul(y);
                                }
                                y = y.dot(weight).getNDArrayInternal().relu();
                            }
                            return y;
                        });
        block.columns(Toy.CLASSES).add("head", Toy.FEATURES, Toy.CLASSES);
        block.add("a", Toy.FEATURES, Toy.FEATURES);
        if (kind == Kind.SHARED_ARRAY) {
            block.add(FunctionBlock.weight("b").build()).initially(m -> share(block, m));
        } else {
            block.add("b", Toy.FEATURES, Toy.FEATURES);
        }
        return block.add("c", Toy.FEATURES, Toy.FEATURES);
    }

    private static void share(FunctionBlock block, NDManager manager) {
        block.parameter("a").initialize(manager, DataType.FLOAT32);
        block.parameter("b").setArray(block.parameter("a").getArray());
    }

    @DataProvider
    Object[][] selected() {
        return new Object[][] {
            {Kind.OWN_ARRAYS, List.of("a", "c")},
            {Kind.SHARED_ARRAY, List.of("c")},
            {Kind.HIDDEN, List.of("a", "b")},
        };
    }

    @Test(dataProvider = "selected")
    public void aTrainingLeavesOutWhatThePassAppliesFirstAndLast(Kind kind, List<String> expected)
            throws Exception {
        try (Model model = Toy.model(shuffled(kind))) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(
                                    Quantization.builder()
                                            .setBits(4)
                                            .optSelector(
                                                    WeightSelector.builder()
                                                            .excludeFirstAndLast()
                                                            .build())
                                            .build())
                            .optGate(open())
                            .optWarmup(0)
                            .build();
            toy.train(model, 1, listener);
            assertEquals(
                    listener.getReport().weights().stream().map(WeightReport::path).toList(),
                    expected);
        }
    }
}
