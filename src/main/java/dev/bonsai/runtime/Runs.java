package dev.bonsai.runtime;

/**
 * Goes through what a window meets, in runs along the last spatial axis: an element of the window
 * meets, at positions one behind the other, elements of the input at a step from one another.
 */
final class Runs {

    /** What is done to a run. */
    @FunctionalInterface
    interface Run {

        /**
         * Takes a run.
         *
         * @param input the first element of the input
         * @param position the first position
         * @param count the number of positions
         */
        void accept(int input, int position, int count);
    }

    private Runs() {}

    /** Goes through the runs of one element of the window over one image. */
    static void forEach(Windows windows, int element, Run run) {
        int rank = windows.rank();
        Windows.Reach[] reach = new Windows.Reach[rank];
        int left = element;
        for (int i = rank - 1; i >= 0; --i) {
            reach[i] = windows.reach(i, left % windows.axes()[i].kernel());
            left /= windows.axes()[i].kernel();
        }
        down(windows, reach, 0, 0, 0, run);
    }

    /** Goes through the runs of all elements of the window over images that follow one another. */
    static void forEachOfAll(Windows windows, int images, Run run) {
        int kernel = windows.kernelSize();
        for (int i = 0; i < images; ++i) {
            int first = i * windows.inputSize();
            int to = i * windows.outputSize();
            for (int element = 0; element < kernel; ++element) {
                forEach(
                        windows,
                        element,
                        (input, position, count) ->
                                run.accept(first + input, to + position, count));
            }
        }
    }

    /** Goes down the axes; input and position are the places so far. */
    private static void down(
            Windows windows, Windows.Reach[] reach, int axis, int input, int position, Run run) {
        Windows.Reach along = reach[axis];
        int stride = windows.axes()[axis].stride();
        int from = input * windows.input()[axis] + along.offset();
        int to = position * windows.output()[axis];
        if (axis == reach.length - 1) {
            int first = along.first();
            if (along.behind() > first) {
                run.accept(from + first * stride, to + first, along.behind() - first);
            }
            return;
        }
        for (int i = along.first(); i < along.behind(); ++i) {
            down(windows, reach, axis + 1, from + i * stride, to + i, run);
        }
    }
}
