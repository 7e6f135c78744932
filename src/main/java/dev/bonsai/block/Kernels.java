package dev.bonsai.block;

import dev.bonsai.graph.operator.ArgMax;
import dev.bonsai.graph.operator.BatchNormalization;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.operator.Comparison;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.ConstantOfShape;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.ConvTranspose;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Gelu;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.GlobalPool;
import dev.bonsai.graph.operator.LayerNormalization;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Pad;
import dev.bonsai.graph.operator.ParametricActivation;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Recurrence;
import dev.bonsai.graph.operator.Reduce;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.Resize;
import dev.bonsai.graph.operator.ShapeOf;
import dev.bonsai.graph.operator.Softmax;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Variadic;
import dev.bonsai.graph.operator.WindowPool;
import dev.bonsai.graph.type.GraphException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The kernel of each type of operators. */
final class Kernels {

    private static final Map<Object, Function<Operator, Kernel>> TABLE = new HashMap<>();

    static {
        add(Unary.class, ElementKernels::unary);
        add(Binary.class, ElementKernels::binary);
        add(Comparison.class, ElementKernels::comparison);
        add(Variadic.class, ElementKernels::variadic);
        add(Plain.WHERE, ElementKernels.where());
        add(Cast.class, ElementKernels::cast);
        add(Plain.CLIP, Limits.clip());
        add(ParametricActivation.class, ActivationKernels::of);
        add(Gelu.class, ActivationKernels::gelu);
        add(Plain.PRELU, ActivationKernels.pRelu());
        add(Softmax.class, ActivationKernels::softmax);
        add(Plain.DROPOUT, ActivationKernels.dropout());
        add(Conv.class, WindowKernels::conv);
        add(ConvTranspose.class, WindowKernels::convTranspose);
        add(WindowPool.class, PoolKernels::of);
        add(GlobalPool.class, PoolKernels::globalPool);
        add(Gemm.class, MatrixKernels::gemm);
        add(Plain.MATMUL, MatrixKernels.matMul());
        add(BatchNormalization.class, NormKernels::batchNormalization);
        add(LayerNormalization.class, NormKernels::layerNormalization);
        add(Reshape.class, ShapeKernels::reshape);
        add(Flatten.class, ShapeKernels::flatten);
        add(Transpose.class, ShapeKernels::transpose);
        add(Plain.SQUEEZE, ShapeKernels.squeeze());
        add(Plain.UNSQUEEZE, ShapeKernels.unsqueeze());
        add(Concat.class, ShapeKernels::concat);
        add(Plain.EXPAND, ShapeKernels.expand());
        add(Plain.TILE, ShapeKernels.tile());
        add(ShapeOf.class, ShapeKernels::shapeOf);
        add(Split.class, PartKernels::split);
        add(Plain.SLICE, PartKernels.slice());
        add(Gather.class, PartKernels::gather);
        add(Pad.class, PartKernels::pad);
        add(Reduce.class, ReduceKernels::reduce);
        add(ArgMax.class, ReduceKernels::argMax);
        add(ConstantOfShape.class, FillKernels::constantOfShape);
        add(Plain.RANGE, FillKernels.range());
        add(Resize.class, ResizeKernels::resize);
        add(Recurrence.class, RecurrentKernels::of);
    }

    private Kernels() {}

    private static <O extends Operator> void add(Class<O> type, Function<O, Kernel> kernel) {
        TABLE.put(type, operator -> kernel.apply(type.cast(operator)));
    }

    private static void add(Plain operator, Kernel kernel) {
        TABLE.put(operator, given -> kernel);
    }

    /**
     * Returns the kernel of an operator.
     *
     * @throws GraphException if there is none
     */
    static Kernel of(Operator operator) {
        Function<Operator, Kernel> kernel =
                TABLE.get(operator instanceof Plain ? operator : operator.getClass());
        if (kernel == null) {
            throw new GraphException(
                    "GraphBlock can't run " + operator.onnxName() + ": it has no kernel");
        }
        return kernel.apply(operator);
    }
}
