package dev.bonsai.cli;

import dev.bonsai.cli.input.Sample;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.runtime.Tensor;
import dev.bonsai.text.Numbers;
import dev.bonsai.text.TextTable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a model makes of samples, as a table: the classes of largest scores where an output is a
 * matrix of floats, and the first values of any other.
 *
 * @param outputs the names of the outputs
 * @param top the classes to show; 0 to take no output for scores
 */
record Predictions(List<String> outputs, int top) {

    private static final int FIRST_VALUES = 8;

    TextTable text(List<Sample> samples, List<List<Tensor>> results) {
        TextTable table = new TextTable("sample", "output", "result");
        for (int i = 0; i < samples.size(); ++i) {
            for (int output = 0; output < outputs.size(); ++output) {
                Tensor value = results.get(i).get(output);
                if (isScores(value)) {
                    addRows(table, samples.get(i).name(), outputs.get(output), value);
                } else {
                    table.row(samples.get(i).name(), outputs.get(output), values(value));
                }
            }
        }
        return table;
    }

    private boolean isScores(Tensor value) {
        return top > 0
                && value.type() == ElementType.FLOAT32
                && value.rank() == 2
                && value.shape()[1] > 1;
    }

    private void addRows(TextTable table, String sample, String output, Tensor scores) {
        int width = scores.shape()[1];
        for (int row = 0; row < scores.shape()[0]; ++row) {
            float[] own = Arrays.copyOfRange(scores.floats(), row * width, (row + 1) * width);
            String name = scores.shape()[0] == 1 ? sample : sample + "+" + row;
            table.row(name, output, classes(own));
        }
    }

    /** The largest scores first, and the lowest class of equal ones. */
    private String classes(float[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> scores[i]).reversed())
                .limit(top)
                .map(i -> "class " + i + " (" + number(scores[i]) + ")")
                .collect(Collectors.joining(", "));
    }

    private static String values(Tensor value) {
        String more = value.size() > FIRST_VALUES ? ", ...]" : "]";
        return value
                + " ["
                + IntStream.range(0, Math.min(FIRST_VALUES, value.size()))
                        .mapToObj(i -> number(value, i))
                        .collect(Collectors.joining(", "))
                + more;
    }

    /** An output that is no number was computed, and not left unmeasured. */
    private static String number(double value) {
        return Double.isNaN(value) ? "NaN" : Numbers.metric(value);
    }

    private static String number(Tensor value, int index) {
        return switch (value.type()) {
            case FLOAT32, FLOAT16, BFLOAT16 -> number(value.floats()[index]);
            case FLOAT64 -> number(value.doubles()[index]);
            case UINT64 -> Long.toUnsignedString(value.longs()[index]);
            default -> Long.toString(value.longs()[index]);
        };
    }
}
