package dev.bonsai.sharing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.StepHook;
import dev.bonsai.core.StraightThrough;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.EncodedWeight;
import java.util.Arrays;

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

    /** Returns the shared values other than zero for a weight, ascending. */
    double[] centroids(float[] weight) {
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
        float[] values = weight.stopGradient().toFloatArray();
        clusters.share(values);
        return StraightThrough.of(
                Tensors.constant(weight.getManager(), values, weight.getShape()), weight);
    }

    @Override
    public void beforeStep(NDArray latent, NDArray gradient, ForwardPass pass) {
        if (training == CentroidTraining.SUMMED_GRADIENT) {
            float[] values = gradient.toFloatArray();
            summed = clusters.sum(values, summed);
            gradient.set(
                    new NDIndex("..."),
                    Tensors.constant(gradient.getManager(), values, gradient.getShape()));
        }
    }

    @Override
    public void afterStep(NDArray latent) {
        summed = new float[clusters.size()];
    }

    @Override
    public int bits(int given) {
        return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(clusters.size() - 1));
    }

    @Override
    public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
        float[] values = weight.decode();
        float[] centroids = clusters.centroids(values);
        int[] assignments = new int[values.length];
        boolean[] used = new boolean[centroids.length];
        for (int i = 0; i < values.length; ++i) {
            int cluster = clusters.of(i, values[i]);
            // a mean may be zero too, and a codebook has it once
            assignments[i] = centroids[cluster] == 0f ? 0 : cluster;
            used[assignments[i]] = true;
        }
        float[] codebook = new float[centroids.length];
        int[] index = new int[centroids.length];
        int size = 0;
        for (int i = 0; i < centroids.length; ++i) {
            if (used[i]) {
                index[i] = size;
                codebook[size++] = centroids[i];
            }
        }
        Arrays.setAll(assignments, i -> index[assignments[i]]);
        return new CodebookWeight(weight.shape(), Arrays.copyOf(codebook, size), assignments);
    }
}
