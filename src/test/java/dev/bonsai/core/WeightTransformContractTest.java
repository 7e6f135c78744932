package dev.bonsai.core;

import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.encoding.EncodedWeight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.function.UnaryOperator;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The contract accepts the identity and refuses a transform for every clause that it breaks. */
public class WeightTransformContractTest {

    private static final Shape SHAPE = new Shape(2, 4);
    private static final float[] VALUES = {0.5f, -1, 2, -0.25f, 3, 1.5f, -2, 0.75f};

    private NDManager manager;
    private NDArray outside;

    @BeforeClass
    void open() {
        manager = NDManager.newBaseManager();
        outside = manager.ones(SHAPE);
    }

    @AfterClass
    void close() {
        manager.close();
    }

    @Test
    void theIdentityFulfilsTheContract() {
        check(w -> w.add(0), e -> e);
    }

    @DataProvider
    Object[][] broken() {
        return new Object[][] {
            {"the shape", op(w -> w.reshape(4, 2).add(0))},
            {"the type", op(w -> w.toType(DataType.FLOAT64, true))},
            {"the owner", op(w -> outside.mul(w).add(0))},
            {"left in the state's manager", op(w -> w.add(outside.mul(0)))},
            {"the latent weight", op(WeightTransformContractTest::overwrite)},
            {"the bits of +0", op(w -> w.add(w.eq(0)))},
            {"the bits of +0", op(w -> w.mul(1))},
            {"applying twice", op(w -> w.add(w.mul(w)))},
            {"the gradient", op(w -> w.add(w.sub(w.stopGradient())))},
        };
    }

    @Test(dataProvider = "broken")
    void aBrokenClauseIsFound(String clause, UnaryOperator<NDArray> apply) {
        String message =
                expectThrows(AssertionError.class, () -> check(apply, e -> e)).getMessage();
        assertTrue(message.contains(clause), message);
    }

    @Test
    void anEncodingOfOtherValuesIsFound() {
        String message =
                expectThrows(
                                AssertionError.class,
                                () -> check(w -> w.add(0), e -> e.masked(new BitSet())))
                        .getMessage();
        assertTrue(message.contains("the decoded encoding"), message);
    }

    @DataProvider
    Object[][] shared() {
        return new Object[][] {
            {"WeightTransformContract"}, {"RestorationContract"}, {"FakeProposal"}
        };
    }

    /** Users run the contract with the test framework of their choice. */
    @Test(dataProvider = "shared")
    void whatIsSharedNeedsNoTestFramework(String name) throws IOException {
        Path source = Path.of("src/test/java/dev/bonsai/core", name + ".java");
        String text = Files.readString(source);
        assertTrue(text.contains("public final class " + name), name);
        assertFalse(text.contains("testng"), name);
        assertTrue(Files.readString(Path.of("pom.xml")).contains("core/" + name), name);
    }

    private void check(UnaryOperator<NDArray> apply, UnaryOperator<EncodedWeight> encode) {
        WeightTransform transform =
                new WeightTransform() {
                    @Override
                    public NDArray apply(NDArray weight, ForwardPass pass) {
                        return apply.apply(weight);
                    }

                    @Override
                    public EncodedWeight encode(EncodedWeight weight, NDManager scratch) {
                        return encode.apply(weight);
                    }
                };
        WeightTransformContract.of(transform, manager, SHAPE, VALUES).check();
    }

    private static NDArray overwrite(NDArray weight) {
        weight.stopGradient().addi(1);
        return weight.add(0);
    }

    private static UnaryOperator<NDArray> op(UnaryOperator<NDArray> operator) {
        return operator;
    }
}
