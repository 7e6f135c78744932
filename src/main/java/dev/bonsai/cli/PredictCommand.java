package dev.bonsai.cli;

import dev.bonsai.cli.input.InputFiles;
import dev.bonsai.cli.input.PixelOptions;
import dev.bonsai.cli.input.Sample;
import dev.bonsai.command.Options;
import dev.bonsai.command.Printer;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a model in plain Java. */
@Command(
        name = "predict",
        description =
                "Runs a .bonsai or .onnx file in plain Java on arrays (.npy), tables (.csv, a line"
                        + " per sample) or pictures, and prints what it makes of each.")
final class PredictCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "FILE", description = "The model.")
    private Path file;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "INPUT",
            description =
                    "Samples, in files or folders of pictures; for a model of several inputs"
                            + " NAME=FILE each.")
    private List<String> inputs;

    @Mixin private PixelOptions pixels;

    @Option(
            names = "--top",
            paramLabel = "N",
            defaultValue = "3",
            converter = Options.ToCount.class,
            description = "The classes that are printed of scores (default: ${DEFAULT-VALUE}).")
    private int top;

    @Option(
            names = "--values",
            description = "Print the first values of each output, and take none for scores.")
    private boolean values;

    @Option(
            names = "--out",
            paramLabel = "FILE.npy",
            description =
                    "Write all outputs, a row per sample; where there are several, their names"
                            + " become part of the file's.")
    private Path out;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Optional<OutputFiles> written = Optional.ofNullable(out).map(OutputFiles::new);
        PlainModel model = PlainModel.of(ModelFile.read(file).graph());
        List<Sample> samples = new InputFiles(model.graph(), pixels).read(inputs);
        List<List<Tensor>> results = new ArrayList<>(samples.size());
        for (Sample sample : samples) {
            results.add(model.run(sample.tensors()));
        }
        Printer printer = Printer.of(spec);
        List<String> names = model.graph().outputs();
        printer.say(new Predictions(names, values ? 0 : top).text(samples, results));
        if (written.isPresent()) {
            for (Path array : written.get().write(names, results)) {
                printer.say("Written: " + array);
            }
            printer.next("numpy.load(\"" + out + "\")");
        } else {
            printer.next("--out FILE.npy writes all values");
        }
        return 0;
    }
}
