package dev.bonsai.sharing;

import dev.bonsai.core.TransformState;
import dev.bonsai.encoding.Codes;
import java.util.Locale;

/**
 * Which elements of a weight share a value, and where the sums of gradients stand; the values
 * follow from the weight.
 *
 * @param clusters the cluster of each element, 0 for zeros
 * @param size the number of clusters, that of zero included
 * @param summed the summed gradients of the batches that the present step has had, one a cluster;
 *     not to be changed
 */
record CodebookState(Codes clusters, int size, float[] summed) implements TransformState {

    /** One more than the centroids, as that of zero need not be used. */
    private static final int MOST = WeightSharingSettings.MOST + 1;

    CodebookState {
        if (size < 1 || size > MOST || summed.length != size) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A codebook has from 1 to %d clusters with a sum each, but got %d"
                                    + " clusters and %d sums: use a state that was not changed",
                            MOST,
                            size,
                            summed.length));
        }
        for (int i = 0; i < clusters.size(); ++i) {
            int cluster = clusters.get(i);
            if (cluster < 0 || cluster >= size) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "An element belongs to a cluster in [0, %d), but element %d to %d:"
                                        + " use a state that was not changed",
                                size,
                                i,
                                cluster));
            }
        }
    }
}
