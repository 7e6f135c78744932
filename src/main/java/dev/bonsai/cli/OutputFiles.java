package dev.bonsai.cli;

import dev.bonsai.command.InputException;
import dev.bonsai.command.OutputFolder;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.npy.NpyFile;
import dev.bonsai.runtime.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The files that the outputs of a model go to.
 *
 * @param file the one that the user has named
 */
record OutputFiles(Path file) {

    private static final String NPY = ".npy";

    OutputFiles {
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(NPY)) {
            throw new InputException("--out: expected a name that ends in .npy, but got " + file);
        }
    }

    /** Writes an array per output, with the samples along its first axis. */
    List<Path> write(List<String> outputs, List<List<Tensor>> results) throws IOException {
        List<Path> written = new ArrayList<>();
        for (int i = 0; i < outputs.size(); ++i) {
            int output = i;
            Path path = outputs.size() == 1 ? file : named(outputs.get(i));
            if (written.contains(path)) { // names may differ in what no file's name has
                path = named(outputs.get(i) + "-" + i);
            }
            List<EncodedWeight> values =
                    results.stream().map(result -> result.get(output).encode()).toList();
            NpyFile.write(path, joined(outputs.get(i), values));
            written.add(path);
        }
        return written;
    }

    private Path named(String output) {
        String name = file.getFileName().toString();
        String stem = name.substring(0, name.length() - NPY.length());
        return file.resolveSibling(stem + "-" + OutputFolder.fileName(output) + NPY);
    }

    private static EncodedWeight joined(String output, List<EncodedWeight> values) {
        int[] shape = values.get(0).shape();
        for (EncodedWeight value : values) {
            if (!Arrays.equals(value.shape(), shape)) {
                throw new InputException(
                        "--out: the output "
                                + output
                                + " has another shape for other samples, and they do not fit into"
                                + " one array: give samples of one size, or one at a time");
            }
        }
        int[] all = shape.length == 0 ? new int[] {1} : shape.clone();
        all[0] *= values.size();
        return values.get(0) instanceof ExactWeight exact
                ? new ExactWeight(all, exact.type(), bytes(values))
                : new DenseWeight(all, floats(values));
    }

    private static byte[] bytes(List<EncodedWeight> values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        values.forEach(value -> bytes.writeBytes(((ExactWeight) value).data()));
        return bytes.toByteArray();
    }

    private static float[] floats(List<EncodedWeight> values) {
        int size = values.get(0).size();
        float[] floats = new float[Math.multiplyExact(size, values.size())];
        for (int i = 0; i < values.size(); ++i) {
            System.arraycopy(values.get(i).decode(), 0, floats, i * size, size);
        }
        return floats;
    }
}
