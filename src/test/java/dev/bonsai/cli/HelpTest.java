package dev.bonsai.cli;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Help, versions and completion of all commands. */
public class HelpTest {

    private static final int COLUMNS = 80;

    private static Set<String> commands() {
        return BonsaiCommand.newCommandLine().getSubcommands().keySet();
    }

    @DataProvider
    Object[][] helps() {
        List<Object[]> cases = new ArrayList<>();
        for (String command : commands()) {
            cases.add(new Object[] {new String[] {command, "--help"}});
        }
        cases.add(new Object[] {new String[] {"--help"}});
        cases.add(new Object[] {new String[] {"mnist", "search", "--help"}});
        return cases.toArray(new Object[0][]);
    }

    @Test(dataProvider = "helps")
    public void helpFitsEightyColumnsAndHasNoHoles(String[] args) {
        String help = CliRun.of((Object[]) args).done();
        help.lines()
                .forEach(line -> assertTrue(line.length() <= COLUMNS, line.length() + ": " + line));
        assertFalse(help.contains("${") || help.contains("null"), help);
        assertTrue(help.contains("--verbose"), help);
        assertTrue(help.contains("--version"), help);
    }

    @Test
    public void helpNamesEachCommand() {
        String help = CliRun.of("--help").done();
        commands().forEach(command -> assertTrue(help.contains("\n  " + command + " "), command));
        assertTrue(
                commands()
                        .containsAll(
                                List.of(
                                        "mnist",
                                        "cifar",
                                        "embedding",
                                        "search",
                                        "compress",
                                        "import",
                                        "export",
                                        "inspect",
                                        "predict",
                                        "unpack",
                                        "qr")));
    }

    @Test
    public void eachOptionAndParameterIsDescribed() {
        BonsaiCommand.newCommandLine()
                .getSubcommands()
                .forEach(
                        (name, line) ->
                                line.getCommandSpec()
                                        .args()
                                        .forEach(
                                                arg ->
                                                        assertTrue(
                                                                arg.description().length > 0
                                                                        && !arg.description()[0]
                                                                                .isBlank(),
                                                                name + " " + arg)));
    }

    @Test
    public void theScriptCompletesEachCommandAndIsSoundForTheShell() throws Exception {
        String script = CliRun.of("completion").done();
        commands().forEach(command -> assertTrue(script.contains(command), command));
        Path file = Files.writeString(Files.createTempFile("bonsai", ".sh"), script);
        if (Files.isExecutable(Path.of("/bin/bash"))) {
            Process bash =
                    new ProcessBuilder("/bin/bash", "-c", "source " + file + "; complete -p bonsai")
                            .redirectErrorStream(true)
                            .start();
            String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(bash.waitFor(1, TimeUnit.MINUTES));
            assertEquals(bash.exitValue(), 0, said);
            assertTrue(said.contains("_complete_bonsai"), said);
        }
    }

    @Test
    public void noCommandIsMisuse() {
        CliRun run = CliRun.of();
        assertEquals(run.status(), 2);
        assertEquals(run.err().lines().count(), 1, run.err());
        Collection<String> near = List.of("inspect", "import");
        CliRun typo = CliRun.of("inspct");
        assertEquals(typo.status(), 2);
        assertTrue(near.stream().anyMatch(typo.err()::contains), typo.err());
    }
}
