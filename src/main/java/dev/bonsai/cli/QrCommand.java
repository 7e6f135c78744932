package dev.bonsai.cli;

import dev.bonsai.command.InputException;
import dev.bonsai.command.Printer;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.qr.QrCode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws a file as a QR code. */
@Command(
        name = "qr",
        description = "Draws a .bonsai file of at most 2,953 bytes as a QR code, with all of it.")
final class QrCommand implements Callable<Integer> {

    private static final String PNG = ".png";

    @Parameters(paramLabel = "FILE", description = "The .bonsai file.")
    private Path file;

    @Option(
            names = "--to",
            paramLabel = "PICTURE",
            description = "The .png file to write (default: beside the model, by its name).")
    private Path to;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        ModelFile.expect(file, ModelFile.Kind.BONSAI, "the model");
        BonsaiFile.read(file); // a damaged file is of no use to anybody
        QrCode.write(file, png());
        Printer printer = Printer.of(spec);
        printer.say(png() + " has the whole of " + file);
        printer.next("read it with QrCode.read in Java, or with any reader that gives bytes");
        return 0;
    }

    private Path png() {
        if (to == null) {
            String name = file.getFileName().toString();
            return file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + PNG);
        }
        if (!to.toString().toLowerCase(Locale.ROOT).endsWith(PNG)) {
            throw new InputException("--to: expected a name that ends in .png, but got " + to);
        }
        return to;
    }
}
