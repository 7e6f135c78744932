package dev.bonsai.cli;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.npy.NpyFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/**
 * Whatever is wrong with what a command is given: status 2, one line, and no trace unless wanted.
 */
public class WrongInputTest {

    private Path folder;
    private Path bonsai;
    private Path onnx;
    private Path row;

    @BeforeClass
    public void writeFiles() throws Exception {
        folder = Files.createTempDirectory("bonsai");
        bonsai = SmallModels.write(folder.resolve("good.bonsai"), SmallModels.layers());
        onnx = SmallModels.writeOnnx(folder.resolve("good.onnx"), SmallModels.layers());
        row = folder.resolve("row.npy");
        NpyFile.write(row, SmallModels.random(1, 2, 64));
    }

    /** A file of each way to be wrong, for models of an ending. */
    private Map<String, Path> wrongModels(String ending) throws Exception {
        Path good = ending.equals("onnx") ? onnx : bonsai;
        byte[] bytes = Files.readAllBytes(good);
        Map<String, Path> wrong = new TreeMap<>();
        wrong.put("missing", folder.resolve("missing." + ending));
        wrong.put("empty", put("empty." + ending, new byte[0]));
        wrong.put("cut", put("cut." + ending, Arrays.copyOf(bytes, bytes.length / 2)));
        wrong.put("noise", put("noise." + ending, noise(bytes.length)));
        wrong.put("ending", put("ending.txt", bytes));
        wrong.put("none", put("none", bytes));
        wrong.put("folder", Files.createDirectories(folder.resolve("folder." + ending)));
        return wrong;
    }

    private Path put(String name, byte[] bytes) throws Exception {
        return Files.write(folder.resolve(name), bytes);
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(1).nextBytes(noise);
        return noise;
    }

    private Object[] command(String name, Path model) {
        Path to = folder.resolve("to");
        return switch (name) {
            case "inspect" -> new Object[] {"inspect", model};
            case "predict" -> new Object[] {"predict", model, row};
            case "unpack" -> new Object[] {"unpack", model, "--out", to};
            case "qr" -> new Object[] {"qr", model, "--to", to + ".png"};
            case "export" -> new Object[] {"export", model, "--to", to + ".onnx"};
            case "import" -> new Object[] {"import", model, "--to", to + ".bonsai"};
            case "compress" -> new Object[] {"compress", model, "--out", to};
            default -> throw new IllegalArgumentException(name);
        };
    }

    @DataProvider
    Object[][] models() throws Exception {
        List<Object[]> cases = new ArrayList<>();
        for (String ending : List.of("bonsai", "onnx")) {
            for (Map.Entry<String, Path> wrong : wrongModels(ending).entrySet()) {
                for (String name :
                        List.of(
                                "inspect",
                                "predict",
                                "unpack",
                                "qr",
                                "export",
                                "import",
                                "compress")) {
                    cases.add(new Object[] {name, wrong.getKey(), wrong.getValue()});
                }
            }
        }
        return cases.toArray(new Object[0][]);
    }

    @Test(dataProvider = "models")
    public void aWrongModelIsOneLine(String name, String why, Path model) {
        assertRefused(command(name, model));
    }

    @DataProvider
    Object[][] inputs() throws Exception {
        Path cut = put("cut.npy", Arrays.copyOf(Files.readAllBytes(row), 200));
        Path narrow = folder.resolve("narrow.npy");
        NpyFile.write(narrow, SmallModels.random(1, 2, 63));
        Path deep = folder.resolve("deep.npy");
        NpyFile.write(deep, new DenseWeight(new int[] {1, 1, 1, 64}, new float[64]));
        Path none = folder.resolve("none.npy");
        NpyFile.write(none, new DenseWeight(new int[] {0, 64}, new float[0]));
        Path scalar = folder.resolve("scalar.npy");
        NpyFile.write(scalar, new DenseWeight(new int[0], new float[1]));
        List<Object> wrong =
                List.of(
                        cut,
                        narrow,
                        deep,
                        none,
                        scalar,
                        put("short.csv", "1,2,3\n".getBytes(StandardCharsets.UTF_8)),
                        put(
                                "text.csv",
                                ("a,b\n" + "x,".repeat(63) + "x\n")
                                        .getBytes(StandardCharsets.UTF_8)),
                        put("binary.csv", noise(1000)),
                        put("empty.csv", new byte[0]),
                        put("quote.csv", "\"1,2\n".getBytes(StandardCharsets.UTF_8)),
                        put("noise.png", noise(100)),
                        put("noise.txt", noise(100)),
                        folder.resolve("missing.npy"),
                        Files.createDirectories(folder.resolve("empty")),
                        "y=" + row,
                        "");
        return wrong.stream().map(input -> new Object[] {input}).toArray(Object[][]::new);
    }

    @Test(dataProvider = "inputs")
    public void aWrongInputIsOneLine(Object input) {
        assertRefused("predict", bonsai, input);
        assertRefused("compress", onnx, "--out", folder.resolve("to"), "--calibrate", input);
        assertRefused(
                "export",
                bonsai,
                "--to",
                folder.resolve("to.onnx"),
                "--int8",
                "--calibrate",
                input);
    }

    @DataProvider
    Object[][] options() {
        return new Object[][] {
            {"compress", "--bits", "1"},
            {"compress", "--bits", "17"},
            {"compress", "--bits", "x"},
            {"compress", "--group", "0"},
            {"compress", "--sparsity", "1"},
            {"compress", "--sparsity", "-0.1"},
            {"compress", "--sparsity", "NaN"},
            {"compress", "--samples", "0"},
            {"compress", "--seed", "-1"},
            {"compress", "--scale", "0"},
            {"compress", "--bit", "4"},
            {"predict", "--top", "0"},
            {"predict", "--mean", "a,b"},
            {"predict", "--std", "1,0"},
            {"predict", "--out", "values.txt"},
            {"inspect", "--show", "all"},
            {"export", "--to", "model.txt"},
            {"export", "--calibrate", "row.npy"},
            {"import", "--to", "model.onnx"},
            {"qr", "--to", "model.jpg"},
        };
    }

    @Test(dataProvider = "options")
    public void aWrongOptionIsOneLine(String name, String option, String value) {
        boolean takesOnnx = name.equals("import") || name.equals("compress");
        List<Object> args = new ArrayList<>(List.of(command(name, takesOnnx ? onnx : bonsai)));
        int place = args.indexOf(option);
        if (place >= 0) {
            args.set(place + 1, value);
        } else {
            args.addAll(List.of(option, value));
        }
        assertRefused(args.toArray());
    }

    @Test
    public void aFolderThatCanNotBeWrittenIsOneLine() {
        for (String name : List.of("unpack", "compress")) {
            assertRefused(name, onnx, "--out", bonsai.resolve("below"));
        }
    }

    private static void assertRefused(Object... args) {
        CliRun run = CliRun.of(args);
        assertEquals(run.status(), 2, run.out() + run.err());
        assertEquals(run.err().lines().count(), 1, run.err());
        assertFalse(run.err().matches("(?s)[\\w.]*Exception.*"), run.err());
        Object[] verbose = Arrays.copyOf(args, args.length + 1);
        verbose[args.length] = "--verbose";
        CliRun traced = CliRun.of(verbose);
        assertEquals(traced.status(), 2);
        assertEquals(traced.err().lines().findFirst(), run.err().lines().findFirst());
        assertTrue(traced.err().contains("\tat "), traced.err());
    }
}
