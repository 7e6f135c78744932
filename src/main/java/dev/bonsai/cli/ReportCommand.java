package dev.bonsai.cli;

import dev.bonsai.command.Printer;
import dev.bonsai.page.ComparisonPage;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows several runs on one page. */
@Command(name = "report", description = "Compares runs by their reports, on one page.")
final class ReportCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "The report.json of a run, or the folder that it lies in.")
    private List<Path> files;

    @Option(
            names = "--to",
            paramLabel = "PAGE",
            defaultValue = "comparison.html",
            description = "The page to write (default: ${DEFAULT-VALUE}).")
    private Path to;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        ComparisonPage.write(files, to);
        Printer printer = Printer.of(spec);
        printer.say("Written: " + to);
        printer.next("open " + to + " in a browser");
        return 0;
    }
}
