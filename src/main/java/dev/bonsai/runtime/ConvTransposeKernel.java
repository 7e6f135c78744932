package dev.bonsai.runtime;

import dev.bonsai.graph.operator.AutoPad;
import dev.bonsai.graph.operator.ConvTranspose;
import dev.bonsai.graph.operator.Window;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.runtime.arithmetic.Matrix;
import dev.bonsai.runtime.arithmetic.Write;
import java.util.List;

/**
 * The gradient of a convolution with respect to its input: the matrix of what the window meets is
 * the product of the turned weight and the operand, and is added to where it belongs.
 */
final class ConvTransposeKernel {

    private ConvTransposeKernel() {}

    static List<Tensor> apply(ConvTranspose operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        Tensor weight = arguments.get(1);
        Windows windows = windows(operator, x.dims(), weight.dims());
        int batch = x.dims()[0];
        int groups = operator.group();
        int channels = x.dims()[1] / groups;
        int outputs = weight.dims()[1];
        int rows = outputs * windows.kernelSize();
        int positions = windows.outputSize();
        int inner = windows.inputSize();
        int[] shape = x.dims().clone();
        shape[1] = outputs * groups;
        System.arraycopy(windows.input(), 0, shape, 2, windows.rank());
        float[] out = new float[Sizes.elements(shape)];
        if (arguments.has(2)) {
            Channels.fill(out, arguments.floats(2), inner);
        }
        float[] turned =
                arguments.prepared(
                        1, float[].class, w -> turned(w.floats(), groups, channels, rows));
        float[] columns = new float[Math.multiplyExact(rows, positions)];
        for (int i = 0; i < batch * groups; ++i) {
            int first = i % groups * rows * channels;
            arguments
                    .arithmetic()
                    .multiply(
                            Matrix.of(turned, first, rows, channels),
                            Matrix.of(x.floats(), i * channels * positions, channels, positions),
                            Matrix.of(columns, rows, positions),
                            Write.REPLACE);
            Columns.scatter(columns, outputs, windows, out, i * outputs * inner);
        }
        return List.of(Tensor.of(x.type(), out, shape));
    }

    /** The windows of the convolution: its input is the result, and its positions the operand. */
    private static Windows windows(ConvTranspose operator, int[] shape, int[] weight) {
        Window sized = operator.window().sized(Shape.of(weight));
        int rank = shape.length - 2;
        Window.Axis[] axes = new Window.Axis[rank];
        int[] input = new int[rank];
        int[] output = new int[rank];
        for (int i = 0; i < rank; ++i) {
            output[i] = shape[i + 2];
            ConvTranspose.Extent extent = operator.extent(sized, i, rank, output[i]);
            input[i] = extent.size();
            Window.Axis axis = unpadded(sized).axis(i, rank, output[i]);
            axes[i] =
                    new Window.Axis(
                            axis.kernel(), axis.stride(), extent.before(), 0, axis.dilation());
        }
        return new Windows(axes, input, output);
    }

    private static Window unpadded(Window window) {
        return new Window(
                AutoPad.NOTSET, window.kernel(), window.strides(), List.of(), window.dilations());
    }

    /** Exchanges, per group, the channels of the operand with all other axes. */
    private static float[] turned(float[] weight, int groups, int channels, int rows) {
        float[] turned = new float[weight.length];
        for (int group = 0; group < groups; ++group) {
            int at = group * channels * rows;
            for (int c = 0; c < channels; ++c) {
                for (int r = 0; r < rows; ++r) {
                    turned[at + r * channels + c] = weight[at + c * rows + r];
                }
            }
        }
        return turned;
    }
}
