package dev.bonsai.core;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
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
            {
                "the weights of a block, without the rest",
                selector().includeBlockAt("05Linear"),
                List.of(linear1)
            },
            {
                "all but a block",
                selector().excludeBlockAt("04Conv2d"),
                List.of(conv1, linear1, linear2)
            },
            {
                "everything that is trained, and no statistics",
                selector().include(".*"),
                List.of(
                        conv1,
                        "01Conv2d_bias",
                        "02BatchNorm_gamma",
                        "03Prelu_alpha",
                        conv2,
                        linear1,
                        "05Linear_bias",
                        "06Odd_table",
                        linear2)
            },
            {
                "whatever a predicate says, no statistics",
                selector().include(weight -> weight.path().startsWith("02")),
                List.of("02BatchNorm_gamma")
            },
        };
    }

    @Test(dataProvider = "selections")
    void firstRuleThatMatchesDecides(
            String what, WeightSelector.Builder selector, List<String> expected) {
        List<TargetWeight> selected = selector.build().select(MODEL);
        assertEquals(selected.stream().map(TargetWeight::path).toList(), expected, what);
    }

    @DataProvider
    Object[][] orders() {
        return new Object[][] {
            {List.of(0), List.of(9), List.of("04Conv2d_weight", "05Linear_weight")},
            {List.of(5), List.of(6, 9), List.of("01Conv2d_weight")},
            {
                List.of(),
                List.of(6),
                List.of("01Conv2d_weight", "04Conv2d_weight", "07Linear_weight")
            },
        };
    }

    @Test(dataProvider = "orders")
    void firstAndLastAreThoseOfTheExecution(
            List<Integer> first, List<Integer> last, List<String> expected) {
        ExecutionOrder order = new ExecutionOrder(at(first), at(last));
        List<TargetWeight> selected = selector().excludeFirstAndLast().build().select(MODEL, order);
        assertEquals(selected.stream().map(TargetWeight::path).toList(), expected);
    }

    private static Set<TargetWeight> at(List<Integer> indices) {
        return indices.stream().map(MODEL::get).collect(Collectors.toSet());
    }

    @Test
    void rulesAreTextsThatMakeAnEqualSelector() {
        WeightSelector selector =
                selector()
                        .exclude("(a|b)$")
                        .excludeBlock("Conv2d")
                        .excludeBlockAt("02Block")
                        .excludeFirstAndLast()
                        .includeBlockAt("03Block")
                        .includeBlock("Linear")
                        .include("weight")
                        .build();
        WeightSelector.Builder again = selector();
        selector.getRules().forEach(again::addRule);
        assertEquals(again.build(), selector);
        assertEquals(again.build().hashCode(), selector.hashCode());
        assertEquals(selector.getRules().get(0), "exclude((a|b)$)");
        assertEquals(selector.getRules().get(3), "excludeFirstAndLast");
        assertNotEquals(selector, selector().exclude("(a|b)$").build());
        for (String wrong : List.of("", "exclude", "excludeFirstAndLast()", "leaveOut(a)", "(a)")) {
            expectThrows(IllegalArgumentException.class, () -> selector().addRule(wrong));
        }
        expectThrows(
                IllegalStateException.class,
                () -> selector().include(weight -> true).build().getRules());
    }

    @DataProvider
    Object[][] types() {
        return new Object[][] {
            {DataType.FLOAT32},
            {DataType.FLOAT64},
            {DataType.FLOAT16},
            {DataType.INT64},
            {DataType.INT32},
            {DataType.UINT8},
            {DataType.BOOLEAN},
        };
    }

    @Test(dataProvider = "types")
    void nothingButFloatsOf32BitsIsSelected(DataType type) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Parameter table = Parameter.builder().setName("t").setType(WEIGHT).build();
            table.setArray(manager.zeros(new Shape(2, 2), type));
            List<TargetWeight> model = new ArrayList<>(MODEL);
            model.add(new TargetWeight("08Odd_weight", table, "Odd"));
            boolean target = type == DataType.FLOAT32;
            List<String> all =
                    selector().include(weight -> true).build().select(model).stream()
                            .map(TargetWeight::path)
                            .toList();
            assertEquals(all.contains("08Odd_weight"), target, type.toString());
            if (!target) {
                String message = errorOf(selector().include("^08"), model);
                assertTrue(message.contains("08Odd_weight(2, 2) " + type), message);
            }
        }
    }

    @DataProvider
    Object[][] states() {
        List<Object[]> rows = new ArrayList<>();
        for (Parameter.Type type : Parameter.Type.values()) {
            for (boolean frozen : new boolean[] {false, true}) {
                rows.add(new Object[] {type, frozen});
            }
        }
        return rows.toArray(Object[][]::new);
    }

    /** A weight that is frozen for a while is a weight; state of a block's own is none. */
    @Test(dataProvider = "states")
    void stateThatIsNotTrainedIsNeverSelected(Parameter.Type type, boolean frozen) {
        TargetWeight parameter = target("x", "Odd", type, 2, 2);
        parameter.parameter().freeze(frozen);
        boolean state =
                switch (type) {
                    case RUNNING_MEAN, RUNNING_VAR -> true;
                    case OTHER -> frozen;
                    default -> false;
                };
        assertEquals(parameter.isTarget(), !state);
        if (state) {
            String message = errorOf(selector().include("x"), List.of(parameter));
            assertTrue(message.contains("x(2, 2) (not trained)"), message);
        } else {
            assertEquals(
                    selector().include("x").build().select(List.of(parameter)), List.of(parameter));
        }
    }

    @Test
    void anErrorNamesTheFirstParametersAndTheCountOfTheOthers() {
        List<TargetWeight> many = new ArrayList<>();
        for (int i = 0; i < 1000; ++i) {
            many.add(target("layer" + i + "_weight", "Linear", WEIGHT, 2, 2));
        }
        String message = errorOf(selector().include("none"), many);
        assertTrue(message.contains("layer39_weight(2, 2)] and 960 more"), message);
        assertTrue(message.length() < 2000, message.length() + " characters");
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
