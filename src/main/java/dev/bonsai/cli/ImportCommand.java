package dev.bonsai.cli;

import dev.bonsai.command.Printer;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.ByteLedger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes an ONNX file as a {@code .bonsai} file, with the weights as they are. */
@Command(
        name = "import",
        description =
                "Writes an ONNX file as a .bonsai file that plain Java runs. The weights stay as"
                        + " they are.")
final class ImportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "model.onnx", description = "The ONNX file.")
    private Path onnx;

    @Option(
            names = "--to",
            paramLabel = "FILE",
            required = true,
            description = "The .bonsai file to write.")
    private Path to;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        ModelFile.expect(to, ModelFile.Kind.BONSAI, "the result");
        ModelFile model = ModelFile.readOnnx(onnx);
        ByteLedger ledger = BonsaiFile.write(to, model.content());
        Printer printer = Printer.of(spec);
        printer.say(
                String.format(
                        Locale.ROOT,
                        "%s, %,d bytes -> %s, %,d bytes: %d operators, %d weights",
                        onnx,
                        Files.size(onnx),
                        to,
                        ledger.total(),
                        model.graph().graph().nodes().size(),
                        model.content().weights().size()));
        printer.next("bonsai inspect " + to + ", or bonsai compress " + onnx);
        return 0;
    }
}
