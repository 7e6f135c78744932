package dev.bonsai.file;

import static dev.bonsai.file.Samples.i;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.NamedWeight.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.testng.Assert;
import org.testng.annotations.Test;

public class BonsaiModelTest {

    @Test
    public void aWeightIsFoundByItsPath() {
        BonsaiModel model = new BonsaiModel(List.of(weight("a"), weight("b")), List.of());
        Assert.assertSame(model.weight("b"), model.weights().get(1));
    }

    @Test(
            expectedExceptions = NoSuchElementException.class,
            expectedExceptionsMessageRegExp = "No parameter has the path 'c'.*\\[a, b\\]")
    public void anUnknownPathIsAnErrorThatListsTheKnown() {
        new BonsaiModel(List.of(weight("a"), weight("b")), List.of()).weight("c");
    }

    @Test
    public void elementsAreCountedWithTheirZeros() {
        Assert.assertEquals(
                new BonsaiModel(List.of(weight("a"), weight("b")), List.of()).elements(), 6);
    }

    @Test
    public void laterChangesToTheListsAndShapesDoNotReachTheModel() {
        List<NamedWeight> weights = new ArrayList<>(List.of(weight("a")));
        int[] shape = {-1, 4};
        BonsaiModel model = new BonsaiModel(weights, List.of(shape));
        weights.clear();
        shape[1] = 5;
        Assert.assertEquals(model.weights().size(), 1);
        Assert.assertEquals(model.inputShapes().get(0), i(BonsaiModel.FREE, 4));
        Assert.assertThrows(UnsupportedOperationException.class, () -> model.weights().remove(0));
    }

    @Test
    public void whatAFileCouldNotHoldIsRefused() {
        assertRefused("two have 'a'", List.of(weight("a"), weight("a")));
        assertRefused("surrogate", List.of(weight("\ud83c")));
        assertRefused("needs a path", List.of(weight(null)));
        assertRefused(
                "needs a path",
                List.of(new NamedWeight("a", null, new DenseWeight(i(1), new float[1]))));
        assertRefused("needs a path", List.of(new NamedWeight("a", Role.BIAS, null)));
        Assert.assertThrows(
                IllegalArgumentException.class, () -> new BonsaiModel(List.of(), List.of(i(-2))));
    }

    private static void assertRefused(String message, List<NamedWeight> weights) {
        IllegalArgumentException e =
                Assert.expectThrows(
                        IllegalArgumentException.class, () -> new BonsaiModel(weights, List.of()));
        Assert.assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    private static NamedWeight weight(String path) {
        return new NamedWeight(path, Role.WEIGHT, new DenseWeight(i(3), new float[3]));
    }
}
