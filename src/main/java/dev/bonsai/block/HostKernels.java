package dev.bonsai.block;

import ai.djl.ndarray.types.Shape;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.operator.Comparison;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.ConstantOfShape;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reduce;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.Slice;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Variadic;
import dev.bonsai.graph.type.Constants;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The operators of shape arithmetic, on Java's side. */
final class HostKernels {

    private HostKernels() {}

    /** Finds the kernel of an operator, or empty if it always goes to the device. */
    static Optional<HostKernel> of(Operator operator) {
        return Optional.ofNullable(kernel(operator));
    }

    private static HostKernel kernel(Operator operator) {
        if (operator instanceof Unary unary) {
            return unary(unary);
        }
        if (operator instanceof Binary binary) {
            return HostArithmetic.binary(binary);
        }
        if (operator instanceof Comparison comparison) {
            return HostArithmetic.comparison(comparison);
        }
        if (operator instanceof Variadic variadic) {
            return HostArithmetic.variadic(variadic);
        }
        if (operator == Plain.WHERE) {
            return HostArithmetic.where();
        }
        if (operator instanceof Reduce reduce) {
            return HostArithmetic.reduce(reduce);
        }
        if (operator instanceof Cast cast) {
            return Constants.isFloat(cast.to()) ? null : HostKernel.of(x -> cast(cast.to(), x[0]));
        }
        HostKernel shape = ofShape(operator);
        return shape != null ? shape : ofPart(operator);
    }

    private static HostKernel unary(Unary operator) {
        return switch (operator) {
            case IDENTITY -> HostKernel.of(x -> x[0]);
            case NEG -> HostKernel.of(x -> HostArithmetic.map(x[0], v -> -v));
            case ABS -> HostKernel.of(x -> HostArithmetic.map(x[0], Math::abs));
            case NOT -> HostKernel.of(x -> HostArithmetic.map(x[0], v -> 1 - v));
            default -> null;
        };
    }

    private static Numbers cast(ElementType to, Numbers x) {
        long[] values = Arrays.stream(x.values()).map(v -> Numbers.narrowed(to, v)).toArray();
        return new Numbers(to, x.shape(), values);
    }

    private static HostKernel ofShape(Operator operator) {
        if (operator instanceof Reshape reshape) {
            return HostKernel.of(
                    x ->
                            x[0].reshaped(
                                    Sizes.reshaped(
                                            x[0].shape(), x[1].values(), reshape.allowZero())));
        }
        if (operator instanceof Flatten flatten) {
            return HostKernel.of(x -> x[0].reshaped(Sizes.flattened(x[0].shape(), flatten.axis())));
        }
        if (operator == Plain.SQUEEZE) {
            return HostKernel.of(
                    x ->
                            x[0].reshaped(
                                    x.length > 1 && x[1] != null
                                            ? Sizes.squeezed(x[0].shape(), x[1].values())
                                            : Sizes.squeezed(x[0].shape())));
        }
        if (operator == Plain.UNSQUEEZE) {
            return HostKernel.of(x -> x[0].reshaped(Sizes.unsqueezed(x[0].shape(), x[1].values())));
        }
        if (operator == Plain.EXPAND) {
            return HostKernel.where(
                    x -> size(expanded(x)) <= Numbers.MOST,
                    x -> HostArithmetic.broadcast(x[0], expanded(x)));
        }
        if (operator instanceof ConstantOfShape constant) {
            return Constants.isFloat(constant.type())
                    ? null
                    : HostKernel.where(
                            x -> size(new Shape(x[0].values())) <= Numbers.MOST,
                            x -> filled(constant, new Shape(x[0].values())));
        }
        return null;
    }

    private static long size(Shape shape) {
        return shape.size();
    }

    private static Shape expanded(Numbers... x) {
        return Types.broadcast(x[0].shape(), new Shape(x[1].values()));
    }

    private static Numbers filled(ConstantOfShape constant, Shape shape) {
        long[] values = new long[(int) shape.size()];
        Arrays.fill(values, Numbers.narrowed(constant.type(), (long) constant.value()));
        return new Numbers(constant.type(), shape, values);
    }

    private static HostKernel ofPart(Operator operator) {
        if (operator instanceof Concat) {
            return HostKernel.where(
                    x -> Arrays.stream(x).allMatch(n -> n.rank() == 1), HostKernels::concat);
        }
        if (operator instanceof Gather) {
            return HostKernel.where(x -> x[0].rank() == 1, x -> gather(x[0], x[1]));
        }
        if (operator == Plain.SLICE) {
            return HostKernel.where(x -> x[0].rank() == 1, HostKernels::slice);
        }
        if (operator instanceof Split) {
            return HostKernels::split;
        }
        if (operator == Plain.RANGE) {
            return HostKernel.where(
                    x -> range(x).length <= Numbers.MOST,
                    x -> {
                        long[] values = range(x);
                        return new Numbers(x[0].type(), new Shape(values.length), values);
                    });
        }
        return null;
    }

    private static long[] range(Numbers... x) {
        return FillKernels.range(x[0].values()[0], x[1].values()[0], x[2].values()[0]);
    }

    private static Numbers concat(Numbers... parts) {
        long[] values =
                Arrays.stream(parts).flatMapToLong(p -> Arrays.stream(p.values())).toArray();
        return new Numbers(parts[0].type(), new Shape(values.length), values);
    }

    private static Numbers gather(Numbers data, Numbers indices) {
        long[] values =
                Arrays.stream(indices.values())
                        .map(index -> data.values()[Sizes.axis(index, data.size())])
                        .toArray();
        return new Numbers(data.type(), indices.shape(), values);
    }

    private static Numbers slice(Numbers... x) {
        long step = x.length > 4 && x[4] != null ? x[4].values()[0] : 1;
        boolean all = x[1].size() == 0;
        if (all) {
            return x[0];
        }
        Slice.Part part = Slice.Part.of(x[0].size(), x[1].values()[0], x[2].values()[0], step);
        long[] values = new long[part.count()];
        Arrays.setAll(values, i -> x[0].values()[part.start() + i * part.step()]);
        return new Numbers(x[0].type(), new Shape(values.length), values);
    }

    private static Optional<List<Numbers>> split(Numbers[] x, int results) {
        if (x[0].rank() != 1) {
            return Optional.empty();
        }
        long[] sizes =
                x.length > 1 && x[1] != null
                        ? x[1].values()
                        : Split.equal(x[0].size(), results).stream()
                                .mapToLong(Long::longValue)
                                .toArray();
        List<Numbers> parts = new ArrayList<>();
        int from = 0;
        for (long size : sizes) {
            long[] values = Arrays.copyOfRange(x[0].values(), from, (int) (from + size));
            parts.add(new Numbers(x[0].type(), new Shape(size), values));
            from += (int) size;
        }
        return Optional.of(parts);
    }

    /** Computes a node if all operands are here, few, and there is a kernel for them. */
    static Optional<Value[]> run(Optional<HostKernel> kernel, Value[] operands, int results) {
        if (kernel.isEmpty()) {
            return Optional.empty();
        }
        Numbers[] numbers = new Numbers[operands.length];
        for (int i = 0; i < operands.length; ++i) {
            if (operands[i] != null) {
                if (operands[i].numbers().isEmpty()) {
                    return Optional.empty();
                }
                numbers[i] = operands[i].numbers().get();
            }
        }
        return kernel.get()
                .run(numbers, results)
                .map(found -> found.stream().map(Value::of).toArray(Value[]::new));
    }
}
