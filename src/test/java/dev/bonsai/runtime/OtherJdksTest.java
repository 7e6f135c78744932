package dev.bonsai.runtime;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.Cross;
import dev.bonsai.Jdks;
import dev.bonsai.runtime.arithmetic.FunctionTest;
import dev.bonsai.runtime.arithmetic.ProductTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What runs on this JDK runs on every other that lies beside it, and computes the same. */
public class OtherJdksTest {

    private static final List<Class<?>> TESTS =
            List.of(
                    FunctionTest.class,
                    KernelLawTest.class,
                    PlainModelTest.class,
                    ProductTest.class,
                    NoReflectionTest.class,
                    SparesTest.class,
                    TensorTest.class);

    /**
     * The Vector API does not say in which order it sums the elements of a vector, which softmax
     * and normalisations do: far above the rounding of sums, far below a wrong result.
     */
    private static final double VECTORS_PART = 1e-6;

    @DataProvider
    Object[][] others() throws IOException {
        Path own = Jdks.own();
        return Cross.of(
                Jdks.all().stream().filter(home -> !home.equals(own)).toArray(),
                new Object[] {List.of(), List.of(Jdks.VECTORS)});
    }

    @Test(dataProvider = "others")
    void testsOfTheRuntimePass(Path jdk, List<String> options) throws Exception {
        Jdks.test(jdk, options, TESTS);
    }

    /** The interpreter's results and those of compiled code. */
    @Test(dataProvider = "others")
    void wholeModelsComputeTheSame(Path jdk, List<String> options) throws Exception {
        String program = WholeModels.class.getName();
        List<String> own = Jdks.run(Jdks.own(), options, program).lines().toList();
        List<String> found = Jdks.run(jdk, options, program).lines().toList();
        assertEquals(own.size(), options.isEmpty() ? 3 : 6);
        assertEquals(found.size(), own.size());
        for (int i = 0; i < own.size(); ++i) {
            boolean plain = own.get(i).startsWith("plain Java:");
            compare(found.get(i).split(":"), own.get(i).split(":"), plain ? 0 : VECTORS_PART);
        }
    }

    private static void compare(String[] found, String[] own, double part) {
        assertEquals(found[0] + found[1], own[0] + own[1]);
        String[] numbers = own[2].split(" ", -1);
        String[] others = found[2].split(" ", -1);
        assertEquals(others.length, numbers.length);
        double largest = 0;
        for (String number : numbers) {
            largest = Math.max(largest, Math.abs(Float.parseFloat(number)));
        }
        assertTrue(largest > 0.01 && largest < 100, own[1] + " is alive: " + largest);
        for (int i = 0; i < numbers.length; ++i) {
            double difference = Float.parseFloat(others[i]) - Float.parseFloat(numbers[i]);
            assertTrue(
                    Math.abs(difference) <= part * largest,
                    own[1] + ", number " + i + ": " + others[i] + " and " + numbers[i]);
        }
    }
}
