package dev.bonsai.kernel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether convolutions are computed rightly: of ones each output is the number of
 * products that it is a sum of.
 *
 * <p>oneDNN 3.7.1, with which PyTorch 2.7.1 convolves on a processor, was seen to lose most taps of
 * the last input channels where these are more than 16 and no multiple of it, and to read memory
 * there that nobody has written.
 */
public final class ConvolutionCheck {

    private static final Logger logger = LoggerFactory.getLogger(ConvolutionCheck.class);

    /** Whole blocks of 8 and 16, and what is left over behind one or more. */
    private static final int[] CHANNELS = {1, 3, 8, 12, 16, 20, 31, 40, 72};

    private static final int FILTERS = 10;
    private static final int KERNEL = 3;

    /** A convolution of an input and a weight. */
    @FunctionalInterface
    interface Convolution {

        NDArray of(NDArray input, NDArray weight);
    }

    private ConvolutionCheck() {}

    /** What was found on this machine's processor, once and for all. */
    private static final class Processor {

        private static final Optional<String> NOTE = find();

        private static Optional<String> find() {
            try {
                Optional<String> found = note(ConvolutionCheck::convolution);
                found.ifPresent(logger::warn);
                return found;
            } catch (RuntimeException | LinkageError e) { // no training is to fail by this
                logger.debug("Convolutions could not be looked at", e);
                return Optional.empty();
            }
        }
    }

    /**
     * Returns what to tell about convolutions on a device, if anything. It is logged when it is
     * found: at the first call.
     *
     * @param device where a model is trained
     * @return what to know and to do; empty if they are right, or not on a processor
     */
    public static Optional<String> note(Device device) {
        return device.isGpu() ? Optional.empty() : Processor.NOTE;
    }

    /** Returns what to tell about any convolution. */
    static Optional<String> note(Convolution convolution) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            for (int channels : CHANNELS) {
                NDArray input = manager.ones(new Shape(2, channels, 12, 12));
                NDArray weight = manager.ones(new Shape(FILTERS, channels, KERNEL, KERNEL));
                NDArray result = convolution.of(input, weight);
                int right = channels * KERNEL * KERNEL;
                for (float found : result.toFloatArray()) {
                    if (found != right) { // NaN too
                        return Optional.of(text(channels, right, found));
                    }
                }
            }
            return Optional.empty();
        }
    }

    private static String text(int channels, int right, float found) {
        return String.format(
                Locale.ROOT,
                "this machine's convolutions are wrong: %d channels of ones by 3x3 ones give %s where"
                        + " %d is right, so that a model computes something else here than anywhere"
                        + " else, and its loss may become NaN. Start Java with"
                        + " ONEDNN_MAX_CPU_ISA=SSE41 in its environment",
                channels,
                found,
                right);
    }

    private static NDArray convolution(NDArray input, NDArray weight) {
        return Conv2d.conv2d(input, weight).singletonOrThrow();
    }
}
