package dev.bonsai.file;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.ScaleLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.testng.SkipException;
import org.testng.annotations.Test;

/** The page docs/format.md, the reader in Python and the files in src/test/resources agree. */
public class FormatTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @Test
    public void goldenFilesAreReadAsTheyWereMade() throws IOException {
        for (Map.Entry<String, BonsaiModel> each : GoldenFiles.all().entrySet()) {
            BonsaiModel read = BonsaiFile.read(file(each.getKey()));
            Samples.assertSame(read, each.getValue());
        }
    }

    @Test
    public void aReaderOfThePageAloneReadsTheSame() throws Exception {
        List<String> arguments = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (Map.Entry<String, BonsaiModel> each : GoldenFiles.all().entrySet()) {
            arguments.add(file(each.getKey()).toString());
            expected.add(line(each.getValue().weights().get(0)));
        }
        assertEquals(python(arguments), expected);
    }

    /** Returns what the reader in Python says. */
    static List<String> python(List<String> arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("python3", "src/test/python/read_bonsai.py"));
        command.addAll(arguments);
        Process python;
        try {
            python = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new SkipException("needs python3 on the path: " + e.getMessage());
        }
        String out = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(python.waitFor(), 0, out);
        return out.lines().toList();
    }

    @Test
    public void theExampleOfThePageIsAFile() throws IOException {
        GridWeight weight =
                new GridWeight(
                        new int[] {2, 2},
                        3,
                        ScaleLayout.perTensor(4),
                        new int[] {1, 0, -1, 1},
                        new float[] {0.5f},
                        new int[1]);
        BonsaiModel model =
                new BonsaiModel(
                        List.of(new NamedWeight("w", NamedWeight.Role.WEIGHT, weight)),
                        List.of(new int[] {-1, 2}));
        assertEquals(
                digits("## An example of version 1"),
                hex(BonsaiFile.encode(model, FileForm.PACKED)));
    }

    /** Returns the digits of an example of the page. */
    static String digits(String title) throws IOException {
        String page = Files.readString(Path.of("docs/format.md"));
        StringBuilder digits = new StringBuilder();
        for (String line : fenced(page.substring(page.indexOf(title))).lines().toList()) {
            digits.append(line.replaceAll("  .*", "").replace(" ", "")); // what follows explains
        }
        return digits.toString();
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static String fenced(String text) {
        int begin = text.indexOf("```") + 3;
        return text.substring(begin, text.indexOf("```", begin));
    }

    /** The number that the page gives a role. */
    private static int role(NamedWeight.Role role) {
        return switch (role) {
            case WEIGHT -> 0;
            case BIAS -> 1;
            case OTHER -> 2;
        };
    }

    static Path file(String name) {
        return GOLDEN.resolve(name + ".bonsai");
    }

    /** What the script prints; kind and coding are those of the file's name. */
    private static String line(NamedWeight named) {
        String path = named.path();
        String kind = path.substring(0, path.indexOf('-')).replace("symmetric", "grid");
        String coding = path.substring(path.lastIndexOf('-') + 1);
        int kindNumber = List.of("dense", "grid", "codebook", "short", "exact").indexOf(kind);
        int codingNumber = List.of("plain", "bitmap", "gaps", "nonzero").indexOf(coding);
        assertTrue(kindNumber >= 0 && codingNumber >= 0, path);
        String shape = Arrays.toString(named.value().shape()).replace(" ", "");
        return String.join(
                " ",
                path,
                Integer.toString(role(named.role())),
                Integer.toString(kindNumber),
                Integer.toString(codingNumber),
                shape,
                numbers(named.value()));
    }

    static String numbers(EncodedWeight weight) {
        List<String> numbers = new ArrayList<>();
        if (weight instanceof ExactWeight exact) {
            int width = exact.type().bytes();
            for (int i = 0; i < exact.size(); ++i) {
                long number = 0;
                for (int j = width - 1; j >= 0; --j) {
                    number = (number << 8) | (exact.data()[i * width + j] & 0xff);
                }
                numbers.add(Long.toHexString(number));
            }
        } else {
            for (float value : weight.decode()) {
                numbers.add(Integer.toHexString(Float.floatToRawIntBits(value)));
            }
        }
        return String.join(" ", numbers);
    }
}
