package dev.bonsai.file;

import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.entropy.CodeLayout;
import dev.bonsai.entropy.EntropyCoder;
import dev.bonsai.entropy.FloatShape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Codes numbers, each from those before it, into a stream behind the heads of all weights. Small
 * weights are tried in every coding, and take the shortest.
 */
final class CodedWriter implements NumberWriter {

    /** The most elements of a weight that is tried; what is larger is of the first coding. */
    private static final int MOST_TRIED = 1 << 20;

    private record Task(EncodedWeight weight, Coding coding) {}

    private final List<Task> tasks = new ArrayList<>();

    /** Counts what the weights so far take; a weight that was not tried it does not know. */
    private EntropyCoder plan = EntropyCoder.counter();

    @Override
    public Coding coding(EncodedWeight weight) {
        if (weight.size() > MOST_TRIED || weight instanceof ExactWeight) {
            return Coding.MODELLED;
        }
        Coding best = Coding.MODELLED;
        EntropyCoder shortest = tried(weight, best);
        for (Coding coding : others(weight)) {
            EntropyCoder trial = tried(weight, coding);
            if (trial.bits() < shortest.bits()) {
                shortest = trial;
                best = coding;
            }
        }
        plan = shortest;
        return best;
    }

    private static List<Coding> others(EncodedWeight weight) {
        if (!(weight instanceof GridWeight || weight instanceof CodebookWeight)) {
            return List.of();
        }
        return CodeLayout.of(weight.shape(), weight.size()).isMatrix()
                ? List.of(Coding.PLAIN, Coding.TIED)
                : List.of(Coding.PLAIN);
    }

    private EntropyCoder tried(EncodedWeight weight, Coding coding) {
        EntropyCoder trial = plan.trial();
        write(weight, coding, trial);
        return trial;
    }

    @Override
    public void write(EncodedWeight weight, Coding coding, ByteSink head) {
        tasks.add(new Task(weight, coding));
    }

    /** Writes the numbers of all weights. */
    void write(EntropyCoder coder) {
        tasks.forEach(task -> write(task.weight(), task.coding(), coder));
    }

    private static void write(EncodedWeight weight, Coding coding, EntropyCoder coder) {
        CodeLayout layout = CodeLayout.of(weight.shape(), weight.size());
        if (weight instanceof GridWeight grid) {
            floats(coder, grid.scales(), WeightWriter.scaleFormat(grid));
            if (!grid.isSymmetric()) {
                int[] points = grid.zeroPoints();
                coder.even(points.length, written(i -> points[i]));
            }
            codes(coder, layout, coding, CodedReader.distances(grid));
        } else if (weight instanceof CodebookWeight shared) {
            floats(coder, shared.codebook(), FloatFormat.FLOAT32);
            int middle = CodedReader.middle(shared.codebook());
            codes(coder, layout, coding, i -> shared.assignments().get(i) - middle);
        } else if (weight instanceof DenseWeight dense) {
            FloatFormat format = dense.format();
            IntUnaryOperator bits = i -> format.toBits(dense.values().get(i) + 0f); // no -0
            floats(coder, layout, format, bits);
        } else {
            for (byte octet : ((ExactWeight) weight).data()) {
                coder.octet(octet & 0xff);
            }
        }
    }

    private static void codes(
            EntropyCoder coder, CodeLayout layout, Coding coding, IntUnaryOperator codes) {
        if (coding == Coding.PLAIN) {
            coder.even(layout.size(), written(codes));
        } else {
            coder.codes(layout, coding == Coding.TIED, written(codes));
        }
    }

    private static void floats(EntropyCoder coder, float[] values, FloatFormat format) {
        floats(coder, CodeLayout.vector(values.length), format, i -> format.toBits(values[i]));
    }

    private static void floats(
            EntropyCoder coder, CodeLayout layout, FloatFormat format, IntUnaryOperator bits) {
        int all = 1 << format.fractionBits();
        for (int i = 0; i < layout.size(); ++i) {
            all |= bits.applyAsInt(i);
        }
        int dropped = coder.number(Integer.numberOfTrailingZeros(all));
        coder.floats(layout, FloatShape.of(format, dropped), written(bits));
    }

    private static EntropyCoder.Elements written(IntUnaryOperator numbers) {
        return new EntropyCoder.Elements() {
            @Override
            public int get(int index) {
                return numbers.applyAsInt(index);
            }

            @Override
            public void set(int index, int number) {
                // it is there already
            }
        };
    }
}
