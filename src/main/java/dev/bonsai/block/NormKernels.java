package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.graph.operator.BatchNormalization;
import dev.bonsai.graph.operator.LayerNormalization;
import java.util.stream.IntStream;

/** Normalisations. */
final class NormKernels {

    private static final int MEAN = 3;
    private static final int VARIANCE = 4;

    /** The engine takes the channels from axis 1 then, and does not turn axes round. */
    private static final int AXIS_AS_IT_IS = -1;

    private NormKernels() {}

    /** Statistics that are not weights stand still, and are used in training too. */
    static Kernel batchNormalization(BatchNormalization operator) {
        return Kernel.of(
                in -> {
                    NDArray x = in.owned(0);
                    Shape shape = x.getShape();
                    boolean list = shape.dimension() == 1;
                    NDArray batch = list ? in.scratch(x.reshape(-1, 1)) : x;
                    NDArray result =
                            batch.getNDArrayInternal()
                                    .batchNorm(
                                            batch,
                                            in.array(MEAN),
                                            in.array(VARIANCE),
                                            in.array(1),
                                            in.array(2),
                                            AXIS_AS_IT_IS,
                                            operator.momentum(),
                                            operator.epsilon(),
                                            in.isTraining()
                                                    && in.isWeight(MEAN)
                                                    && in.isWeight(VARIANCE))
                                    .singletonOrThrow();
                    return list ? in.scratch(result).reshape(shape) : result;
                });
    }

    static Kernel layerNormalization(LayerNormalization operator) {
        return in -> {
            NDArray x = in.owned(0);
            Shape shape = x.getShape();
            int axis = operator.axis() < 0 ? operator.axis() + shape.dimension() : operator.axis();
            Shape normal = shape.slice(axis);
            boolean fits = in.shape(1).equals(normal) && (!in.has(2) || in.shape(2).equals(normal));
            if (in.results() > 1 || !fits) {
                return composed(operator, in, x, axis);
            }
            NDArray shift = in.has(2) ? in.array(2) : in.scratch(in.owned(1).zerosLike());
            return new Value[] {
                Value.of(
                        x.getNDArrayInternal()
                                .layerNorm(x, normal, in.array(1), shift, operator.epsilon())
                                .singletonOrThrow())
            };
        };
    }

    private static Value[] composed(
            LayerNormalization operator, Arguments in, NDArray x, int axis) {
        Shape shape = x.getShape();
        int[] axes = IntStream.range(axis, shape.dimension()).toArray();
        NDArray count = in.scalar((double) Types.product(shape, axis, shape.dimension()), x);
        NDArray mean = in.scratch(x.sum(axes, true)).div(count);
        NDArray centred = in.scratch(x.sub(mean));
        NDArray variance =
                in.scratch(in.scratch(in.scratch(centred.square()).sum(axes, true)).div(count));
        NDArray root =
                in.scratch(in.scratch(variance.add(in.scalar(operator.epsilon(), x))).sqrt());
        NDArray inverse = in.scratch(root.onesLike()).div(root);
        NDArray result = in.scratch(centred.mul(inverse)).mul(in.array(1));
        if (in.has(2)) {
            result = in.scratch(result).add(in.array(2));
        }
        return new Value[] {Value.of(result), Value.of(mean), Value.of(inverse)};
    }
}
