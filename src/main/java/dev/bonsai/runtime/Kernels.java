package dev.bonsai.runtime;

import dev.bonsai.graph.operator.*;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The arithmetic of all operators: a kernel per type of operators. */
public final class Kernels {

    private Kernels() {}

    /**
     * Returns the kernel of an operator, or null if there is none. Those of operators that a model
     * does not have are never made: a table of them all would take longer than a small model.
     */
    static Kernel find(Operator operator) {
        if (operator instanceof Plain own) {
            return plain(own);
        }
        Kernel kernel = elementwise(operator);
        kernel = kernel == null ? networks(operator) : kernel;
        return kernel == null ? layout(operator) : kernel;
    }

    private static Kernel plain(Plain operator) {
        return switch (operator) {
            case MATMUL -> ProductKernels::matMul;
            case PRELU -> BinaryKernels::pRelu;
            case WHERE -> ComparisonKernels::where;
            case CLIP -> ActivationKernels::clip;
            case DROPOUT -> ActivationKernels::dropout;
            case SQUEEZE -> LayoutKernels::squeeze;
            case UNSQUEEZE -> LayoutKernels::unsqueeze;
            case SLICE -> PartKernels::slice;
            case EXPAND -> PartKernels::expand;
            case TILE -> PartKernels::tile;
            case RANGE -> SourceKernels::range;
        };
    }

    private static Kernel elementwise(Operator operator) {
        if (operator instanceof Unary own) {
            return arguments -> UnaryKernels.apply(own, arguments);
        }
        if (operator instanceof Binary own) {
            return arguments -> BinaryKernels.apply(own, arguments);
        }
        if (operator instanceof Comparison own) {
            return arguments -> ComparisonKernels.apply(own, arguments);
        }
        if (operator instanceof Variadic own) {
            return arguments -> BinaryKernels.variadic(own, arguments);
        }
        if (operator instanceof ParametricActivation own) {
            return arguments -> ActivationKernels.apply(own, arguments);
        }
        if (operator instanceof Gelu own) {
            return arguments -> ActivationKernels.gelu(own, arguments);
        }
        if (operator instanceof Cast own) {
            return arguments -> SourceKernels.cast(own, arguments);
        }
        return null;
    }

    private static Kernel networks(Operator operator) {
        if (operator instanceof Conv own) {
            return arguments -> ConvKernel.apply(own, arguments);
        }
        if (operator instanceof ConvTranspose own) {
            return arguments -> ConvTransposeKernel.apply(own, arguments);
        }
        if (operator instanceof WindowPool own) {
            return arguments -> PoolKernels.apply(own, arguments);
        }
        if (operator instanceof GlobalPool own) {
            return arguments -> PoolKernels.global(own, arguments);
        }
        if (operator instanceof Gemm own) {
            return arguments -> ProductKernels.gemm(own, arguments);
        }
        if (operator instanceof BatchNormalization own) {
            return arguments -> NormalizationKernels.batch(own, arguments);
        }
        if (operator instanceof LayerNormalization own) {
            return arguments -> NormalizationKernels.layer(own, arguments);
        }
        if (operator instanceof Softmax own) {
            return arguments -> NormalizationKernels.softmax(own, arguments);
        }
        if (operator instanceof Reduce own) {
            return arguments -> ReduceKernels.apply(own, arguments);
        }
        if (operator instanceof ArgMax own) {
            return arguments -> ReduceKernels.argMax(own, arguments);
        }
        if (operator instanceof Recurrence own) {
            return arguments -> RecurrentKernels.run(own, arguments);
        }
        return null;
    }

    private static Kernel layout(Operator operator) {
        if (operator instanceof Reshape own) {
            return arguments -> LayoutKernels.reshape(own, arguments);
        }
        if (operator instanceof Flatten own) {
            return arguments -> LayoutKernels.flatten(own, arguments);
        }
        if (operator instanceof Transpose own) {
            return arguments -> LayoutKernels.transpose(own, arguments);
        }
        if (operator instanceof Concat own) {
            return arguments -> PartKernels.concat(own, arguments);
        }
        if (operator instanceof Split own) {
            return arguments -> PartKernels.split(own, arguments);
        }
        if (operator instanceof Gather own) {
            return arguments -> PartKernels.gather(own, arguments);
        }
        if (operator instanceof Pad own) {
            return arguments -> PartKernels.pad(own, arguments);
        }
        if (operator instanceof Resize own) {
            return arguments -> ResizeKernel.apply(own, arguments);
        }
        if (operator instanceof ShapeOf own) {
            return arguments -> SourceKernels.shape(own, arguments);
        }
        if (operator instanceof ConstantOfShape own) {
            return arguments -> SourceKernels.constantOfShape(own, arguments);
        }
        return null;
    }

    /**
     * Tells whether there is a kernel.
     *
     * @param operator an operator
     * @return whether {@link #apply} computes it
     */
    public static boolean knows(Operator operator) {
        return find(operator) != null;
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
        Kernel kernel = find(operator);
        if (kernel == null) {
            throw new GraphException(
                    "There is no kernel for %s: it can't be run in plain Java",
                    operator.onnxName());
        }
        return kernel.apply(arguments);
    }
}
