package dev.bonsai.runtime;

import dev.bonsai.encoding.ElementType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** Runs files on made-up inputs, with nothing but what users of the runtime's jar can name. */
final class RunAlone {

    private static final int FREE = 3;

    private RunAlone() {}

    /** Prints the bits of the results of each file. */
    public static void main(String... files) throws Exception {
        for (String file : files) {
            PlainModel model = PlainModel.load(Path.of(file));
            Random random = new Random(5);
            Tensor[] inputs =
                    model.graph().inputs().stream()
                            .map(
                                    input ->
                                            made(
                                                    input.type(),
                                                    input.shape().dims().stream()
                                                            .mapToInt(
                                                                    dim ->
                                                                            dim.isFixed()
                                                                                    ? (int)
                                                                                            dim
                                                                                                    .size()
                                                                                    : FREE)
                                                            .toArray(),
                                                    random))
                            .toArray(Tensor[]::new);
            for (Tensor result : model.run(inputs)) {
                System.out.println(
                        Path.of(file).getFileName() + " " + result.type() + " " + bits(result));
            }
        }
    }

    private static Tensor made(ElementType type, int[] dims, Random random) {
        int size = Arrays.stream(dims).reduce(1, (a, b) -> a * b);
        if (type == ElementType.FLOAT32) {
            float[] values = new float[size];
            for (int i = 0; i < size; ++i) {
                values[i] = (float) random.nextGaussian();
            }
            return Tensor.of(values, dims);
        }
        return Tensor.of(type, random.longs(size, 0, 2).toArray(), dims);
    }

    /** Shape and elements; a number as Java writes it is that of its bits. */
    private static String bits(Tensor result) {
        return Arrays.toString(result.shape())
                + (result.type() == ElementType.FLOAT32
                        ? Arrays.toString(result.floats())
                        : Arrays.toString(result.longs()));
    }
}
