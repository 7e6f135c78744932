package dev.bonsai.recipe;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotSame;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.training.loss.Loss;
import dev.bonsai.CompressionListener;
import dev.bonsai.recipe.NamedStrategy.Pace;
import dev.bonsai.recipe.NamedStrategy.Reach;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.testng.annotations.Test;

public class StrategyCatalogueTest {

    private final List<NamedStrategy> all = StrategyCatalogue.of(55_000);

    @Test
    void namesDiffer() {
        Set<String> names = new HashSet<>(all.stream().map(NamedStrategy::name).toList());
        assertEquals(names.size(), all.size());
        assertTrue(names.containsAll(List.of("int4", "magnitude", "2:4", "prune-share")));
    }

    @Test
    void aListenerCanBeBuiltOfEach() {
        for (NamedStrategy strategy : all) {
            CompressionListener.builder().addTechniques(strategy.techniques()).build();
            assertNotSame(strategy.newLoss(), strategy.newLoss(), "a loss serves one training");
        }
    }

    @Test
    void aNetworkWithoutInnerLayersHasFewer() {
        List<String> inner =
                all.stream()
                        .filter(strategy -> strategy.reach() == Reach.INNER_LAYERS)
                        .map(NamedStrategy::name)
                        .toList();
        assertEquals(
                inner,
                List.of("channel", "ternary", "ternary-trained", "binary", "binary-stochastic"));
    }

    @Test
    void weightSharingMovesAtATenthOfTheRate() {
        for (NamedStrategy strategy : all) {
            boolean shares = strategy.name().startsWith("sharing");
            assertEquals(strategy.pace(), shares ? Pace.TENTH : Pace.USUAL, strategy.name());
            assertEquals(strategy.learningRate(1e-3f), shares ? 1e-3f / 10 : 1e-3f);
        }
    }

    @Test
    void aStrategyHasANameAndATechnique() {
        for (NamedStrategy strategy : all.subList(0, 1)) {
            expectThrows(IllegalArgumentException.class, () -> named(" ", strategy));
            expectThrows(
                    IllegalArgumentException.class,
                    () ->
                            new NamedStrategy(
                                    "none",
                                    List.of(),
                                    Reach.EVERY_LAYER,
                                    Pace.USUAL,
                                    Loss::softmaxCrossEntropyLoss));
        }
    }

    private static NamedStrategy named(String name, NamedStrategy strategy) {
        return new NamedStrategy(
                name, strategy.techniques(), strategy.reach(), strategy.pace(), strategy.losses());
    }
}
