package dev.bonsai.runtime.arithmetic;

import static org.testng.Assert.assertEquals;

import dev.bonsai.Jdks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The arithmetic is chosen by the module, on this JDK and on every other that lies beside it. */
public class VectorModuleTest {

    @DataProvider
    Object[][] jdks() throws IOException {
        return Jdks.all().stream().map(path -> new Object[] {path}).toArray(Object[][]::new);
    }

    @Test(dataProvider = "jdks")
    void withoutTheModuleThereIsPlainJavaOnly(Path jdk) throws Exception {
        assertEquals(Jdks.run(jdk, List.of(), Main.class.getName()), "[plain Java]");
    }

    @Test(dataProvider = "jdks")
    void withTheModuleTheVectorApiComesFirst(Path jdk) throws Exception {
        String output = Jdks.run(jdk, List.of(Jdks.VECTORS), Main.class.getName());
        assertEquals(output.replaceAll("\\d+", "N"), "[Vector API, N bits, plain Java]");
    }

    /** Prints every arithmetic of its JVM. */
    static final class Main {

        private Main() {}

        public static void main(String[] arguments) {
            System.out.println(Arithmetic.all());
        }
    }
}
