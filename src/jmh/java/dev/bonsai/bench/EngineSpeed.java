package dev.bonsai.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.onnxruntime.OrtEnvironment;
import dev.bonsai.bench.EngineModel.Loaded;
import dev.bonsai.bench.Rotation.Clock;
import dev.bonsai.bench.Rotation.Spread;
import dev.bonsai.onnx.Calibration;
import dev.bonsai.onnx.ExportCheck;
import dev.bonsai.onnx.ExportChoice;
import dev.bonsai.onnx.ExportSpeed;
import dev.bonsai.onnx.OnnxExport;
import dev.bonsai.onnx.OnnxExporter;
import dev.bonsai.onnx.OnnxForm;
import dev.bonsai.onnx.OnnxQuantization;
import dev.bonsai.runtime.Tensor;
import dev.bonsai.runtime.arithmetic.Arithmetic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Prints how fast engines run networks: DJL's PyTorch engine, ONNX Runtime on files in floats, int8
 * and 4 bits, and plain Java, as ratios to ONNX Runtime in floats in the same run; and which file
 * to take for what. Threads sleep while they wait. With one thread, the time is what the processor
 * gave to it, else what passes. Start it with {@code OMP_WAIT_POLICY=passive}, and with {@code
 * --add-modules jdk.incubator.vector} for the Vector API. See {@link Rotation} for why it is no
 * benchmark of JMH.
 */
@Command(name = "EngineSpeed", mixinStandardHelpOptions = true, sortOptions = false)
public final class EngineSpeed implements Callable<Integer> {

    private static final double LEAST_DECIBELS = -10;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final double MICROS = 1000;

    @Option(names = "--models", split = ",", description = "${COMPLETION-CANDIDATES}")
    private List<EngineModel> models = List.of(EngineModel.values());

    @Option(names = "--threads", split = ",", description = "numbers of threads")
    private List<Integer> threads = List.of(1, 2);

    @Option(names = "--batch", split = ",", description = "sizes of the batch")
    private List<Integer> batches = List.of(1, 32);

    @Option(names = "--repetitions", description = "turns of each variant")
    private int repetitions = 15;

    @Option(names = "--turn", description = "milliseconds of a turn, which has at least one run")
    private int turn = 50;

    private final Map<EngineModel, ExportChoice> choices = new LinkedHashMap<>();

    private EngineSpeed() {}

    /** Prints the table. */
    public static void main(String[] arguments) {
        System.exit(
                new CommandLine(new EngineSpeed())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Engine.getInstance().setRandomSeed(1);
        System.out.printf(
                "%s; ONNX Runtime %s; Bonsai's runtime with %s%n",
                Processor.description(),
                OrtEnvironment.getEnvironment().getVersion(),
                Arithmetic.best());
        if (!"passive".equalsIgnoreCase(System.getenv("OMP_WAIT_POLICY"))) {
            System.out.println("Threads of DJL's engine spin: set OMP_WAIT_POLICY=passive");
        }
        System.out.println("| model | threads | batch | variant | ms | times as fast |");
        System.out.println("|---|---|---|---|---|---|");
        for (EngineModel model : models) {
            try (NDManager manager = NDManager.newBaseManager()) {
                measure(model, model.load(manager));
            }
        }
        choices.forEach(
                (model, choice) -> System.out.printf("%n%s%n%s%n", model.title(), choice));
        return 0;
    }

    private void measure(EngineModel model, Loaded loaded) throws Exception {
        Path folder = Files.createTempDirectory("engines");
        Map<OnnxForm, OnnxExport> exports = exports(model, loaded, folder);
        Optional<Rotation> first = Optional.empty();
        for (int count : threads) {
            JniUtils.setNumThreads(count);
            for (int batch : batches) {
                Rotation rotation = measure(model, loaded, exports, count, batch);
                first = first.or(() -> Optional.of(rotation));
            }
        }
        first.ifPresent(rotation -> choices.put(model, choice(exports, rotation)));
        for (OnnxExport export : exports.values()) {
            Files.delete(export.file());
        }
        Files.delete(folder);
    }

    private static Map<OnnxForm, OnnxExport> exports(
            EngineModel model, Loaded loaded, Path folder) throws IOException {
        Calibration calibration = Calibration.of(loaded.graph(), model.samples());
        Map<OnnxForm, OnnxExport> exports = new LinkedHashMap<>();
        for (OnnxForm form : OnnxForm.values()) {
            Path file = folder.resolve(form.name());
            exports.put(
                    form,
                    form == OnnxForm.FLOAT32
                            ? OnnxExporter.write(
                                    file, calibration.model(), ExportCheck.builder().build())
                            : OnnxExporter.write(
                                    file,
                                    calibration,
                                    OnnxQuantization.builder(form)
                                            .optLeastDecibels(LEAST_DECIBELS)
                                            .build()));
            System.err.println(exports.get(form));
        }
        return exports;
    }

    private Rotation measure(
            EngineModel model,
            Loaded loaded,
            Map<OnnxForm, OnnxExport> exports,
            int count,
            int batch)
            throws Exception {
        Map<String, EngineRun> runs = new LinkedHashMap<>();
        for (OnnxExport export : exports.values()) {
            runs.put(
                    name(export.form()),
                    EngineRun.ort(Files.readAllBytes(export.file()), count));
        }
        if (model.published().isPresent()) {
            runs.put("ONNX Runtime, -q", EngineRun.ort(model.published().get(), count));
        }
        runs.put("DJL PyTorch", EngineRun.djl(loaded.block()));
        if (count == 1) {
            runs.put("Bonsai's runtime, " + Arithmetic.best(), EngineRun.plain(loaded.graph()));
        }
        List<Tensor> inputs = model.inputs(batch);
        Map<String, Callable<float[]>> variants = new LinkedHashMap<>();
        runs.forEach((name, run) -> variants.put(name, () -> run.once(inputs)));
        Rotation rotation = Rotation.measure(variants, repetitions, turn * NANOS_PER_MILLI, count == 1 ? Clock.PROCESSOR : Clock.WALL);
        for (String name : runs.keySet()) {
            Spread speed = rotation.speed(name, name(OnnxForm.FLOAT32));
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %d | %s | %.3g | %.2f (%.2f to %.2f) |%n",
                    model.title(),
                    count,
                    batch,
                    name,
                    rotation.millis(name).median(),
                    speed.median(),
                    speed.lower(),
                    speed.upper());
        }
        for (EngineRun run : runs.values()) {
            run.close();
        }
        return rotation;
    }

    private static String name(OnnxForm form) {
        return "ONNX Runtime, " + form;
    }

    private static ExportChoice choice(Map<OnnxForm, OnnxExport> exports, Rotation rotation) {
        OnnxExport floats = exports.get(OnnxForm.FLOAT32);
        double micros = MICROS * rotation.millis(name(OnnxForm.FLOAT32)).median();
        return ExportChoice.of(
                exports.values().stream()
                        .filter(export -> export.form() != OnnxForm.FLOAT32)
                        .map(
                                export ->
                                        new ExportSpeed(
                                                floats,
                                                export,
                                                micros,
                                                micros / speed(rotation, export)))
                        .toList());
    }

    private static double speed(Rotation rotation, OnnxExport export) {
        return rotation.speed(name(export.form()), name(OnnxForm.FLOAT32)).median();
    }
}
