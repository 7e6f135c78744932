package dev.bonsai.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.bonsai.examples.network.Network;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.onnx.OnnxImporter;
import dev.bonsai.rewrite.Simplifier;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import dev.bonsai.runtime.arithmetic.Arithmetic;
import dev.bonsai.trace.Tracer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Prints how long the plain-Java runtime takes, as a ratio to DJL's PyTorch engine and to ONNX
 * Runtime, with one thread each: {@code RuntimeSpeed [lenet|minilm]}. Start it with {@code
 * OMP_NUM_THREADS=1}, and with {@code --add-modules jdk.incubator.vector} for the Vector API.
 *
 * <p>The runtimes take turns, so that what else the machine does hits them alike; the times are those
 * that the processor gave to the thread that calls, and medians over the turns.
 */
public final class RuntimeSpeed {

    private static final int ROUNDS = 40;
    private static final int WARMUP_ROUNDS = 15;
    private static final long TURN_NANOS = 50_000_000;
    private static final double MILLION = 1e6;
    private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();
    private static final String MINILM = "/all-minilm-l6-v2.onnx";

    /** One way to run a model. */
    private interface Run {
        void once() throws Exception;
    }

    private RuntimeSpeed() {}

    /** Prints the table. */
    public static void main(String[] arguments) throws Exception {
        Engine.getInstance();
        String which = arguments.length == 0 ? "" : arguments[0];
        System.out.println("Arithmetic: " + Arithmetic.best());
        if (which.isEmpty() || which.equals("lenet")) {
            lenet();
        }
        if (which.isEmpty() || which.equals("minilm")) {
            miniLm();
        }
    }

    private static void lenet() throws Exception {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = Network.LENET5.newBlock();
            block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 28, 28));
            GraphModel traced =
                    Tracer.trace(block, new NDList(manager.zeros(new Shape(3, 1, 28, 28))));
            GraphModel simple = Simplifier.simplify(traced);
            PlainModel plain = PlainModel.of(simple);
            Random random = new Random(1);
            float[] pixels = new float[28 * 28];
            for (int i = 0; i < pixels.length; ++i) {
                pixels[i] = random.nextFloat();
            }
            ParameterStore store = new ParameterStore(manager, false);
            Map<String, Run> runs = new LinkedHashMap<>();
            runs.put("plain Java", () -> plain.run(Tensor.of(pixels, 1, 1, 28, 28)));
            runs.put(
                    "DJL PyTorch",
                    () -> {
                        try (NDManager own = manager.newSubManager()) {
                            NDList input =
                                    new NDList(own.create(pixels, new Shape(1, 1, 28, 28)));
                            block.forward(store, input, false).singletonOrThrow().toFloatArray();
                        }
                    });
            print("LeNet-5, batch 1", runs);
        }
    }

    private static void miniLm() throws Exception {
        byte[] bytes = resource(MINILM);
        GraphModel imported = OnnxImporter.read(bytes);
        GraphModel simple = Simplifier.simplify(imported);
        PlainModel plain = PlainModel.of(simple);
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(bytes, options)) {
            for (int length : new int[] {16, 128}) {
                long[] tokens = new long[length];
                Arrays.setAll(tokens, i -> 1000 + 37L * i);
                long[] ones = new long[length];
                Arrays.fill(ones, 1);
                Map<String, long[]> inputs = new LinkedHashMap<>();
                inputs.put("input_ids", tokens);
                inputs.put("attention_mask", ones);
                inputs.put("token_type_ids", new long[length]);
                Map<String, Run> runs = new LinkedHashMap<>();
                Map<String, Tensor> values = new LinkedHashMap<>();
                inputs.forEach((name, numbers) -> values.put(name, Tensor.of(numbers, 1, length)));
                runs.put("plain Java", () -> plain.run(values));
                runs.put("ONNX Runtime", () -> run(environment, session, inputs, length));
                print("MiniLM, " + length + " tokens", runs);
            }
        }
    }

    private static void run(
            OrtEnvironment environment,
            OrtSession session,
            Map<String, long[]> inputs,
            int length)
            throws OrtException {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, long[]> input : inputs.entrySet()) {
            tensors.put(
                    input.getKey(),
                    OnnxTensor.createTensor(
                            environment,
                            LongBuffer.wrap(input.getValue()),
                            new long[] {1, length}));
        }
        try (OrtSession.Result result = session.run(tensors)) {
            result.get(0).getValue();
        }
        tensors.values().forEach(OnnxTensor::close);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = RuntimeSpeed.class.getResourceAsStream(name)) {
            return stream.readAllBytes();
        }
    }

    private static void print(String title, Map<String, Run> runs) throws Exception {
        Map<String, List<Double>> times = new LinkedHashMap<>();
        runs.keySet().forEach(name -> times.put(name, new ArrayList<>()));
        for (int round = -WARMUP_ROUNDS; round < ROUNDS; ++round) {
            for (Map.Entry<String, Run> run : runs.entrySet()) {
                double time = turn(run.getValue());
                if (round >= 0) {
                    times.get(run.getKey()).add(time);
                }
            }
        }
        double own = median(times.values().iterator().next());
        System.out.println(title);
        times.forEach(
                (name, list) ->
                        System.out.printf(
                                Locale.ROOT,
                                "  %-14s %9.3f ms; plain Java takes %.2f of it%n",
                                name,
                                median(list),
                                own / median(list)));
    }

    /** The milliseconds of the processor for one run, over as many as fill a turn. */
    private static double turn(Run run) throws Exception {
        long start = THREAD.getCurrentThreadCpuTime();
        long passed = 0;
        int count = 0;
        while (passed < TURN_NANOS) {
            run.once();
            ++count;
            passed = THREAD.getCurrentThreadCpuTime() - start;
        }
        return passed / MILLION / count;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
