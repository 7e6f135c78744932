package dev.bonsai.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.TranslateException;
import dev.bonsai.core.EngineValues;
import dev.bonsai.runtime.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The images of a data set in plain Java.
 *
 * @param batches the images, of shape (N, C, H, W) each
 * @param classes the right classes of each batch
 */
record PlainImages(List<Tensor> batches, List<int[]> classes) {

    static PlainImages of(Dataset images) throws IOException, TranslateException {
        List<Tensor> batches = new ArrayList<>();
        List<int[]> classes = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            for (Batch batch : images.getData(manager)) {
                try (batch) {
                    batches.add(tensor(batch.getData().head()));
                    classes.add(integers(batch.getLabels().head()));
                }
            }
        }
        return new PlainImages(batches, classes);
    }

    static Tensor tensor(NDArray array) {
        return Tensor.of(EngineValues.value(array));
    }

    static int[] integers(NDArray numbers) {
        try (NDArray integers = numbers.toType(DataType.INT32, true)) {
            return integers.toIntArray();
        }
    }
}
