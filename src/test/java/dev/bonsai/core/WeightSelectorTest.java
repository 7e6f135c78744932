package dev.bonsai.core;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.LSTM;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class WeightSelectorTest {

    private static final Parameter.Type WEIGHT = Parameter.Type.WEIGHT;
    private static final Parameter.Type BIAS = Parameter.Type.BIAS;

    private static final List<TargetWeight> MODEL =
            List.of(
                    target("01Conv2d_weight", "Conv2d", WEIGHT, 8, 1, 3, 3),
                    target("01Conv2d_bias", "Conv2d", BIAS, 8),
                    target("02BatchNorm_gamma", "BatchNorm", Parameter.Type.GAMMA, 8),
                    target("02BatchNorm_runningVar", "BatchNorm", Parameter.Type.RUNNING_VAR, 8),
                    target("03Prelu_alpha", "Prelu", WEIGHT, 8),
                    target("04Conv2d_weight", "Conv2d", WEIGHT, 8, 8, 3, 3),
                    target("05Linear_weight", "Linear", WEIGHT, 16, 32),
                    target("05Linear_bias", "Linear", BIAS, 16),
                    target("06Odd_table", "Odd", Parameter.Type.OTHER, 4, 4),
                    target("07Linear_weight", "Linear", WEIGHT, 10, 16));

    private static TargetWeight target(
            String path, String blockType, Parameter.Type type, long... shape) {
        Parameter parameter =
                Parameter.builder().setName("p").setType(type).optShape(new Shape(shape)).build();
        return new TargetWeight(path, parameter, blockType);
    }

    private static WeightSelector.Builder selector() {
        return WeightSelector.builder();
    }

    @DataProvider
    Object[][] selections() {
        String conv1 = "01Conv2d_weight";
        String conv2 = "04Conv2d_weight";
        String linear1 = "05Linear_weight";
        String linear2 = "07Linear_weight";
        return new Object[][] {
            {"all", selector(), List.of(conv1, conv2, linear1, linear2)},
            {"exclude", selector().exclude("^01"), List.of(conv2, linear1, linear2)},
            {"exclude a type", selector().excludeBlock("Conv2d"), List.of(linear1, linear2)},
            {"first and last", selector().excludeFirstAndLast(), List.of(conv2, linear1)},
            {"include makes exclusive", selector().include("^05.*weight"), List.of(linear1)},
            {"include takes anything", selector().include("Odd"), List.of("06Odd_table")},
            {
                "include a type takes weights only",
                selector().includeBlock("Linear"),
                List.of(linear1, linear2)
            },
            {
                "include by predicate",
                selector().include(weight -> weight.size() == 160),
                List.of(linear2)
            },
            {
                "the first match wins: exclude",
                selector().exclude("^07").includeBlock("Linear"),
                List.of(linear1)
            },
            {
                "the first match wins: include",
                selector().include("^01.*weight").exclude("Conv2d").include("^05.*weight"),
                List.of(conv1, linear1)
            },
            {
                "the first and the last weight of the model, not of the selection",
                selector().excludeFirstAndLast().includeBlock("Linear"),
                List.of(linear1)
            },
        };
    }

    @Test(dataProvider = "selections")
    void firstRuleThatMatchesDecides(
            String what, WeightSelector.Builder selector, List<String> expected) {
        List<TargetWeight> selected = selector.build().select(MODEL);
        assertEquals(selected.stream().map(TargetWeight::path).toList(), expected, what);
    }

    @Test
    void orderOfTheModelIsKeptWhateverTheOrderOfTheRules() {
        List<TargetWeight> selected =
                selector().includeBlock("Linear").includeBlock("Conv2d").build().select(MODEL);
        assertEquals(selected, WeightSelector.all().select(MODEL));
    }

    @DataProvider
    Object[][] unused() {
        return new Object[][] {
            {selector().exclude("Conv3d"), "exclude(Conv3d)"},
            {selector().excludeBlock("conv2d"), "excludeBlock(conv2d)"},
            {selector().includeBlock("Prelu"), "includeBlock(Prelu)"},
            {selector().include(weight -> false), "include(a predicate)"},
            {selector().include("Linear").include("05Linear"), "include(05Linear)"},
            {selector().exclude("Conv|Linear").excludeFirstAndLast(), "excludeFirstAndLast"},
        };
    }

    @Test(dataProvider = "unused")
    void ruleThatMatchesNothingIsAnErrorThatListsTheParameters(
            WeightSelector.Builder selector, String rule) {
        String message = errorOf(selector, MODEL);
        assertTrue(message.contains("'" + rule + "'"), message);
        assertTrue(message.contains("01Conv2d_weight(8, 1, 3, 3)"), message);
        assertTrue(message.contains("05Linear_bias(16)"), message);
    }

    @Test
    void selectionOfNothingIsAnErrorThatListsTheParameters() {
        for (WeightSelector.Builder selector :
                List.of(selector().exclude("weight"), selector().exclude("."))) {
            String message = errorOf(selector, MODEL);
            assertTrue(message.contains("selects no weight"), message);
            assertTrue(message.contains("01Conv2d_weight(8, 1, 3, 3)"), message);
        }
        String message = errorOf(selector(), MODEL.subList(1, 4));
        assertTrue(message.contains("01Conv2d_bias(8)"), message);
        assertTrue(errorOf(selector(), List.of()).contains("selects no weight"));
    }

    private static String errorOf(WeightSelector.Builder selector, List<TargetWeight> model) {
        return expectThrows(IllegalArgumentException.class, () -> selector.build().select(model))
                .getMessage();
    }

    @Test
    void invalidPatternIsAnErrorAtOnce() {
        expectThrows(PatternSyntaxException.class, () -> selector().include("("));
        expectThrows(PatternSyntaxException.class, () -> selector().exclude("("));
    }

    @Test
    void builderThatGoesOnDoesNotChangeASelectorThatIsBuilt() {
        WeightSelector.Builder builder = selector().exclude("^01");
        WeightSelector built = builder.build();
        builder.exclude("^04");
        assertEquals(built.select(MODEL).size(), 3);
        assertEquals(built.toString(), "[exclude(^01)]");
        assertEquals(WeightSelector.all().toString(), "all weights");
    }

    @Test
    void kernelsAndMatricesOfDjlsBlocksAreSelectedAndNothingElse() {
        try (NDManager manager = NDManager.newBaseManager()) {
            SequentialBlock convolutional =
                    new SequentialBlock()
                            .add(
                                    Conv2d.builder()
                                            .setKernelShape(new Shape(3, 3))
                                            .setFilters(2)
                                            .build())
                            .add(BatchNorm.builder().build())
                            .add(Linear.builder().setUnits(3).build())
                            .add(LayerNorm.builder().build());
            convolutional.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 5, 5));
            List<TargetWeight> parameters =
                    convolutional.getParameters().stream()
                            .map(pair -> new TargetWeight(pair.getKey(), pair.getValue(), "Any"))
                            .toList();
            List<TargetWeight> selected = WeightSelector.all().select(parameters);
            assertEquals(
                    selected.stream().map(TargetWeight::path).toList(),
                    List.of("01Conv2d_weight", "03Linear_weight"));
            LSTM lstm =
                    LSTM.builder().setStateSize(3).setNumLayers(1).optReturnState(false).build();
            lstm.initialize(manager, DataType.FLOAT32, new Shape(1, 2, 4));
            List<TargetWeight> recurrent =
                    lstm.getParameters().stream()
                            .map(pair -> new TargetWeight(pair.getKey(), pair.getValue(), "LSTM"))
                            .toList();
            // Input to hidden and hidden to hidden; the biases have one dimension.
            assertEquals(WeightSelector.all().select(recurrent).size(), 2);
        }
    }
}
