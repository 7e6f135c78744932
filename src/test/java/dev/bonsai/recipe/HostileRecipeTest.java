package dev.bonsai.recipe;

import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** No file takes much time or memory, and whatever is in it, one exception says what is wrong. */
public class HostileRecipeTest {

    private static final RecipeFormat FORMAT = RecipeFormat.standard();

    /** Nine anchors, each a list of nine of the one before: 387 million values. */
    private static String laughs() {
        StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; ++i) {
            yaml.append("a").append(i).append(": &a").append(i).append(" [");
            yaml.append(("*a" + (i - 1) + ", ").repeat(8)).append("*a").append(i - 1).append("]\n");
        }
        return yaml.append("stages: *a8\n").toString();
    }

    private static String chain() {
        StringBuilder yaml = new StringBuilder("a0: &a0 {x: 1}\n");
        for (int i = 1; i < 100; ++i) {
            yaml.append("a" + i + ": &a" + i + " {x: *a" + (i - 1) + "}\n");
        }
        return yaml.toString();
    }

    @DataProvider
    Object[][] hostile() {
        return new Object[][] {
            {"[".repeat(200_000), "at most 32 levels"},
            {"{a: ".repeat(60_000), "at most 32 levels"},
            {"- ".repeat(100_000), "at most 32 levels"},
            {"? ".repeat(100_000), "at most 32 levels"},
            {laughs(), "at most 10000 values"},
            {chain(), "at most 32 levels"},
            {"stages: &a [*a]", "at most 32 levels"},
            {"a: [" + "1, ".repeat(20_000) + "1]", "at most 10000 values"},
            {"a: " + "9".repeat(200_000) + "\n", "There is no setting 'a'"},
            {"a: 1e999999999\n", "There is no setting 'a'"},
            {"a: 1e99999999999\n", "A number was expected"},
            {"seed: 1e999999999\nstages: []", "Expected a whole number"},
            {"k".repeat(1000) + ": 1", "There is no setting 'kkk"},
            {"a: 'b\u0007'", "no YAML"},
            {"%YAML 3.0\n---\na: 1", "no YAML"},
            {"!!java.net.URL [http://localhost]", "a mapping with the key 'stages'"},
            {"a: !!java.net.URL [http://localhost]", "There is no setting 'a'"},
            {"<<: {stages: []}", "There is no setting '<<'"},
            {"x".repeat(RecipeFormat.MOST_BYTES + 1), "no YAML"},
        };
    }

    @Test(dataProvider = "hostile", timeOut = 20_000)
    void itIsRefused(String yaml, String part) {
        RecipeException e =
                expectThrows(RecipeException.class, () -> FORMAT.parse(yaml, "recipe.yaml"));
        assertTrue(e.getMessage().contains(part), e.getMessage());
        assertTrue(e.getMessage().length() < 5000, "a message is read: " + e.getMessage().length());
    }

    @Test
    void aFileThatIsLongOrNoTextIsRefused() throws Exception {
        Path file = Files.createTempDirectory("bonsai").resolve("recipe.yaml");
        Files.write(file, new byte[RecipeFormat.MOST_BYTES + 1]);
        assertRefused(file, "at most 262,144 bytes");
        Files.write(file, new byte[] {'a', (byte) 0xff, (byte) 0xfe});
        assertRefused(file, "UTF-8");
    }

    private static void assertRefused(Path file, String part) {
        RecipeException e = expectThrows(RecipeException.class, () -> FORMAT.read(file));
        assertTrue(e.getMessage().startsWith(file + ":1:1: "), e.getMessage());
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    @Test
    void aChangedByteIsReadOrRefused() {
        byte[] whole = RecipeSamples.whole().toYaml().getBytes(StandardCharsets.UTF_8);
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 300; ++i) {
            byte[] changed = whole.clone();
            changed[random.nextInt(changed.length)] = (byte) (random.nextInt(96) + 32);
            try {
                FORMAT.parse(new String(changed, StandardCharsets.UTF_8), "recipe.yaml");
            } catch (RecipeException e) {
                ++refused;
            }
        }
        assertTrue(refused > 100, refused + " of 300 were refused");
    }
}
