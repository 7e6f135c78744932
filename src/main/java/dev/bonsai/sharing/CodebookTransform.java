package dev.bonsai.sharing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.NativeFloats;
import dev.bonsai.core.StepHook;
import dev.bonsai.core.StraightThrough;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;

/**
 * Gives the elements of a cluster their mean at every pass; the gradient passes as if it were the
 * identity, and is summed up afterwards where the training asks for it.
 *
 * <p>It keeps no arrays of the engine: the sums run over plain floats, in the order of the
 * elements, so that file and forward pass agree to the last bit.
 */
final class CodebookTransform implements WeightTransform, StepHook {

    private final Clusters clusters;
    private final CentroidTraining training;

    /** The summed gradients of the batches that the present step has had so far. */
    private float[] summed;

    CodebookTransform(Clusters clusters, CentroidTraining training) {
        this.clusters = clusters;
        this.training = training;
        summed = new float[clusters.size()];
    }

    /**
     * Makes the transform again that has left a state.
     *
     * @param state the state
     * @param training how the shared values are trained
     * @param weightSize the number of elements of the weight
     */
    static CodebookTransform restored(
            CodebookState state, CentroidTraining training, int weightSize) {
        if (state.clusters().size() != weightSize) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "the codebook is that of %d elements, but the weight has %d: restore"
                                    + " it into the model that it was taken from",
                            state.clusters().size(),
                            weightSize));
        }
        CodebookTransform codebook =
                new CodebookTransform(new Clusters(state.clusters(), state.size()), training);
        codebook.summed = state.summed();
        return codebook;
    }

    @Override
    public CodebookState getState() {
        return new CodebookState(clusters.codes(), clusters.size(), summed);
    }

    /** Returns the shared values other than zero for a weight, ascending. */
    double[] centroids(FloatBuffer weight) {
        float[] centroids = clusters.centroids(weight);
        double[] sorted = new double[centroids.length];
        int size = 0;
        for (float centroid : centroids) {
            if (centroid != 0f) {
                sorted[size++] = centroid;
            }
        }
        Arrays.sort(sorted, 0, size);
        return Arrays.copyOf(sorted, size);
    }

    @Override
    public NDArray apply(NDArray weight, ForwardPass pass) {
        FloatBuffer values = Tensors.floats(weight.stopGradient());
        NDArray shared =
                Tensors.written(
                        weight.getManager(),
                        weight.getShape(),
                        target -> clusters.share(values, target));
        return StraightThrough.of(shared, weight);
    }

    @Override
    public void beforeStep(NDArray latent, NDArray gradient, ForwardPass pass) {
        if (training == CentroidTraining.SUMMED_GRADIENT) {
            summed = clusters.sum(Tensors.floats(gradient), summed);
            spread(summed, gradient);
        }
    }

    /** Gives each element its part of the sum, so that the next clusters sum up the same. */
    @Override
    public void leave(NDArray gradient) {
        if (training == CentroidTraining.SUMMED_GRADIENT) {
            spread(clusters.shares(summed), gradient);
            summed = new float[clusters.size()];
        }
    }

    private void spread(float[] ofCluster, NDArray gradient) {
        NativeFloats.of(gradient)
                .ifPresentOrElse(
                        floats ->
                                floats.update(
                                        (at, values, length) ->
                                                clusters.spread(ofCluster, at, values, length)),
                        () -> spreadCopy(ofCluster, gradient));
    }

    private void spreadCopy(float[] ofCluster, NDArray gradient) {
        float[] values = gradient.toFloatArray();
        clusters.spread(ofCluster, 0, values, values.length);
        Tensors.overwrite(
                gradient, Tensors.constant(gradient.getManager(), values, gradient.getShape()));
    }

    @Override
    public void afterStep(NDArray latent) {
        summed = new float[clusters.size()];
    }

    @Override
    public int bits(int given) {
        return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(clusters.values() - 1));
    }

    @Override
    public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
        FloatBuffer values =
                weight instanceof DenseWeight dense
                        ? dense.values()
                        : Tensors.floats(Tensors.decoded(manager, weight));
        return clusters.encode(values, weight.shape());
    }
}
