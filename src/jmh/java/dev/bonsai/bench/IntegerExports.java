package dev.bonsai.bench;

import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.bonsai.examples.network.Network;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.onnx.Calibration;
import dev.bonsai.onnx.ExportCheck;
import dev.bonsai.onnx.ExportSpeed;
import dev.bonsai.onnx.OnnxExport;
import dev.bonsai.onnx.OnnxExporter;
import dev.bonsai.onnx.OnnxForm;
import dev.bonsai.onnx.OnnxImporter;
import dev.bonsai.onnx.OnnxQuantization;
import dev.bonsai.runtime.Tensor;
import dev.bonsai.trace.Tracer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Prints the sizes of ONNX files in floats, int8 and 4 bits, how near they are to the float model,
 * and their times as parts of that of the floats, in ONNX Runtime on one thread: {@code
 * IntegerExports [lenet|resnet|minilm]}.
 */
public final class IntegerExports {

    private static final String MINILM = "/all-minilm-l6-v2.onnx";
    private static final int TOKENS = 32;
    private static final int VOCABULARY = 30_000;

    private IntegerExports() {}

    /** Prints the table. */
    public static void main(String[] arguments) throws Exception {
        Engine.getInstance().setRandomSeed(1);
        List<String> which =
                arguments.length == 0
                        ? List.of("lenet", "resnet", "minilm")
                        : List.of(arguments);
        System.out.println("| model | file | bytes | of the floats | dB | time of the floats |");
        System.out.println("|---|---|---|---|---|---|");
        if (which.contains("lenet")) {
            print("LeNet-5", traced(Network.LENET5.newBlock(), 1, 28), images(1, 28));
        }
        if (which.contains("resnet")) {
            Block block =
                    ResNetV1.builder()
                            .setImageShape(new Shape(3, 64, 64))
                            .setNumLayers(18)
                            .setOutSize(10)
                            .build();
            print("DJL ResNetV1, 18 layers", traced(block, 3, 64), images(3, 64));
        }
        if (which.contains("minilm")) {
            try (InputStream stream = IntegerExports.class.getResourceAsStream(MINILM)) {
                print("all-MiniLM-L6-v2", OnnxImporter.read(stream.readAllBytes()), sentences());
            }
        }
    }

    private static GraphModel traced(Block block, int channels, int size) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Shape shape = new Shape(3, channels, size, size);
            block.initialize(manager, DataType.FLOAT32, shape);
            return Tracer.trace(block, new NDList(manager.randomNormal(shape)));
        }
    }

    private static List<List<Tensor>> images(int channels, int size) {
        Random random = new Random(1);
        List<List<Tensor>> batches = new ArrayList<>();
        for (int batch : new int[] {1, 16}) {
            float[] values = new float[batch * channels * size * size];
            for (int i = 0; i < values.length; ++i) {
                values[i] = (float) random.nextGaussian();
            }
            batches.add(List.of(Tensor.of(values, batch, channels, size, size)));
        }
        return batches;
    }

    private static List<List<Tensor>> sentences() {
        Random random = new Random(1);
        List<List<Tensor>> batches = new ArrayList<>();
        for (int batch : new int[] {1, 4}) {
            long[] ids = new long[batch * TOKENS];
            Arrays.setAll(ids, i -> 1000 + random.nextInt(VOCABULARY - 1000));
            long[] mask = new long[ids.length];
            Arrays.fill(mask, 1);
            batches.add(
                    List.of(
                            Tensor.of(ids, batch, TOKENS),
                            Tensor.of(mask, batch, TOKENS),
                            Tensor.of(new long[ids.length], batch, TOKENS)));
        }
        return batches;
    }

    private static void print(String name, GraphModel model, List<List<Tensor>> batches)
            throws IOException {
        Path folder = Files.createTempDirectory("integers");
        Calibration calibration = Calibration.of(model, batches);
        OnnxExport floats =
                OnnxExporter.write(
                        folder.resolve("floats.onnx"),
                        calibration.model(),
                        ExportCheck.builder().build());
        line(name, floats, 1, 1);
        for (OnnxForm form : OnnxForm.values()) {
            if (form == OnnxForm.FLOAT32) {
                continue;
            }
            OnnxExport export =
                    OnnxExporter.write(
                            folder.resolve("integers.onnx"),
                            calibration,
                            OnnxQuantization.builder(form).optLeastDecibels(-10).build());
            ExportSpeed speed = ExportSpeed.measure(floats, export, calibration);
            line(name, export, speed.sizeRatio(), speed.timeRatio());
            System.err.println(speed);
        }
        for (String file : List.of("floats.onnx", "integers.onnx")) {
            Files.delete(folder.resolve(file));
        }
        Files.delete(folder);
    }

    private static void line(String name, OnnxExport export, double size, double time) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %,d | %.2f | %.1f | %.2f |%n",
                name,
                export.form(),
                export.bytes(),
                size,
                export.decibels(),
                time);
    }
}
