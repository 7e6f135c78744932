package dev.bonsai.tensorboard;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import dev.bonsai.CompressionListener;
import dev.bonsai.Cross;
import dev.bonsai.Toy;
import dev.bonsai.ToyTestBase;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Warmup;
import dev.bonsai.report.EpochSummary;
import dev.bonsai.tensorboard.EventReader.Point;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What a training leaves in its event file, and that it is none the worse for it. */
public class TensorBoardListenerTest extends ToyTestBase {

    private static final int EPOCHS = 4;
    private static final int BATCHES = 8;
    private static final String LOSS = "SoftmaxCrossEntropyLoss";

    private Path folder;

    @BeforeMethod
    void setUpFolder() throws IOException {
        folder = Files.createTempDirectory("events").resolve("made").resolve("when needed");
    }

    /** Writes down what DJL tells at each epoch's end, and what is in the file by then. */
    private final class Witness extends TrainingListenerAdapter {

        private final List<Map<String, Float>> evaluations = new ArrayList<>();
        private final List<Integer> inFile = new ArrayList<>();

        @Override
        public void onEpoch(Trainer trainer) {
            evaluations.add(new TreeMap<>(trainer.getTrainingResult().getEvaluations()));
            try {
                long written =
                        EventReader.points(folder).stream()
                                .filter(p -> p.tag().equals("train/loss"))
                                .count();
                inFile.add((int) written);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @DataProvider
    Object[][] options() {
        return Cross.of(
                Interval.values(),
                new Object[] {0, 1, 2},
                new Object[] {false, true},
                new Object[] {false, true});
    }

    @Test(dataProvider = "options")
    void fileHoldsWhatWasAskedForAndNothingElse(
            Interval interval, int histograms, boolean compressed, boolean rate)
            throws IOException, TranslateException {
        CompressionListener compression = halvingTo4Bits();
        TensorBoardListener.Builder builder =
                TensorBoardListener.builder().setFolder(folder).optInterval(interval);
        List<TrainingListener> listeners = new ArrayList<>();
        if (histograms > 0) {
            builder.optHistogramsEvery(histograms);
        }
        if (compressed) {
            listeners.add(compression);
            builder.optCompression(compression);
        }
        if (rate) {
            builder.optLearningRate(step -> step);
        }
        Witness witness = new Witness();
        listeners.add(builder.build());
        listeners.add(witness);
        try (Model model = Toy.model(Toy.mlp())) {
            Map<String, float[]> left =
                    toy.train(model, EPOCHS, listeners.toArray(TrainingListener[]::new));
            Map<String, List<Point>> written = byTag();
            assertEquals(witness.inFile, List.of(1, 2, 3, 4));
            for (int epoch = 1; epoch <= EPOCHS; ++epoch) {
                checkEpoch(written, epoch, witness.evaluations.get(epoch - 1));
            }
            checkBatches(written, interval == Interval.BATCH, rate);
            checkHistograms(written, histograms, left.keySet().size());
            checkCompression(written, compressed, compression);
            assertEquals(
                    written.containsKey("baked/01Linear_weight"), compressed && histograms > 0);
            if (compressed && histograms > 0) {
                checkBaked(written, left);
            }
        }
    }

    private Map<String, List<Point>> byTag() throws IOException {
        Map<String, List<Point>> written = new TreeMap<>();
        for (Point point : EventReader.points(folder)) {
            written.computeIfAbsent(point.tag(), tag -> new ArrayList<>()).add(point);
        }
        return written;
    }

    private static void checkEpoch(
            Map<String, List<Point>> written, int epoch, Map<String, Float> told) {
        for (String side : List.of("train", "validate")) {
            for (String name : List.of("loss", "Accuracy", LOSS)) {
                Float expected = told.get(side + "_" + name);
                List<Point> points = written.get(side + "/" + name);
                assertEquals(points == null, expected == null, side + name);
                if (points != null) {
                    assertEquals(points.size(), EPOCHS);
                    assertEquals(points.get(epoch - 1).step(), epoch);
                    assertEquals(points.get(epoch - 1).value().getSimpleValue(), (float) expected);
                }
            }
        }
        assertTrue(written.containsKey("validate/Accuracy"));
    }

    private static void checkBatches(Map<String, List<Point>> written, boolean each, boolean rate) {
        assertEquals(written.containsKey("batch/" + LOSS), each);
        assertEquals(written.containsKey("batch/Accuracy"), each);
        assertEquals(written.containsKey("batch/learning rate"), each && rate);
        assertEquals(written.containsKey("train/learning rate"), rate);
        if (rate) {
            Point last = written.get("train/learning rate").get(EPOCHS - 1);
            assertEquals(last.value().getSimpleValue(), (float) EPOCHS * BATCHES);
        }
        if (each) {
            List<Point> points = written.get("batch/Accuracy");
            assertEquals(points.size(), EPOCHS * BATCHES);
            float sum = 0;
            for (int i = 0; i < points.size(); ++i) {
                assertEquals(points.get(i).step(), i + 1);
                sum += i < BATCHES ? points.get(i).value().getSimpleValue() : 0;
            }
            // batches are of one size, so the epoch's accuracy is their mean, but for rounding
            float epoch = written.get("train/Accuracy").get(0).value().getSimpleValue();
            assertEquals(sum / BATCHES, epoch, 1e-5);
        }
    }

    private static void checkHistograms(
            Map<String, List<Point>> written, int every, int parameters) {
        List<String> tags =
                written.keySet().stream().filter(t -> t.startsWith("weights/")).toList();
        assertEquals(tags.size(), every > 0 ? parameters : 0);
        for (String tag : tags) {
            assertEquals(written.get(tag).size(), EPOCHS / every);
            assertEquals(written.get(tag).get(0).step(), every);
        }
        if (every > 0) {
            assertEquals(
                    written.get("weights/01Linear_weight").get(0).value().getHisto().getNum(),
                    256.0);
        }
    }

    private static void checkCompression(
            Map<String, List<Point>> written, boolean compressed, CompressionListener listener) {
        assertEquals(written.containsKey("compression/sparsity"), compressed);
        assertEquals(written.containsKey("report"), compressed);
        if (!compressed) {
            return;
        }
        List<EpochSummary> epochs = listener.getEpochs();
        assertEquals(written.get("compression/bits").size(), epochs.size());
        for (int i = 0; i < epochs.size(); ++i) {
            Point point = written.get("compression/sparsity").get(i);
            assertEquals(point.step(), epochs.get(i).epoch());
            assertEquals(point.value().getSimpleValue(), (float) epochs.get(i).sparsity());
        }
        List<Trial> trials = listener.getTrials();
        long texts =
                written.entrySet().stream()
                        .filter(e -> e.getKey().startsWith("trial/"))
                        .filter(e -> !e.getKey().endsWith("/drop"))
                        .filter(e -> !e.getKey().endsWith("/metric"))
                        .mapToLong(e -> e.getValue().size())
                        .sum();
        assertEquals(texts, trials.size());
        assertEquals(
                written.get("report/bits").get(0).value().getSimpleValue(),
                (float) listener.getReport().bits());
        assertEquals(
                written.get("weight sparsity/01Linear_weight").get(0).value().getSimpleValue(),
                (float) listener.getReport().weights().get(0).sparsity());
        String report =
                written.get("report").get(0).value().getTensor().getStringVal(0).toStringUtf8();
        assertEquals(report, listener.getReport().toString().indent(4));
    }

    /** What is left to try when the training ends takes the place of the last epoch's state. */
    @Test
    void theStateThatTheTrainingEndedOnIsWritten() throws IOException, TranslateException {
        CompressionListener compression =
                CompressionListener.builder()
                        .optGate(toy.gate().optMaxDrop(1).build())
                        .optWarmup(Warmup.epochs(1))
                        .addTechnique(pruning(0.5f, 1))
                        .addTechnique(quantization(4))
                        .build();
        TensorBoardListener log =
                TensorBoardListener.builder().setFolder(folder).optCompression(compression).build();
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 1, compression, log);
        }
        List<EpochSummary> epochs = compression.getEpochs();
        List<Point> bits = byTag().get("compression/bits");
        assertEquals(
                bits.get(bits.size() - 1).value().getSimpleValue(),
                (float) epochs.get(epochs.size() - 1).bits());
    }

    /** The last histograms are of the values that are left. */
    private static void checkBaked(Map<String, List<Point>> written, Map<String, float[]> left) {
        left.forEach(
                (path, values) -> {
                    double sum = 0;
                    for (float value : values) {
                        sum += value;
                    }
                    Point point = written.get("baked/" + path).get(0);
                    assertEquals(point.value().getHisto().getSum(), sum, path);
                    assertEquals(point.value().getHisto().getNum(), (double) values.length);
                });
    }

    @Test
    void trainingIsTheSameWithIt() throws IOException, TranslateException {
        Map<String, float[]> plain;
        try (Model model = Toy.model(Toy.mlp())) {
            plain = toy.train(model, 2, halving());
        }
        CompressionListener compression = halving();
        try (Model model = Toy.model(Toy.mlp())) {
            assertSameBits(toy.train(model, 2, compression, everything(compression)), plain);
        }
    }

    private TensorBoardListener everything(CompressionListener compression) {
        return TensorBoardListener.builder()
                .setFolder(folder)
                .optCompression(compression)
                .optInterval(Interval.BATCH)
                .optHistogramsEvery(1)
                .optLearningRate(Tracker.fixed(0.1f))
                .build();
    }

    @Test
    void listenersOfOneFolderWriteFilesOfTheirOwn() throws IOException, TranslateException {
        TensorBoardListener first = TensorBoardListener.builder().setFolder(folder).build();
        TensorBoardListener second = TensorBoardListener.builder().setFolder(folder).build();
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 2, first, second);
        }
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 2, first); // and a listener that is used again
        }
        List<Path> files = EventReader.files(folder);
        assertEquals(files.size(), 3);
        for (Path file : files) {
            assertEquals(
                    EventReader.points(EventReader.read(Files.readAllBytes(file))).stream()
                            .filter(p -> p.tag().equals("train/loss"))
                            .count(),
                    2);
        }
    }

    @Test
    void eventsBehindTheEndAreNotWritten() throws IOException, TranslateException {
        TensorBoardListener listener =
                TensorBoardListener.builder().setFolder(folder).optInterval(Interval.BATCH).build();
        try (Model model = Toy.model(Toy.mlp())) {
            try (Trainer trainer = toy.trainer(model, listener)) {
                toy.fit(trainer, 1);
                listener.close();
                int written = EventReader.points(folder).size();
                toy.fit(trainer, 1);
                trainer.notifyListeners(l -> l.onTrainingEnd(trainer));
                listener.onEpoch(trainer);
                listener.close();
                assertEquals(EventReader.points(folder).size(), written);
            }
        }
    }

    @Test
    void trainerThatIsNeverUsedLeavesAReasonAndNoError() throws IOException {
        CompressionListener compression = halving();
        try (Model model = Toy.model(Toy.mlp())) {
            toy.trainer(model, compression, everything(compression)).close();
        }
        assertTrue(byTag().containsKey("report"));
        assertFalse(byTag().containsKey("train/loss"));
    }

    @Test
    void divergedTrainingIsWrittenAsItIs() throws IOException, TranslateException {
        TensorBoardListener listener =
                TensorBoardListener.builder().setFolder(folder).optHistogramsEvery(1).build();
        try (Model model = Toy.model(Toy.mlp())) {
            // without DJL's listener that ends a training whose loss is NaN
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                            .addTrainingListeners(new EvaluatorTrainingListener(), listener);
            try (Trainer trainer = toy.trainer(model, config)) {
                model.getBlock().getParameters().get(0).getValue().getArray().muli(Float.NaN);
                toy.fit(trainer, 1);
            }
        }
        Map<String, List<Point>> written = byTag();
        assertTrue(Float.isNaN(written.get("train/loss").get(0).value().getSimpleValue()));
        assertEquals(
                written.get("not finite/01Linear_weight").get(0).value().getSimpleValue(), 256f);
        assertEquals(
                written.get("weights/01Linear_weight").get(0).value().getHisto().getNum(), 0.0);
    }

    @Test
    void listenersThatItGoesByHaveToStandBeforeIt() {
        CompressionListener compression = halving();
        TensorBoardListener listener = everything(compression);
        try (Model model = Toy.model(Toy.mlp())) {
            refuses(() -> toy.trainer(model, listener, compression), "first");
        }
        try (Model model = Toy.model(Toy.mlp())) {
            refuses(() -> toy.trainer(model, listener), "first");
        }
        try (Model model = Toy.model(Toy.mlp())) {
            refuses(
                    () ->
                            model.newTrainer(
                                    new DefaultTrainingConfig(Loss.l2Loss())
                                            .addTrainingListeners(
                                                    TensorBoardListener.builder()
                                                            .setFolder(folder)
                                                            .build())),
                    "EvaluatorTrainingListener");
        }
        assertFalse(Files.exists(folder), "nothing was begun");
    }

    private static void refuses(Runnable making, String remedy) {
        try {
            making.run();
        } catch (IllegalStateException e) {
            assertTrue(e.getMessage().contains(remedy), e.getMessage());
            return;
        }
        throw new AssertionError("An IllegalStateException was expected");
    }

    @Test
    void settingsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> TensorBoardListener.builder().build());
        for (int wrong : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> TensorBoardListener.builder().optHistogramsEvery(wrong));
        }
    }

    /** Finds the classes of this library, DJL's and the JDK's, and no others. */
    @Test
    void withoutProtobufTheErrorSaysWhatToAdd() throws Exception {
        URL own = codeOf(TensorBoardListener.class);
        URL djl = codeOf(Trainer.class);
        ClassLoader jdk = ClassLoader.getPlatformClassLoader();
        try (URLClassLoader alone = new URLClassLoader(new URL[] {own, djl}, jdk)) {
            Object builder =
                    alone.loadClass(TensorBoardListener.class.getName())
                            .getMethod("builder")
                            .invoke(null);
            InvocationTargetException e =
                    expectThrows(
                            InvocationTargetException.class,
                            () -> builder.getClass().getMethod("build").invoke(builder));
            assertEquals(e.getCause().getClass(), IllegalStateException.class);
            assertTrue(e.getCause().getMessage().contains("com.google.protobuf:protobuf-java"));
        }
    }

    private static URL codeOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }
}
