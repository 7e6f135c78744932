package dev.bonsai.bench;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.loss.Loss;
import dev.bonsai.CompressionListener;
import dev.bonsai.bench.EngineModel.Loaded;
import dev.bonsai.bench.Rotation.Clock;
import dev.bonsai.bench.Rotation.Spread;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.gate.Gate;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.onnx.OnnxExporter;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Saving;
import dev.bonsai.pruning.Scope;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.pruning.Thinning;
import dev.bonsai.report.NetworkCost;
import dev.bonsai.rewrite.Simplifier;
import dev.bonsai.runtime.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Prints how much faster a thinner network is than the whole one in DJL's PyTorch engine, ONNX
 * Runtime and plain Java, in the same run. The weights are random, which is enough to know how long
 * it takes.
 */
@Command(name = "ThinnerSpeed", mixinStandardHelpOptions = true, sortOptions = false)
public final class ThinnerSpeed implements Callable<Integer> {

    private static final int BATCH = 2;
    private static final long NANOS_PER_MILLI = 1_000_000;

    @Option(names = "--models", split = ",", description = "${COMPLETION-CANDIDATES}")
    private List<EngineModel> models = List.of(EngineModel.RESNET18);

    @Option(names = "--saved", description = "the fraction of the multiply-adds that goes")
    private float saved = 0.5f;

    @Option(names = "--multiple", description = "what the channels that are left are a multiple of")
    private int multiple = 16;

    @Option(names = "--scope", description = "${COMPLETION-CANDIDATES}")
    private Scope scope = Scope.LOCAL;

    @Option(names = "--threads", split = ",", description = "numbers of threads")
    private List<Integer> threads = List.of(1);

    @Option(names = "--batch", split = ",", description = "sizes of the batch")
    private List<Integer> batches = List.of(1);

    @Option(names = "--repetitions", description = "turns of each variant")
    private int repetitions = 15;

    @Option(names = "--turn", description = "milliseconds of a turn, which has at least one run")
    private int turn = 200;

    private ThinnerSpeed() {}

    /** A model and what is left of it. */
    private record Pair(EngineModel model, Loaded whole, Loaded thin, NetworkCost cost) {}

    /** Prints the table. */
    public static void main(String[] arguments) {
        System.exit(
                new CommandLine(new ThinnerSpeed())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Engine.getInstance().setRandomSeed(1);
        System.out.println(Processor.description());
        System.out.println(
                "| model | multiply-adds left | parameters left | threads | batch | engine | ms"
                        + " | times as fast |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (EngineModel model : models) {
            try (NDManager manager = NDManager.newBaseManager()) {
                Pair pair = thinned(model, model.load(manager), manager);
                for (int count : threads) {
                    JniUtils.setNumThreads(count);
                    for (int batch : batches) {
                        measure(pair, count, batch);
                    }
                }
            }
        }
        return 0;
    }

    private Thinning thinning() {
        return Thinning.builder()
                .setSaving(Saving.multiplyAdds(saved))
                .optCriterion(Criterion.magnitude())
                .optScope(scope)
                .optSchedule(SparsitySchedule.constant())
                .optMultipleOf(multiple)
                .build();
    }

    /** One epoch of one batch, and a gate that lets all pass. */
    private Pair thinned(EngineModel model, Loaded whole, NDManager manager) throws Exception {
        Tensor input = model.inputs(BATCH).get(0);
        Shape shape = new Shape(Arrays.stream(input.shape()).asLongStream().toArray());
        NDArray images = manager.create(input.floats(), shape);
        Block block = whole.block();
        ArrayDataset data =
                new ArrayDataset.Builder()
                        .setData(images)
                        .optLabels(manager.zeros(block.getOutputShapes(new Shape[] {shape})[0]))
                        .setSampling(BATCH, false)
                        .build();
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(thinning())
                        .optWarmup(0)
                        .optGate(
                                Gate.builder()
                                        .optEvaluation(data, Loss.l2Loss())
                                        .optMaxDrop(Float.MAX_VALUE)
                                        .build())
                        .build();
        try (Model owner = Model.newInstance("whole")) {
            owner.setBlock(block);
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(Loss.l2Loss()).addTrainingListeners(listener);
            try (Trainer trainer = owner.newTrainer(config)) {
                trainer.initialize(shape);
                EasyTrain.fit(trainer, 1, data, null);
            }
        }
        GraphBlock thin = listener.getCompressedModel().toBlock();
        thin.initialize(manager);
        Map<String, EncodedWeight> weights =
                listener.getCompressedModel().getWeights().stream()
                        .collect(Collectors.toMap(NamedWeight::path, NamedWeight::value));
        return new Pair(
                model,
                whole,
                new Loaded(thin, new GraphModel(thin.graph(), weights)),
                listener.getReport().network().orElseThrow());
    }

    private void measure(Pair pair, int count, int batch) throws Exception {
        Map<String, EngineRun> whole = runs(pair.whole(), count);
        Map<String, EngineRun> thin = runs(pair.thin(), count);
        List<Tensor> inputs = pair.model().inputs(batch);
        Map<String, Callable<float[]>> variants = new LinkedHashMap<>();
        whole.forEach((name, run) -> variants.put(name, () -> run.once(inputs)));
        thin.forEach((name, run) -> variants.put("thin " + name, () -> run.once(inputs)));
        Clock clock = count == 1 ? Clock.PROCESSOR : Clock.WALL;
        Rotation rotation =
                Rotation.measure(variants, repetitions, turn * NANOS_PER_MILLI, clock);
        for (String engine : whole.keySet()) {
            Spread speed = rotation.speed("thin " + engine, engine);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.3f | %.3f | %d | %d | %s | %.3g to %.3g | %.2f (%.2f to %.2f) |%n",
                    pair.model().title(),
                    pair.cost().multiplyAddsLeft(),
                    pair.cost().parametersLeft(),
                    count,
                    batch,
                    engine,
                    rotation.millis(engine).median(),
                    rotation.millis("thin " + engine).median(),
                    speed.median(),
                    speed.lower(),
                    speed.upper());
        }
        for (EngineRun run : whole.values()) {
            run.close();
        }
        for (EngineRun run : thin.values()) {
            run.close();
        }
    }

    private static Map<String, EngineRun> runs(Loaded model, int count) throws Exception {
        Map<String, EngineRun> runs = new LinkedHashMap<>();
        runs.put("DJL PyTorch", EngineRun.djl(model.block()));
        runs.put("ONNX Runtime", EngineRun.ort(onnx(model.graph()), count));
        if (count == 1) {
            runs.put("plain Java", EngineRun.plain(model.graph()));
        }
        return runs;
    }

    private static byte[] onnx(GraphModel model) throws Exception {
        Path file = Files.createTempFile("thinner", ".onnx");
        try {
            OnnxExporter.write(file, Simplifier.simplify(model));
            return Files.readAllBytes(file);
        } finally {
            Files.delete(file);
        }
    }
}
