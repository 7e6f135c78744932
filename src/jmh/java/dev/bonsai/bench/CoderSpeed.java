package dev.bonsai.bench;

import dev.bonsai.encoding.Codes;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.NamedWeight.Role;
import dev.bonsai.encoding.ScaleLayout;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.file.FileForm;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * Prints how fast files are coded and decoded, in megabytes of 32-bit weights per second of one
 * processor, and in how much heap. The number of weights can be given; a matrix of that many is
 * made for each width and share of zeros.
 */
public final class CoderSpeed {

    private static final int SIZE = 4_000_000;
    private static final int COLUMNS = 1_000;
    private static final double MEGA = 1e6;

    private CoderSpeed() {}

    /** Prints a line per weight. */
    public static void main(String[] arguments) throws Exception {
        int size = arguments.length == 0 ? SIZE : Integer.parseInt(arguments[0]);
        System.out.println("bits  zeros  bits each  entropy   write MB/s   read MB/s   packed: write, read");
        for (int bits : new int[] {2, 3, 4, 8}) {
            for (double zeros : new double[] {0, 0.5, 0.95}) {
                print(weight(size / COLUMNS, bits, zeros), bits, zeros);
            }
        }
    }

    private static void print(GridWeight weight, int bits, double zeros) throws Exception {
        NamedWeight named = new NamedWeight("w", Role.WEIGHT, weight);
        BonsaiModel model = new BonsaiModel(List.of(named), List.of());
        StringBuilder line = new StringBuilder();
        double bitsEach = 0;
        for (FileForm form : FileForm.values()) {
            double[] written = new double[3];
            double[] read = new double[3];
            byte[] bytes = {};
            for (int i = 0; i < written.length; ++i) {
                long start = time();
                bytes = BonsaiFile.encode(model, form);
                written[i] = megabytes(weight, start);
                byte[] file = bytes;
                Callable<BonsaiModel> decode = () -> BonsaiFile.decode(file);
                start = time();
                decode.call();
                read[i] = megabytes(weight, start);
            }
            Arrays.sort(written);
            Arrays.sort(read);
            line.append(String.format(Locale.ROOT, "%12.1f%12.1f", written[1], read[1]));
            bitsEach = form == FileForm.CODED ? 8.0 * bytes.length / weight.size() : bitsEach;
        }
        System.out.printf(
                Locale.ROOT,
                "%4d  %5.2f  %9.3f  %7.3f %s%n",
                bits,
                zeros,
                bitsEach,
                entropy(weight),
                line);
    }

    private static double megabytes(GridWeight weight, long start) {
        return weight.size() * (double) Float.BYTES / MEGA / ((time() - start) / 1e9);
    }

    private static long time() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** Returns the entropy of the codes, each by itself, in bits. */
    private static double entropy(GridWeight weight) {
        int[] counts = new int[1 << weight.bits()];
        for (int i = 0; i < weight.size(); ++i) {
            ++counts[weight.codes().get(i) - GridWeight.lowestCode(weight.bits())];
        }
        double sum = 0;
        for (int count : counts) {
            double share = (double) count / weight.size();
            sum -= count == 0 ? 0 : share * Math.log(share) / Math.log(2);
        }
        return sum;
    }

    private static GridWeight weight(int rows, int bits, double zeros) {
        Random random = new Random(1);
        int highest = ~GridWeight.lowestCode(bits);
        Codes codes =
                Codes.of(
                        rows * COLUMNS,
                        -highest,
                        highest,
                        i -> {
                            double value = random.nextGaussian() * Math.max(1, highest) / 2.5;
                            long code = Math.max(-highest, Math.min(highest, Math.round(value)));
                            return random.nextDouble() < zeros ? 0 : (int) code;
                        });
        ScaleLayout layout = new ScaleLayout(rows, COLUMNS, COLUMNS);
        float[] scales = new float[rows];
        Arrays.fill(scales, 0.5f);
        int[] shape = {rows, COLUMNS};
        return new GridWeight(shape, bits, layout, codes, scales, new int[rows]);
    }
}
