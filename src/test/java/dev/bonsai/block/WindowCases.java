package dev.bonsai.block;

import static dev.bonsai.block.OperatorCase.real;

import dev.bonsai.block.OperatorCase.Operand;
import dev.bonsai.graph.operator.AutoPad;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.ConvTranspose;
import dev.bonsai.graph.operator.GlobalPool;
import dev.bonsai.graph.operator.Window;
import dev.bonsai.graph.operator.WindowPool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Convolutions and pooling, with all that a window can be. */
final class WindowCases {

    private static final int KERNEL = 3;

    private enum Padding {
        NONE,
        EVEN,
        UNEVEN,
        VALID,
        SAME_UPPER,
        SAME_LOWER;

        AutoPad auto() {
            return switch (this) {
                case NONE, EVEN, UNEVEN -> AutoPad.NOTSET;
                case VALID -> AutoPad.VALID;
                case SAME_UPPER -> AutoPad.SAME_UPPER;
                case SAME_LOWER -> AutoPad.SAME_LOWER;
            };
        }

        List<Integer> pads(int rank) {
            List<Integer> pads = new ArrayList<>();
            if (this == EVEN || this == UNEVEN) {
                pads.addAll(Collections.nCopies(rank, 1));
                pads.addAll(Collections.nCopies(rank, this == EVEN ? 1 : 2));
            }
            return pads;
        }
    }

    private record Option(Window window, int rank, int stride) {}

    private WindowCases() {}

    private static List<Option> options() {
        List<Option> options = new ArrayList<>();
        for (Padding padding : Padding.values()) {
            for (int rank = 1; rank <= 2; ++rank) {
                for (int stride = 1; stride <= 2; ++stride) {
                    for (int dilation = 1; dilation <= 2; ++dilation) {
                        Window window =
                                new Window(
                                        padding.auto(),
                                        Collections.nCopies(rank, KERNEL),
                                        Collections.nCopies(rank, stride),
                                        padding.pads(rank),
                                        Collections.nCopies(rank, dilation));
                        options.add(new Option(window, rank, stride));
                    }
                }
            }
        }
        return options;
    }

    private static Operand input(int rank, int channels) {
        return rank == 1 ? real(2, channels, 8) : real(1, channels, 6, 7);
    }

    private static Operand weight(int rank, int first, int second) {
        return rank == 1 ? real(first, second, KERNEL) : real(first, second, KERNEL, KERNEL);
    }

    static List<OperatorCase> all() {
        List<OperatorCase> cases = new ArrayList<>();
        for (Option option : options()) {
            for (int group = 1; group <= 2; ++group) {
                convolutions(option, group, cases);
            }
            pools(option, cases);
        }
        for (GlobalPool pool : GlobalPool.values()) {
            cases.add(OperatorCase.of(pool, real(2, 3, 4)));
            cases.add(OperatorCase.of(pool, real(2, 3, 4, 2)));
            cases.add(OperatorCase.of(pool, real(1, 2, 3, 2, 2)));
            cases.add(OperatorCase.of(pool, real(0, 3, 4, 4)));
        }
        return cases;
    }

    private static void convolutions(Option option, int group, List<OperatorCase> cases) {
        Operand x = input(option.rank(), 2);
        Operand weight = weight(option.rank(), 4, 2 / group);
        Conv conv = new Conv(option.window(), group);
        cases.add(OperatorCase.of(conv, x, weight));
        cases.add(OperatorCase.of(conv, x, weight, real(4)));
        Operand back = weight(option.rank(), 2, 2);
        List<List<Integer>> added = new ArrayList<>(List.of(List.of()));
        boolean given = option.window().autoPad() == AutoPad.NOTSET;
        if (option.stride() > 1 && given) {
            added.add(Collections.nCopies(option.rank(), 1));
        }
        for (List<Integer> padding : added) {
            ConvTranspose transposed =
                    new ConvTranspose(option.window(), group, padding, List.of());
            cases.add(OperatorCase.of(transposed, x, back));
            cases.add(OperatorCase.of(transposed, x, back, real(2 * group)));
        }
    }

    private static void pools(Option option, List<OperatorCase> cases) {
        for (boolean ceil : new boolean[] {false, true}) {
            for (boolean flag : new boolean[] {false, true}) {
                WindowPool max = new WindowPool(WindowPool.Kind.MAX, option.window(), ceil, flag);
                cases.add(OperatorCase.of(max, input(option.rank(), 2)));
                cases.add(OperatorCase.of(max, input(option.rank(), 2)).withResults(2));
                WindowPool average =
                        new WindowPool(WindowPool.Kind.AVERAGE, option.window(), ceil, flag);
                cases.add(OperatorCase.of(average, input(option.rank(), 2)));
            }
        }
    }
}
