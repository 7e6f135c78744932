package dev.bonsai.runtime;

import dev.bonsai.graph.operator.*;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The arithmetic of all operators: a kernel per type of operators. */
public final class Kernels {

    /** A kernel with the type of its operators. */
    private record Entry<O>(Class<O> type, Kernel<? super O> kernel) {

        List<Tensor> apply(Operator operator, Arguments arguments) {
            return kernel.apply(type.cast(operator), arguments);
        }
    }

    private static final Map<Class<?>, Entry<?>> TABLE = new HashMap<>();

    static {
        elementwise();
        networks();
        layout();
    }

    private Kernels() {}

    private static <O extends Operator> void add(Class<O> type, Kernel<? super O> kernel) {
        TABLE.put(type, new Entry<>(type, kernel));
    }

    private static void elementwise() {
        add(Unary.class, UnaryKernels::apply);
        add(Binary.class, BinaryKernels::apply);
        add(Comparison.class, ComparisonKernels::apply);
        add(Variadic.class, BinaryKernels::variadic);
        add(PRelu.class, BinaryKernels::pRelu);
        add(Where.class, ComparisonKernels::where);
        add(LeakyRelu.class, ActivationKernels::leakyRelu);
        add(Elu.class, ActivationKernels::elu);
        add(Selu.class, ActivationKernels::selu);
        add(HardSigmoid.class, ActivationKernels::hardSigmoid);
        add(Gelu.class, ActivationKernels::gelu);
        add(Clip.class, ActivationKernels::clip);
        add(Dropout.class, ActivationKernels::dropout);
        add(Cast.class, SourceKernels::cast);
    }

    private static void networks() {
        add(Conv.class, ConvKernel::apply);
        add(ConvTranspose.class, ConvTransposeKernel::apply);
        add(MaxPool.class, PoolKernels::max);
        add(AveragePool.class, PoolKernels::average);
        add(GlobalPool.class, PoolKernels::global);
        add(Gemm.class, ProductKernels::gemm);
        add(MatMul.class, ProductKernels::matMul);
        add(BatchNormalization.class, NormalizationKernels::batch);
        add(LayerNormalization.class, NormalizationKernels::layer);
        add(Softmax.class, NormalizationKernels::softmax);
        add(LogSoftmax.class, NormalizationKernels::logSoftmax);
        add(Reduce.class, ReduceKernels::apply);
        add(ArgMax.class, ReduceKernels::argMax);
        add(Recurrence.class, RecurrentKernels::run);
    }

    private static void layout() {
        add(Reshape.class, LayoutKernels::reshape);
        add(Flatten.class, LayoutKernels::flatten);
        add(Transpose.class, LayoutKernels::transpose);
        add(Squeeze.class, LayoutKernels::squeeze);
        add(Unsqueeze.class, LayoutKernels::unsqueeze);
        add(Concat.class, PartKernels::concat);
        add(Split.class, PartKernels::split);
        add(Slice.class, PartKernels::slice);
        add(Gather.class, PartKernels::gather);
        add(Expand.class, PartKernels::expand);
        add(Tile.class, PartKernels::tile);
        add(Pad.class, PartKernels::pad);
        add(Resize.class, ResizeKernel::apply);
        add(ShapeOf.class, SourceKernels::shape);
        add(ConstantOfShape.class, SourceKernels::constantOfShape);
        add(RangeOf.class, SourceKernels::range);
    }

    /**
     * Tells whether there is a kernel.
     *
     * @param operator an operator
     * @return whether {@link #apply} computes it
     */
    public static boolean knows(Operator operator) {
        return TABLE.containsKey(type(operator));
    }

    /**
     * Computes an operator.
     *
     * @param operator the operator
     * @param operands its operands, empty where an optional one is left out
     * @param results how many results are asked for
     * @return that many results
     * @throws GraphException if the operands don't fit
     */
    public static List<Tensor> apply(
            Operator operator, List<Optional<Tensor>> operands, int results) {
        Tensor[] values = operands.stream().map(value -> value.orElse(null)).toArray(Tensor[]::new);
        check(operator, values, results);
        return compute(operator, Arguments.of(results, values)).subList(0, results);
    }

    /** Checks operands by the shape rule; null where one is left out. */
    static void check(Operator operator, Tensor[] values, int results) {
        operator.schema().checkArity(values.length, results);
        List<Optional<ValueInfo>> known = new ArrayList<>();
        for (Tensor value : values) {
            known.add(Optional.ofNullable(value).map(Tensor::info));
        }
        operator.infer(new Operands(known, results));
    }

    /** Computes an operator on operands that have been checked. */
    static List<Tensor> compute(Operator operator, Arguments arguments) {
        Entry<?> entry = TABLE.get(type(operator));
        if (entry == null) {
            throw new GraphException(
                    "There is no kernel for %s: it can't be run in plain Java",
                    operator.onnxName());
        }
        return entry.apply(operator, arguments);
    }

    private static Class<?> type(Operator operator) {
        return operator instanceof Enum<?> constant
                ? constant.getDeclaringClass()
                : operator.getClass();
    }
}
