package dev.bonsai.cli;

import dev.bonsai.activation.ActivationGrids;
import dev.bonsai.command.Printer;
import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.text.Numbers;
import dev.bonsai.text.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what is in a file, without an engine. */
@Command(
        name = "inspect",
        description =
                "Shows what is in a .bonsai or .onnx file: weights, graph, and where the bytes are.")
final class InspectCommand implements Callable<Integer> {

    /** What can be shown. */
    enum Part {
        WEIGHTS,
        GRAPH,
        LEDGER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(paramLabel = "FILE", description = "The model.")
    private Path file;

    @Option(
            names = "--show",
            paramLabel = "PART",
            split = ",",
            description = "Some of ${COMPLETION-CANDIDATES}, with commas (default: all).")
    private Set<Part> parts = EnumSet.allOf(Part.class);

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ModelFile model = ModelFile.read(file);
        Printer printer = Printer.of(spec);
        BonsaiModel content = model.content();
        printer.say(summary(content));
        ActivationGrids.of(content)
                .ifPresent(
                        grids ->
                                printer.say(
                                        grids.grids().size()
                                                + " activations were rounded in training"));
        if (parts.contains(Part.WEIGHTS)) {
            printer.say("\n" + weights(content));
        }
        if (parts.contains(Part.GRAPH)) {
            printer.say(
                    "\n"
                            + content.graph()
                                    .map(Object::toString)
                                    .orElse("No graph: it takes Java code to run the weights"));
        }
        if (parts.contains(Part.LEDGER) && model.kind() == ModelFile.Kind.BONSAI) {
            printer.say("\n" + BonsaiFile.ledger(file));
        }
        printer.next(next(model));
        return 0;
    }

    private String summary(BonsaiModel content) throws IOException {
        long bytes = Files.size(file);
        long floats = Float.BYTES * content.elements();
        return String.format(
                Locale.ROOT,
                "%s: %,d bytes; %,d elements in %,d weights, %,d bytes in 32-bit floats, %.1f times"
                        + " the file",
                file,
                bytes,
                content.elements(),
                content.weights().size(),
                floats,
                (double) floats / bytes);
    }

    private static TextTable weights(BonsaiModel content) {
        TextTable table =
                new TextTable("weight", "role", "shape", "stored as", "#elements", "#zeros");
        for (NamedWeight weight : content.weights()) {
            EncodedWeight value = weight.value();
            table.row(
                    weight.path(),
                    weight.role().name().toLowerCase(Locale.ROOT),
                    Arrays.toString(value.shape()),
                    form(value),
                    Numbers.count(value.size()),
                    Numbers.fraction((double) value.zeros() / Math.max(1, value.size())));
        }
        return table;
    }

    private static String form(EncodedWeight value) {
        if (value instanceof GridWeight grid) {
            return String.format(
                    Locale.ROOT, "grid of %d bits, %,d scales", grid.bits(), grid.scales().length);
        }
        if (value instanceof CodebookWeight codebook) {
            return String.format(Locale.ROOT, "codebook of %d bits", codebook.bits());
        }
        return value instanceof ExactWeight exact
                ? exact.type().toString()
                : "floats of " + value.bits() + " bits";
    }

    private static String next(ModelFile model) {
        if (model.kind() == ModelFile.Kind.ONNX) {
            return "bonsai compress " + model.path();
        }
        return model.content().graph().isPresent()
                ? "bonsai predict " + model.path() + " INPUT"
                : "CompressedModel.load(...).applyTo(block, manager) in Java";
    }
}
