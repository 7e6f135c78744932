package dev.bonsai.tensorboard;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;

import dev.bonsai.Cross;
import dev.bonsai.Jdks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.tensorflow.framework.DataType;
import org.tensorflow.framework.HistogramProto;
import org.tensorflow.framework.Summary;
import org.tensorflow.util.Event;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What is in an event file, read by TensorFlow's own messages. */
public class EventFileTest {

    private static final int KILLED_AT = 5000;

    private Path folder;

    @BeforeMethod
    void setUp() throws IOException {
        folder = Files.createTempDirectory("events");
    }

    @AfterMethod
    void tearDown() throws IOException {
        for (Path file : EventReader.files(folder)) {
            Files.delete(file);
        }
        Files.delete(folder);
    }

    @DataProvider
    Object[][] events() {
        return Cross.of(
                new Object[] {
                    "a", "train/loss", "weights/01Linear_weight", "größe/\u6811 \uD83C\uDF33", ""
                },
                new Object[] {0L, 1L, 127L, 128L, 1L << 40, Long.MAX_VALUE},
                new Object[] {
                    0.0, -0.0, 0.125, -3e38, 1e-40, Double.NaN, 1 / 0.0, -1 / 0.0, 1e300
                });
    }

    @Test(dataProvider = "events")
    void eachKindOfValueIsReadBack(String tag, long step, double value) throws IOException {
        Histogram histogram = new Histogram();
        DoubleStream.of(counted(value)).forEach(histogram::add);
        double before = System.currentTimeMillis() / 1000.0;
        try (EventFile file = EventFile.create(folder)) {
            file.scalar(tag, step, value);
            file.histogram(tag, step, histogram);
            file.text(tag, step, tag + value);
        }
        List<Event> events = read(folder);
        assertEquals(events.size(), 4);
        assertEquals(events.get(0).getFileVersion(), "brain.Event:2");
        List<EventReader.Point> points = EventReader.points(events);
        for (EventReader.Point point : points) {
            assertEquals(point.tag(), tag);
            assertEquals(point.step(), step);
            assertTrue(point.event().getWallTime() >= before);
            assertTrue(point.event().getWallTime() <= System.currentTimeMillis() / 1000.0);
        }
        assertEquals(points.get(0).value().getSimpleValue(), (float) value);
        assertEquals(points.get(0).value().getValueCase(), Summary.Value.ValueCase.SIMPLE_VALUE);
        checkHistogram(points.get(1).value().getHisto(), counted(value));
        Summary.Value text = points.get(2).value();
        assertEquals(text.getMetadata().getPluginData().getPluginName(), "text");
        assertEquals(
                text.getTensor().getStringVal(0).toString(StandardCharsets.UTF_8), tag + value);
        assertEquals(text.getTensor().getTensorShape().getDim(0).getSize(), 1);
        assertEquals(text.getTensor().getDtype(), DataType.DT_STRING);
    }

    private static double[] counted(double value) {
        return Double.isFinite(value) ? new double[] {value, 1, 2} : new double[] {1, value, 2};
    }

    private static void checkHistogram(HistogramProto histogram, double[] values) {
        double[] finite = DoubleStream.of(values).filter(Double::isFinite).toArray();
        assertEquals(histogram.getNum(), (double) finite.length);
        assertEquals(histogram.getMin(), DoubleStream.of(finite).min().orElseThrow());
        assertEquals(histogram.getMax(), DoubleStream.of(finite).max().orElseThrow());
        assertEquals(histogram.getSum(), DoubleStream.of(finite).reduce(0, Double::sum));
        double squares = DoubleStream.of(finite).map(v -> v * v).reduce(0, Double::sum);
        assertEquals(histogram.getSumSquares(), squares);
        assertEquals(histogram.getBucketLimitCount(), histogram.getBucketCount());
        double inBuckets = histogram.getBucketList().stream().reduce(0.0, Double::sum);
        assertEquals(inBuckets, histogram.getNum());
    }

    private static List<Event> read(Path folder) throws IOException {
        return EventReader.read(Files.readAllBytes(EventReader.files(folder).get(0)));
    }

    private byte[] tenScalars() throws IOException {
        try (EventFile file = EventFile.create(folder)) {
            for (int i = 0; i < 10; ++i) {
                file.scalar("loss", i, i);
            }
            return Files.readAllBytes(close(file));
        }
    }

    private static Path close(EventFile file) {
        file.close();
        file.close(); // the second time does nothing
        return file.path();
    }

    @Test
    void fileCutAnywhereHasTheRecordsBeforeTheCut() throws IOException {
        byte[] whole = tenScalars();
        List<Event> all = EventReader.read(whole);
        int last = 0;
        for (int length = 0; length <= whole.length; ++length) {
            byte[] prefix = Arrays.copyOf(whole, length);
            List<Event> read = EventReader.read(prefix);
            assertEquals(read, all.subList(0, read.size()));
            assertTrue(read.size() == last || read.size() == last + 1);
            last = read.size();
        }
        assertEquals(last, 11);
    }

    @Test
    void eachChangedByteIsNoticed() throws IOException {
        byte[] whole = tenScalars();
        for (int i = 0; i < whole.length; ++i) {
            byte[] changed = whole.clone();
            changed[i] ^= 4;
            assertThrows(IOException.class, () -> EventReader.read(changed));
        }
    }

    @Test
    void filesOfOneFolderAreEachTheirOwn() throws IOException {
        List<EventFile> files = new ArrayList<>();
        for (int i = 0; i < 5; ++i) {
            files.add(EventFile.create(folder));
        }
        for (int step = 0; step < 3; ++step) {
            for (int i = 0; i < files.size(); ++i) {
                files.get(i).scalar("tag" + i, step, i);
            }
        }
        files.forEach(EventFile::close);
        assertEquals(EventReader.files(folder).size(), 5);
        for (int i = 0; i < files.size(); ++i) {
            String tag = "tag" + i;
            List<EventReader.Point> points =
                    EventReader.points(EventReader.read(Files.readAllBytes(files.get(i).path())));
            assertEquals(points.size(), 3);
            assertTrue(points.stream().allMatch(p -> p.tag().equals(tag)));
        }
    }

    @Test
    void folderThatIsAFileIsNamed() throws IOException {
        Path taken = Files.createFile(folder.resolve("taken"));
        UncheckedIOException e = expect(() -> EventFile.create(taken));
        assertTrue(e.getMessage().contains(taken.toString()), e.getMessage());
        assertTrue(e.getMessage().contains("setFolder"), e.getMessage());
        expect(() -> EventFile.create(taken.resolve("below")));
    }

    private static UncheckedIOException expect(Runnable action) {
        try {
            action.run();
        } catch (UncheckedIOException e) {
            return e;
        }
        throw new AssertionError("An UncheckedIOException was expected");
    }

    @Test
    void whatAKilledProcessHasFlushedCanBeRead() throws IOException, InterruptedException {
        Jdks.run(Jdks.own(), List.of(), Killed.class.getName(), folder.toString());
        List<EventReader.Point> points = EventReader.points(folder);
        assertTrue(points.size() >= KILLED_AT, points.size() + " records");
        for (int i = 0; i < points.size(); ++i) {
            assertEquals(points.get(i).step(), i);
        }
    }

    /** A process that ends in the middle of writing. */
    static final class Killed {

        private Killed() {}

        public static void main(String[] folder) {
            EventFile file = EventFile.create(Path.of(folder[0]));
            for (int i = 0; ; ++i) {
                file.scalar("loss", i, i);
                if (i + 1 == KILLED_AT) {
                    file.flush();
                }
                if (i > KILLED_AT + 2000) {
                    Runtime.getRuntime().halt(0);
                }
            }
        }
    }
}
