package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.graph.operator.Gelu;
import dev.bonsai.graph.operator.ParametricActivation;
import dev.bonsai.graph.operator.Softmax;

/** Activations with attributes, softmax and dropout. */
final class ActivationKernels {

    private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
    private static final double CUBIC = 0.044715;
    private static final float DROPPED = 0.5f;

    private ActivationKernels() {}

    static Kernel of(ParametricActivation operator) {
        float alpha = operator.alpha();
        return switch (operator.kind()) {
            case LEAKY_RELU -> Kernel.unary(x -> x.getNDArrayInternal().leakyRelu(alpha));
            case ELU -> Kernel.unary(x -> x.getNDArrayInternal().elu(alpha));
            case SELU ->
                    Kernel.of(
                            in -> {
                                NDArray x = in.owned(0);
                                NDArray elu = in.scratch(x.getNDArrayInternal().elu(alpha));
                                return elu.mul(in.scalar(operator.beta(), x));
                            });
            case HARD_SIGMOID ->
                    Kernel.of(
                            in -> {
                                NDArray x = in.owned(0);
                                NDArray scaled = in.scratch(x.mul(in.scalar(alpha, x)));
                                NDArray line =
                                        in.scratch(scaled.add(in.scalar(operator.beta(), x)));
                                return Limits.clip(in, line, 0, 1);
                            });
        };
    }

    static Kernel gelu(Gelu operator) {
        return switch (operator.approximation()) {
            case NONE -> Kernel.unary(x -> x.getNDArrayInternal().gelu());
            case TANH -> Kernel.of(ActivationKernels::tanhGelu);
        };
    }

    private static NDArray tanhGelu(Arguments in) {
        NDArray x = in.owned(0);
        NDArray cube = in.scratch(in.scratch(x.square()).mul(x));
        NDArray bent = in.scratch(in.scratch(cube.mul(in.scalar(CUBIC, x))).add(x));
        NDArray tanh = in.scratch(in.scratch(bent.mul(in.scalar(SQRT_2_OVER_PI, x))).tanh());
        NDArray gate = in.scratch(tanh.add(in.scalar(1, x)));
        return in.scratch(gate.mul(x)).mul(in.scalar(0.5, x));
    }

    /** The engine has none. At 0 the slope is the one below it, as in PyTorch. */
    static Kernel pRelu() {
        return Kernel.of(
                in -> {
                    NDArray x = in.owned(0);
                    NDArray below = in.scratch(x.mul(in.array(1)));
                    return NDArrays.where(in.scratch(x.gt(in.scalar(0, x))), x, below);
                });
    }

    static Kernel softmax(Softmax operator) {
        return switch (operator.kind()) {
            case SOFTMAX -> Kernel.unary(x -> x.softmax(operator.axis()));
            case LOG_SOFTMAX -> Kernel.unary(x -> x.logSoftmax(operator.axis()));
        };
    }

    static Kernel dropout() {
        return in -> {
            NDArray x = in.owned(0);
            boolean active = in.isTraining();
            float ratio = active && in.has(1) ? in.floats(1)[0] : DROPPED;
            if (in.results() < 2) {
                NDArray result =
                        active
                                ? x.getNDArrayInternal().dropout(x, ratio, true).singletonOrThrow()
                                : x;
                return new Value[] {Value.of(result)};
            }
            return active ? masked(in, x, ratio) : kept(in, x);
        };
    }

    private static Value[] kept(Arguments in, NDArray x) {
        NDArray all = in.scratch(x.onesLike());
        return new Value[] {Value.of(x), Value.of(all.toType(DataType.BOOLEAN, false))};
    }

    private static Value[] masked(Arguments in, NDArray x, float ratio) {
        NDArray ones = in.scratch(x.onesLike());
        NDArray scaled = ones.getNDArrayInternal().dropout(ones, ratio, true).singletonOrThrow();
        NDArray mask = in.scratch(scaled).toType(DataType.BOOLEAN, false);
        return new Value[] {Value.of(x.mul(scaled)), Value.of(mask)};
    }
}
