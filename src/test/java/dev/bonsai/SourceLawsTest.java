package dev.bonsai;

import static org.testng.Assert.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What the sources may call: they keep to {@link SourceLaws}, and the laws can fail. */
public class SourceLawsTest {

    @Test
    void sourcesKeepToTheLaws() throws IOException {
        assertEquals(String.join("\n", SourceLaws.violations(LayoutTest.sources())), "");
    }

    @DataProvider
    Object[][] forbidden() {
        return new Object[][] {
            {"String.format(\"%d\", 1)"},
            {"String\n.format(\n\"%d\", 1)"},
            {"String.format(locale, \"%d\", 1)"},
            {"\"%d\".formatted(1)"},
            {"out.printf(\"%d\", 1)"},
            {"new Formatter()"},
            {"name.toLowerCase()"},
            {"Files.writeString(file, text)"},
            {"Files.write(file, bytes)"},
            {"new FileOutputStream(file)"},
            {"Files.newOutputStream(file)"},
        };
    }

    @Test(dataProvider = "forbidden")
    void forbiddenCallIsFound(String code) {
        assertEquals(violations(code).size(), 1);
    }

    @DataProvider
    Object[][] allowed() {
        return new Object[][] {
            {"String.format(Locale.ROOT, \"%d\", 1)"},
            {"String.format(\nLocale.ROOT, \"%d\", 1)"},
            {"out.printf(Locale.ROOT, \"%d\", 1)"},
            {"name.toLowerCase(Locale.ROOT)"},
            {"// String.format(\"%d\", 1)"},
            {"\"String.format(\""},
            {"AtomicFile.replace(file, bytes)"},
        };
    }

    @Test(dataProvider = "allowed")
    void allowedCallIsNoViolation(String code) {
        assertEquals(violations(code), List.of());
    }

    private static List<String> violations(String code) {
        return SourceLaws.violations(Map.of("dev/bonsai/examples/Made.java", code));
    }

    @DataProvider
    Object[][] arrays() {
        return new Object[][] {
            {"pruning/Made", "manager.create(values)", 1},
            {"sharing/Made", "weight.getManager()\n.create(0f)", 1},
            {"distillation/Made", "owner.create(values, shape)", 1},
            {"pruning/Made", "manager.create(new Shape(3))", 0},
            {"pruning/Made", "manager.create(shape)", 0},
            {"core/Tensors", "owner.create(values, shape)", 0},
            {"kernel/Made", "manager.create(values)", 0},
        };
    }

    @Test(dataProvider = "arrays")
    void arraysOfJavaMemoryAreFoundWhereGraphsAreBuilt(String file, String code, int count) {
        List<String> found = SourceLaws.violations(Map.of("dev/bonsai/" + file + ".java", code));
        assertEquals(found.size(), count, found.toString());
    }
}
