package dev.bonsai.examples;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import dev.bonsai.CompressedModel;
import dev.bonsai.core.Tensors;
import dev.bonsai.page.Deployed;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Runs a file where it would be used: in DJL, and in plain Java with no native code. */
final class Deployment {

    private static final int WARM_UP = 500;
    private static final int TIMED = 500;

    /** The part of the times below the one that is told: what the machine disturbed least. */
    private static final double UNDISTURBED = 0.1;

    private final List<float[]> images = new ArrayList<>();
    private final int[] classes;
    private final int[] shape;
    private final Shape shapeInDjl;

    /**
     * @param dataset the images that the file is judged by
     */
    Deployment(Dataset dataset) throws IOException, TranslateException {
        PlainImages all = PlainImages.of(dataset);
        classes = all.classes().stream().flatMapToInt(Arrays::stream).toArray();
        shape = all.batches().get(0).shape();
        shape[0] = 1;
        shapeInDjl = Tensors.shape(shape);
        int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        for (Tensor batch : all.batches()) {
            float[] pixels = batch.floats();
            for (int from = 0; from < pixels.length; from += size) {
                images.add(Arrays.copyOfRange(pixels, from, from + size));
            }
        }
    }

    /** Computes the scores of one image. */
    private interface Scorer {

        float[] score(float[] image) throws TranslateException;
    }

    /**
     * What one way to run a model gave.
     *
     * @param accuracy the accuracy on all images
     * @param milliseconds the time of one image, the fastest tenth of many
     */
    record Outcome(double accuracy, double milliseconds) {

        /** Returns this as a line of a page. */
        Deployed of(Path file, String engine) throws IOException {
            return new Deployed(
                    file.getFileName().toString(),
                    engine,
                    Files.size(file),
                    OptionalDouble.of(accuracy),
                    OptionalDouble.of(milliseconds));
        }

        String describe(String name) {
            return String.format(
                    Locale.ROOT,
                    "%-14s %9.2f%% %10.3f ms per image",
                    name,
                    100 * accuracy,
                    milliseconds);
        }
    }

    /** Runs a file in plain Java. */
    Outcome inPlainJava(Path file) throws IOException, TranslateException {
        PlainModel model = PlainModel.load(file);
        return outcome(image -> model.run(Tensor.of(image, shape)).get(0).floats());
    }

    /** Runs the block that is made of a file's graph in DJL. */
    Outcome inDjl(Path file) throws IOException, TranslateException {
        try (Model model = CompressedModel.load(file).toModel("file")) {
            return inDjl(model);
        }
    }

    /** Runs a model in DJL. */
    Outcome inDjl(Model model) throws TranslateException {
        try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator(null))) {
            return outcome(image -> score(predictor, model.getNDManager(), image));
        }
    }

    private float[] score(Predictor<NDList, NDList> predictor, NDManager owner, float[] image)
            throws TranslateException {
        try (NDManager manager = owner.newSubManager()) {
            NDList output = predictor.predict(new NDList(manager.create(image, shapeInDjl)));
            output.attach(manager);
            return output.head().toFloatArray();
        }
    }

    private Outcome outcome(Scorer scorer) throws TranslateException {
        int right = 0;
        for (int i = 0; i < images.size(); ++i) {
            right += best(scorer.score(images.get(i))) == classes[i] ? 1 : 0;
        }
        double[] times = new double[TIMED];
        for (int i = -WARM_UP; i < TIMED; ++i) {
            float[] image = images.get((i + WARM_UP) % images.size());
            long begin = System.nanoTime();
            scorer.score(image);
            if (i >= 0) {
                times[i] = (System.nanoTime() - begin) / 1e6;
            }
        }
        Arrays.sort(times);
        return new Outcome((double) right / images.size(), times[(int) (UNDISTURBED * TIMED)]);
    }

    private static int best(float[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; ++i) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }
}
