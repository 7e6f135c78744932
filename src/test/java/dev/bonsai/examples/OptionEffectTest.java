package dev.bonsai.examples;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.bonsai.examples.data.SmallData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Each option of each command changes what it says it does: none is taken and forgotten. */
public class OptionEffectTest {

    private Path folder;
    private Path data;
    private int runs;

    @BeforeClass
    public void makeData() throws Exception {
        folder = Files.createTempDirectory("bonsai");
        data = SmallData.write(folder.resolve("data"), 1);
    }

    /** What a run left: the folder of its results and what it printed. */
    private record Left(Path out, String printed) {

        JsonObject report() {
            return json("report.json");
        }

        JsonObject json(String name) {
            return JsonParser.parseString(text(name)).getAsJsonObject();
        }

        String text(String name) {
            try {
                return Files.readString(out.resolve(name));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Object denseChecksum() {
            return json("dense.json").get("sha256");
        }

        Object aim() {
            return printed.lines().filter(line -> line.startsWith("Compression to ")).toList();
        }

        Object epochLines(String of) {
            return printed.lines()
                    .filter(line -> line.startsWith("epoch "))
                    .filter(line -> line.contains(of))
                    .count();
        }

        Object rows() {
            return printed.lines().filter(line -> line.startsWith("seed ")).count();
        }
    }

    private Left run(String command, String... options) {
        List<String> args = new ArrayList<>(command.isEmpty() ? List.of() : List.of(command));
        args.addAll(List.of(options));
        if (!args.contains("--dataset") && !args.contains("--data")) {
            args.addAll(List.of("--data", data.toString()));
        }
        Path out = folder.resolve("run" + ++runs);
        if (args.contains("--out")) {
            out = Path.of(args.get(args.indexOf("--out") + 1));
        } else {
            args.addAll(List.of("--out", out.toString()));
        }
        if (!args.contains("--network")) {
            args.addAll(List.of("--network", "tiny"));
        }
        if (!args.contains("--dense-epochs") && !args.contains("--dense")) {
            args.addAll(List.of("--dense-epochs", "1"));
        }
        CommandRun run = CommandRun.of(args.toArray(new String[0]));
        assertEquals(run.status(), 0, args + " " + run.err());
        return new Left(out, run.out());
    }

    /** A case: command, option, one value, another, what differs, what must not be there else. */
    private static Object[] of(
            String command,
            String option,
            String one,
            String two,
            Function<Left, Object> observed,
            String... rest) {
        return new Object[] {command, option, one, two, observed, rest};
    }

    private static Function<Left, Object> report(String name) {
        return left -> left.report().get(name);
    }

    private static Function<Left, Object> fact(String name) {
        return left -> left.report().getAsJsonObject("facts").get(name);
    }

    @DataProvider
    public Object[][] effects() throws Exception {
        String other = SmallData.write(folder.resolve("other"), 7).toString();
        String here = folder.resolve("here").toString();
        String there = folder.resolve("there").toString();
        Left small = run("", "--epochs", "1");
        Left seeded = run("", "--epochs", "1", "--seed", "9");
        String[] main = {"--epochs", "1"};
        String[] search = {"--trials", "1"};
        String[] strategies = {"--epochs", "1", "--only", "int8"};
        return new Object[][] {
            of("", "--dataset", "digits", null, fact("dataset"), main),
            of("", "--data", data.toString(), other, fact("fingerprint"), main),
            of("", "--network", "tiny", "lenet300", fact("network"), main),
            of("", "--dense-epochs", "1", "2", Left::denseChecksum, main),
            of("", "--preset", "standard", "small", Left::aim, main),
            of(
                    "",
                    "--dense",
                    small.out().toString(),
                    seeded.out().toString(),
                    Left::denseChecksum,
                    main),
            of("", "--epochs", "1", "2", l -> l.epochLines("of 2")),
            of("", "--sparsity", "0.3", "0.6", report("trials"), main),
            of("", "--bits", "5", "8", report("trials"), main),
            of("", "--lambda", "0.5", null, report("trials"), main),
            of("", "--max-drop", "0", "1", report("sparsity"), main),
            of("", "--confidence", "0.99", null, report("trials"), main),
            of("", "--seed", "1", "2", Left::denseChecksum, main),
            of("", "--out", here, there, l -> l.printed().lines().toList(), main),
            of(
                    "",
                    "--checkpoints",
                    here + "c",
                    there + "c",
                    l -> Files.exists(Path.of(there + "c")),
                    main),
            of("", "--qr", "", null, l -> l.printed().contains("QR code: "), small()),
            of("search", "--dataset", "digits", null, Left::denseChecksum, search),
            of("search", "--data", data.toString(), other, Left::denseChecksum, search),
            of("search", "--network", "tiny", "lenet300", Left::denseChecksum, search),
            of("search", "--dense-epochs", "1", "2", Left::denseChecksum, search),
            of(
                    "search",
                    "--goal-bytes",
                    "10",
                    "9000",
                    l -> l.json("search.json").get("goalMet"),
                    search),
            of(
                    "search",
                    "--method",
                    "asynchronous",
                    "random",
                    l -> l.text("journal.jsonl").contains("\"asked\""),
                    search),
            of("search", "--trials", "1", "2", l -> l.text("journal.jsonl").lines().count()),
            of("search", "--seed", "1", "2", Left::denseChecksum, search),
            of(
                    "search",
                    "--out",
                    here + "s",
                    there + "s",
                    l -> l.printed().lines().toList(),
                    search),
            of("strategies", "--dataset", "digits", null, l -> l.printed(), strategies),
            of("strategies", "--data", data.toString(), other, l -> l.printed(), strategies),
            of("strategies", "--network", "tiny", "lenet300", l -> l.printed(), strategies),
            of("strategies", "--dense-epochs", "1", "2", l -> l.epochLines("of 2"), strategies),
            of("strategies", "--only", "int8", "int8,fp16", Left::rows, "--epochs", "1"),
            of("strategies", "--seeds", "1", "1,2", Left::rows, strategies),
            of("strategies", "--epochs", "1", "3", l -> l.epochLines("of 3"), "--only", "int8"),
            of(
                    "strategies",
                    "--out",
                    here + "t",
                    there + "t",
                    l -> Files.exists(Path.of(there + "t")),
                    strategies),
        };
    }

    @Test(dataProvider = "effects")
    public void theOptionHasAnEffect(
            String command,
            String option,
            String one,
            String two,
            Function<Left, Object> observed,
            String[] rest) {
        assertNotEquals(
                observed.apply(run(command, with(rest, option, one))),
                observed.apply(
                        two == null ? run(command, rest) : run(command, with(rest, option, two))));
    }

    /** What leaves a file that a QR code holds. */
    private static String[] small() {
        return new String[] {
            "--epochs", "1", "--sparsity", "0.9", "--bits", "2", "--max-drop", "1"
        };
    }

    private static String[] with(String[] rest, String option, String value) {
        List<String> args = new ArrayList<>(Arrays.asList(rest));
        args.addAll(value.isEmpty() ? List.of(option) : List.of(option, value));
        return args.toArray(new String[0]);
    }

    @Test
    public void everyOptionIsShownToHaveAnEffect() throws Exception {
        Set<String> shown =
                Arrays.stream(effects())
                        .map(row -> row[0] + " " + row[1])
                        .collect(Collectors.toCollection(TreeSet::new));
        // shown by ReuseTest.theTimeOfEarlierTrialsCountsTowardsTheMinutes and by MisuseTest, and
        // by RecipeOptionTest.eachValueOfTheRecipeCounts, and by SearchCommandOnSparkTest
        shown.addAll(List.of("search --minutes", " --recipe", "search --spark", "search --shared"));
        CommandLine main = Example.MNIST.newCommandLine();
        Set<String> there = new TreeSet<>(options("", main));
        main.getSubcommands().forEach((name, sub) -> there.addAll(options(name, sub)));
        assertEquals(shown, there);
        assertTrue(there.size() > 20, there.toString());
    }

    private static List<String> options(String command, CommandLine line) {
        return line.getCommandSpec().options().stream()
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .map(OptionSpec::longestName)
                .map(name -> command + " " + name)
                .toList();
    }
}
