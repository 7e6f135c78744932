package dev.bonsai.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * One of ONNX's backend tests.
 *
 * @param name the folder, or the file of a light model
 * @param model the bytes of the model
 * @param data inputs and outputs, one entry per data set
 */
record ConformanceCase(String name, byte[] model, List<DataSet> data) {

    private static final String MODEL = "model.onnx";
    private static final String LIGHT = "_output_0.pb";

    /**
     * What a model is given and what comes out.
     *
     * @param inputs the inputs in order; those that a test leaves out are not there
     * @param outputs the outputs in order
     */
    record DataSet(List<EncodedWeight> inputs, List<EncodedWeight> outputs) {}

    /** Reads all cases of a zip. */
    static List<ConformanceCase> all(Path zip) throws IOException {
        List<ConformanceCase> cases = new ArrayList<>();
        try (ZipFile file = new ZipFile(zip.toFile())) {
            Set<String> names = new HashSet<>();
            file.stream().forEach(entry -> names.add(entry.getName()));
            for (String name : names.stream().sorted().toList()) {
                if (name.endsWith("/" + MODEL)) {
                    cases.add(folder(file, name.substring(0, name.length() - MODEL.length())));
                } else if (name.endsWith(".onnx") && names.contains(light(name))) {
                    cases.add(light(file, name));
                }
            }
        }
        return cases;
    }

    private static String light(String model) {
        return model.substring(0, model.length() - ".onnx".length()) + LIGHT;
    }

    private static byte[] bytes(ZipFile file, String name) {
        try {
            return file.getInputStream(file.getEntry(name)).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EncodedWeight tensor(ZipFile file, String name) {
        try {
            return OnnxParser.tensor(bytes(file, name));
        } catch (OnnxFormatException e) {
            throw new UncheckedIOException(name + ": " + e.getMessage(), e);
        }
    }

    private static ConformanceCase folder(ZipFile file, String folder) {
        Map<String, Map<Integer, EncodedWeight>> tensors = new TreeMap<>();
        file.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.startsWith(folder) && name.endsWith(".pb"))
                .forEach(
                        name -> {
                            String key = name.substring(0, name.lastIndexOf('_'));
                            int number =
                                    Integer.parseInt(
                                            name.substring(
                                                    name.lastIndexOf('_') + 1, name.length() - 3));
                            tensors.computeIfAbsent(key, k -> new TreeMap<>())
                                    .put(number, tensor(file, name));
                        });
        Map<String, DataSet> sets = new LinkedHashMap<>();
        tensors.forEach(
                (key, values) -> {
                    String set = key.substring(0, key.lastIndexOf('/'));
                    DataSet data =
                            sets.computeIfAbsent(
                                    set, s -> new DataSet(new ArrayList<>(), new ArrayList<>()));
                    (key.endsWith("/input") ? data.inputs() : data.outputs())
                            .addAll(values.values());
                });
        return new ConformanceCase(
                folder.substring(0, folder.length() - 1),
                bytes(file, folder + MODEL),
                List.copyOf(sets.values()));
    }

    /** A light model is given the numbers 0, 1/n, 2/n, ... as its one input of n elements. */
    private static ConformanceCase light(ZipFile file, String name) {
        byte[] model = bytes(file, name);
        try {
            ModelProto message = OnnxParser.model(model);
            Set<String> initialisers = new HashSet<>();
            message.getGraph().getInitializerList().forEach(i -> initialisers.add(i.getName()));
            ValueInfoProto input =
                    message.getGraph().getInputList().stream()
                            .filter(value -> !initialisers.contains(value.getName()))
                            .findFirst()
                            .orElseThrow();
            int[] shape =
                    input.getType().getTensorType().getShape().getDimList().stream()
                            .mapToInt(dim -> dim.hasDimValue() ? (int) dim.getDimValue() : 1)
                            .toArray();
            int size = 1;
            for (int dim : shape) {
                size *= dim;
            }
            float[] values = new float[size];
            for (int i = 0; i < size; ++i) {
                values[i] = (float) ((double) i / size);
            }
            return new ConformanceCase(
                    name,
                    model,
                    List.of(
                            new DataSet(
                                    List.of(new DenseWeight(shape, values)),
                                    List.of(tensor(file, light(name))))));
        } catch (OnnxFormatException e) {
            throw new UncheckedIOException(name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
