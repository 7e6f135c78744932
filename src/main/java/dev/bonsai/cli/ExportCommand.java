package dev.bonsai.cli;

import dev.bonsai.activation.ActivationGrids;
import dev.bonsai.command.InputException;
import dev.bonsai.command.Printer;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.onnx.CalibrationException;
import dev.bonsai.onnx.ExportCheck;
import dev.bonsai.onnx.OnnxExport;
import dev.bonsai.onnx.OnnxExportException;
import dev.bonsai.onnx.OnnxExporter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a model as ONNX. */
@Command(
        name = "export",
        description =
                "Writes a model as an ONNX file, in 32-bit floats or in integers, and has ONNX"
                        + " Runtime compute it beside the model.")
final class ExportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "The model, in a .bonsai or .onnx file.")
    private Path file;

    @Option(
            names = "--to",
            paramLabel = "model.onnx",
            required = true,
            description = "The ONNX file to write.")
    private Path to;

    @Option(
            names = "--int8",
            description =
                    "In integers of 8 bits: of fixed ranges where the model has convolutions, else"
                            + " of ranges that are found at each run.")
    private boolean integers;

    @Mixin private CalibrationOptions calibration;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ModelFile.expect(to, ModelFile.Kind.ONNX, "the result");
        if (calibration.areGiven() && !integers) {
            throw new InputException(
                    "--calibrate has no effect on a file of floats: add --int8, or leave it out");
        }
        ModelFile model = ModelFile.read(file);
        Printer printer = Printer.of(spec);
        printer.say(integers ? integers(model, printer) : floats(model.graph()));
        printer.next("run " + to + " with ONNX Runtime, or bonsai inspect " + file);
        return 0;
    }

    private OnnxExport floats(GraphModel model) throws IOException {
        ExportCheck check = ExportCheck.builder().optSeed(calibration.seed()).build();
        return OnnxExporter.write(to, model, check);
    }

    private OnnxExport integers(ModelFile model, Printer printer) throws IOException {
        Optional<ActivationGrids> trained = ActivationGrids.of(model.content());
        if (trained.isPresent()) {
            printer.say("The ranges of the activations are those of the training");
            return OnnxExporter.write(to, model.graph(), trained.get());
        }
        Samples samples = calibration.read(model.graph().graph());
        printer.say("The ranges of the activations are those of " + samples.origin());
        try {
            return IntegerFile.write(to, model.graph(), samples);
        } catch (CalibrationException | OnnxExportException e) {
            throw calibration.refused("--int8", e);
        }
    }
}
