package dev.bonsai.cli.input;

import dev.bonsai.command.InputException;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One input of a model, of 32-bit floats, integers or booleans. Its first axis is that of the
 * samples.
 *
 * @param input what the graph says of it
 */
record Slot(Input input) {

    Slot {
        boolean floats = Constants.isFloat(input.type());
        if (input.shape().rank() == 0 || (floats && input.type() != ElementType.FLOAT32)) {
            throw new InputException(
                    "Inputs of 32-bit floats, integers and booleans with an axis of samples can be"
                            + " given here, but the model takes "
                            + input
                            + ": run it from Java with PlainModel");
        }
    }

    ElementType type() {
        return input.type();
    }

    boolean isFloat() {
        return type() == ElementType.FLOAT32;
    }

    /** The samples of one run: as many as a fixed first axis has, or one. */
    int perRun() {
        Dim first = input.shape().get(0);
        return first.isFixed() ? Math.toIntExact(first.size()) : 1;
    }

    /** The dimensions of a sample. */
    List<Dim> sample() {
        return input.shape().dims().subList(1, input.shape().rank());
    }

    static boolean fits(Dim dim, long size) {
        return !dim.isFixed() || dim.is(size);
    }

    /** Cuts an array into samples; one of the rank of a sample is one. */
    List<Row> rows(String name, Tensor given) {
        int[] shape = given.shape();
        boolean one = shape.length == sample().size();
        boolean several = shape.length == sample().size() + 1;
        int[] sizes = several ? Arrays.copyOfRange(shape, 1, shape.length) : shape;
        boolean fits = one || several;
        for (int i = 0; fits && i < sizes.length; ++i) {
            fits = fits(sample().get(i), sizes[i]);
        }
        if (!fits) {
            throw new InputException(
                    name
                            + " is "
                            + given
                            + ", but the model takes "
                            + input
                            + " with the samples along the first axis: give an array of that"
                            + " shape");
        }
        if (given.size() == 0) {
            throw new InputException(
                    name + " is " + given + ", and holds no number: give at least one sample");
        }
        Tensor all = converted(name, given);
        int count = one ? 1 : shape[0];
        List<Row> rows = new ArrayList<>(count);
        for (int i = 0; i < count; ++i) {
            int size = all.size() / count;
            rows.add(
                    new Row(
                            count == 1 ? name : name + "[" + i + "]",
                            part(all, i * size, size, shape(1, sizes))));
        }
        return rows;
    }

    private static int[] shape(int count, int[] sizes) {
        int[] shape = new int[sizes.length + 1];
        shape[0] = count;
        System.arraycopy(sizes, 0, shape, 1, sizes.length);
        return shape;
    }

    private Tensor part(Tensor all, int from, int size, int[] shape) {
        return isFloat()
                ? Tensor.of(Arrays.copyOfRange(all.floats(), from, from + size), shape)
                : Tensor.of(type(), Arrays.copyOfRange(all.longs(), from, from + size), shape);
    }

    /** Has numbers of another type be those of the input: floats are rounded, integers fit. */
    private Tensor converted(String name, Tensor given) {
        if (isFloat()) {
            return Tensor.of(given.encode().decode(), given.shape());
        }
        if (!Constants.isFloat(given.type())) {
            long[] numbers = given.longs();
            Tensor narrow = Tensor.of(type(), numbers.clone(), given.shape());
            if (Arrays.equals(narrow.longs(), numbers)) {
                return narrow;
            }
        }
        throw new InputException(
                name
                        + " has numbers of "
                        + given.type()
                        + " that are not all "
                        + type()
                        + ", but the model takes "
                        + input
                        + ": convert them");
    }

    /** Puts the samples of one run together. */
    Tensor run(List<Row> rows) {
        Tensor first = rows.get(0).value();
        if (rows.size() == 1) {
            return first;
        }
        float[] floats = new float[isFloat() ? first.size() * rows.size() : 0];
        long[] longs = new long[isFloat() ? 0 : first.size() * rows.size()];
        for (int i = 0; i < rows.size(); ++i) {
            Tensor value = rows.get(i).value();
            if (!Arrays.equals(value.shape(), first.shape())) {
                throw new InputException(
                        rows.get(i).name()
                                + " has another shape than "
                                + rows.get(0).name()
                                + ", but the model takes "
                                + rows.size()
                                + " samples at once: give samples of one shape");
            }
            System.arraycopy(
                    isFloat() ? value.floats() : value.longs(),
                    0,
                    isFloat() ? floats : longs,
                    i * first.size(),
                    first.size());
        }
        int[] shape = first.shape();
        shape[0] = rows.size();
        return isFloat() ? Tensor.of(floats, shape) : Tensor.of(type(), longs, shape);
    }
}
