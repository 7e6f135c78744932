package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.util.PairList;
import dev.bonsai.trace.TraceException;
import java.util.Map;
import java.util.function.Supplier;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Rounded activations are refused, with the reason, where they can't be had. */
public class ActivationRefusalTest extends RoundedTestBase {

    /** A block that its graph can't stand for, and what the message says. */
    private record Refused(Supplier<Block> block, String reason) {}

    private static final Map<String, Refused> REFUSED =
            Map.of(
                    "untraceable",
                    new Refused(
                            () ->
                                    Toy.mlp() instanceof SequentialBlock mlp
                                            ? mlp.add(
                                                    new LambdaBlock(
                                                            list ->
                                                                    new NDList(
                                                                            list.head().cumSum(1))))
                                            : null,
                            "can't be made"),
                    "labels",
                    new Refused(Labelled::new, "reads labels"),
                    "training",
                    new Refused(Asking::new, "something else in training"),
                    "no product",
                    new Refused(
                            () ->
                                    new FunctionBlock((x, values) -> x.mul(values.apply("factor")))
                                            .add("factor", 1, Toy.FEATURES),
                            "no product that integers can compute"));

    @DataProvider
    Object[][] refused() {
        return Cross.of(REFUSED.keySet().stream().sorted().toArray());
    }

    @Test(dataProvider = "refused")
    public void whatCanNotBeRoundedIsRefusedAndTheModelStaysAsItWas(String name) throws Exception {
        Refused refused = REFUSED.get(name);
        Block block = refused.block().get();
        CompressionListener listener = listener(quantization(4), eightBits());
        try (Model model = Toy.model(block)) {
            Map<String, float[]> before;
            try (Trainer trainer = toy.trainer(model, listener)) {
                before = Toy.parameters(block);
                IllegalArgumentException e =
                        expectThrows(IllegalArgumentException.class, () -> toy.fit(trainer, 1));
                assertTrue(e.getMessage().contains(refused.reason()), e.getMessage());
                assertEquals(e instanceof TraceException, !name.equals("no product"));
            }
            assertSame(model.getBlock(), block);
            assertSameBits(Toy.parameters(block), before);
        }
    }

    /** Adds the labels to the scores while it trains. */
    private static final class Labelled extends AbstractBlock {

        private final Block scores = addChildBlock("scores", Toy.mlp());

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> params) {
            return scores.forward(store, inputs, training);
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store, NDList data, NDList labels, PairList<String, Object> params) {
            return scores.forward(store, data, true);
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputs) {
            return scores.getOutputShapes(inputs);
        }

        @Override
        protected void initializeChildBlocks(
                NDManager manager, ai.djl.ndarray.types.DataType type, Shape... shapes) {
            scores.initialize(manager, type, shapes);
        }
    }

    /** Does something else while it trains. */
    private static final class Asking extends AbstractBlock {

        private final Block scores =
                addChildBlock(
                        "scores",
                        new SequentialBlock()
                                .add(Linear.builder().setUnits(Toy.CLASSES).build())
                                .add(Activation::tanh));

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> params) {
            NDList result = scores.forward(store, inputs, training);
            return training ? new NDList(result.head().mul(2)) : result;
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputs) {
            return scores.getOutputShapes(inputs);
        }

        @Override
        protected void initializeChildBlocks(
                NDManager manager, ai.djl.ndarray.types.DataType type, Shape... shapes) {
            scores.initialize(manager, type, shapes);
        }
    }

    @Test
    public void twoTechniquesThatRoundActivationsAreRefused() throws Exception {
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, listener(eightBits(), eightBits()))) {
            IllegalArgumentException e =
                    expectThrows(IllegalArgumentException.class, () -> toy.fit(trainer, 1));
            assertTrue(e.getMessage().contains("One technique rounds"), e.getMessage());
        }
    }

    @Test
    public void furtherArgumentsOfAPassAreRefusedWhereActivationsAreRounded() throws Exception {
        Engine.getInstance().setRandomSeed(1);
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, listener(eightBits()))) {
            toy.fit(trainer, 3);
            NDList point = new NDList(trainer.getManager().ones(new Shape(2, Toy.FEATURES)));
            ParameterStore store = new ParameterStore(trainer.getManager(), false);
            PairList<String, Object> params = new PairList<>();
            params.add("beam", 3);
            IllegalStateException e =
                    expectThrows(
                            IllegalStateException.class,
                            () -> model.getBlock().forward(store, point, false, params));
            assertTrue(e.getMessage().contains("beam"), e.getMessage());
        }
    }

    @Test
    public void aSensitivityAnalysisRefusesIt() {
        IllegalArgumentException e =
                expectThrows(
                        IllegalArgumentException.class,
                        () -> Sensitivity.builder().addProbe(eightBits()));
        assertTrue(e.getMessage().contains("network as a whole"), e.getMessage());
    }
}
