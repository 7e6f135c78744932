package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What users may rely on is said: of each package how stable it is, and where null may be. */
public class ApiLawsTest {

    private static final Pattern ROW =
            Pattern.compile(
                    "^\\| `([\\w.]+)` \\| (stable|may change|internal) \\|", Pattern.MULTILINE);

    @Test
    void eachPublicPackageIsNullMarked() throws IOException, ClassNotFoundException {
        for (String name : ApiLaws.stability(LayoutTest.sources()).keySet()) {
            Class<?> info = Class.forName(name + ".package-info");
            assertTrue(info.isAnnotationPresent(NullMarked.class), name + " is @NullMarked");
        }
    }

    @Test
    void eachPublicPackageSaysHowStableItIsAsThePageDoes() throws IOException {
        Map<String, String> told = ApiLaws.stability(LayoutTest.sources());
        assertTrue(told.size() > 30, told.toString());
        Map<String, String> listed = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("docs", "stability.md")))
                .results()
                .forEach(row -> listed.put(row.group(1), row.group(2)));
        assertEquals(told, listed);
    }

    @Test
    void nullIsToldWhereItMayBe() throws IOException {
        assertEquals(String.join("\n", ApiLaws.untoldNulls(LayoutTest.sources())), "");
    }

    @DataProvider
    Object[][] packages() {
        return new Object[][] {
            {"/** A. <p>Stability: stable. */", "stable"},
            {"/** A. <p>Stability: may change with B. */", "may change"},
            {"/** A. <p>Stability: internal; B. */", "internal"},
            {"/** A. */", ""},
            {"/** A. <p>Stability: good. */", ""},
            {"/** A. <p>Stability: stable. <p>Stability: internal. */", ""},
        };
    }

    @Test(dataProvider = "packages")
    void whatAPackageTellsIsFound(String info, String expected) {
        Map<String, String> sources =
                Map.of("a/b/package-info.java", info, "a/b/C.java", "public record C() {}");
        assertEquals(ApiLaws.stability(sources), Map.of("a.b", expected));
        assertEquals(
                ApiLaws.stability(Map.of("a/b/C.java", "public sealed interface C {}")),
                Map.of("a.b", ""));
        assertEquals(ApiLaws.stability(Map.of("a/b/C.java", "record C() {}")), Map.of());
    }

    @DataProvider
    Object[][] members() {
        String told = "/** @return it, or null */ ";
        String untold = "/** @return it */ ";
        return new Object[][] {
            {told + "public @Nullable C c();", 0},
            {told + "public C c();", 1},
            {untold + "public @Nullable C c();", 1},
            {untold + "public C c();", 0},
            {told + "C c();", 0},
            {"/** @param c it; null for none */ protected void c(@Nullable C c) {}", 0},
            {"/** @param c it; null for none */ protected void c(C c) {}", 1},
            {"/** Not of null.\n * @return it */ public C c();", 0},
            {told + "@Deprecated public C c();", 1},
        };
    }

    @Test(dataProvider = "members")
    void nullThatIsNotToldIsFound(String member, int count) {
        List<String> found =
                ApiLaws.untoldNulls(Map.of("a/C.java", "\npublic class C {\n" + member + "\n}"));
        assertEquals(found.size(), count, found.toString());
        String beside = "\nclass C {\n" + member + "\n}";
        assertEquals(ApiLaws.untoldNulls(Map.of("a/C.java", beside)), List.of());
    }

    @Test
    void membersOfInterfacesAreSeenWithoutTheWord() {
        String text = "\npublic interface C {\n/** @return it, or null */ C c();\n}";
        assertEquals(ApiLaws.untoldNulls(Map.of("a/C.java", text)).size(), 1);
    }
}
