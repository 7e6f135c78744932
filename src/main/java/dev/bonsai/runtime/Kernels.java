package dev.bonsai.runtime;

import dev.bonsai.graph.operator.*;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The arithmetic of all operators: a kernel per type of operators. */
public final class Kernels {

    /** A kernel by its operator, or by the type of its operators. */
    private static final Map<Object, Kernel<Operator>> TABLE = new HashMap<>();

    static {
        elementwise();
        networks();
        layout();
    }

    private Kernels() {}

    private static <O extends Operator> void add(Class<O> type, Kernel<? super O> kernel) {
        TABLE.put(type, (operator, arguments) -> kernel.apply(type.cast(operator), arguments));
    }

    private static void add(Plain operator, Function<Arguments, List<Tensor>> kernel) {
        TABLE.put(operator, (plain, arguments) -> kernel.apply(arguments));
    }

    private static void elementwise() {
        add(Unary.class, UnaryKernels::apply);
        add(Binary.class, BinaryKernels::apply);
        add(Comparison.class, ComparisonKernels::apply);
        add(Variadic.class, BinaryKernels::variadic);
        add(Plain.PRELU, BinaryKernels::pRelu);
        add(Plain.WHERE, ComparisonKernels::where);
        add(ParametricActivation.class, ActivationKernels::apply);
        add(Gelu.class, ActivationKernels::gelu);
        add(Plain.CLIP, ActivationKernels::clip);
        add(Plain.DROPOUT, ActivationKernels::dropout);
        add(Cast.class, SourceKernels::cast);
    }

    private static void networks() {
        add(Conv.class, ConvKernel::apply);
        add(ConvTranspose.class, ConvTransposeKernel::apply);
        add(WindowPool.class, PoolKernels::apply);
        add(GlobalPool.class, PoolKernels::global);
        add(Gemm.class, ProductKernels::gemm);
        add(Plain.MATMUL, ProductKernels::matMul);
        add(BatchNormalization.class, NormalizationKernels::batch);
        add(LayerNormalization.class, NormalizationKernels::layer);
        add(Softmax.class, NormalizationKernels::softmax);
        add(Reduce.class, ReduceKernels::apply);
        add(ArgMax.class, ReduceKernels::argMax);
        add(Recurrence.class, RecurrentKernels::run);
    }

    private static void layout() {
        add(Reshape.class, LayoutKernels::reshape);
        add(Flatten.class, LayoutKernels::flatten);
        add(Transpose.class, LayoutKernels::transpose);
        add(Plain.SQUEEZE, LayoutKernels::squeeze);
        add(Plain.UNSQUEEZE, LayoutKernels::unsqueeze);
        add(Concat.class, PartKernels::concat);
        add(Split.class, PartKernels::split);
        add(Plain.SLICE, PartKernels::slice);
        add(Gather.class, PartKernels::gather);
        add(Plain.EXPAND, PartKernels::expand);
        add(Plain.TILE, PartKernels::tile);
        add(Pad.class, PartKernels::pad);
        add(Resize.class, ResizeKernel::apply);
        add(ShapeOf.class, SourceKernels::shape);
        add(ConstantOfShape.class, SourceKernels::constantOfShape);
        add(Plain.RANGE, SourceKernels::range);
    }

    /**
     * Tells whether there is a kernel.
     *
     * @param operator an operator
     * @return whether {@link #apply} computes it
     */
    public static boolean knows(Operator operator) {
        return TABLE.containsKey(key(operator));
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
        Kernel<Operator> kernel = TABLE.get(key(operator));
        if (kernel == null) {
            throw new GraphException(
                    "There is no kernel for %s: it can't be run in plain Java",
                    operator.onnxName());
        }
        return kernel.apply(operator, arguments);
    }

    private static Object key(Operator operator) {
        return operator instanceof Plain ? operator : operator.getClass();
    }
}
