package dev.bonsai.runtime;

import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.runtime.arithmetic.Matrix;
import dev.bonsai.runtime.arithmetic.Write;
import java.util.List;

/**
 * Convolutions over any number of spatial axes: the elements that each element of the window meets
 * are put into a row, and the weight is multiplied with the matrix of these rows.
 */
final class ConvKernel {

    private ConvKernel() {}

    static List<Tensor> apply(Conv operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        Tensor weight = arguments.get(1);
        Windows windows =
                Windows.of(operator.window().sized(Shape.of(weight.dims())), x.dims(), false);
        int batch = x.dims()[0];
        int groups = operator.group();
        int channels = x.dims()[1] / groups;
        int outputs = weight.dims()[0] / groups;
        int positions = windows.outputSize();
        int rows = channels * windows.kernelSize();
        int inner = windows.inputSize();
        int[] shape = windows.shape(batch, outputs * groups);
        float[] out = arguments.array(Sizes.elements(shape));
        Write write = arguments.has(2) ? Write.ADD : Write.REPLACE;
        if (arguments.has(2)) {
            Channels.fill(out, arguments.floats(2), positions);
        }
        boolean point = windows.isPoint();
        float[] columns = point ? x.floats() : arguments.array(Math.multiplyExact(rows, positions));
        for (int i = 0; i < batch * groups; ++i) {
            int at = i * channels * inner;
            if (!point) {
                Columns.gather(x.floats(), at, channels, windows, columns);
            }
            int first = i % groups * outputs * rows;
            arguments
                    .arithmetic()
                    .multiply(
                            Matrix.of(weight.floats(), first, outputs, rows),
                            Matrix.of(columns, point ? at : 0, rows, positions),
                            Matrix.of(out, i * outputs * positions, outputs, positions),
                            write);
        }
        if (!point) {
            arguments.giveBack(columns);
        }
        return List.of(Tensor.of(x.type(), out, shape));
    }
}
