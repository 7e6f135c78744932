package dev.bonsai.examples.data;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.repository.Repository;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Plays DJL's download site and its cache with folders. */
public class DataSourceTest {

    /** Long enough for a busy machine; no test here waits for it. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String CIFAR = "cifar10";

    private Path site;
    private Path cache;

    @BeforeMethod
    public void open() {
        site = SampleImages.newFolder();
        cache = SampleImages.newFolder();
    }

    @AfterMethod
    public void close() throws IOException {
        SampleImages.delete(site);
        SampleImages.delete(cache);
    }

    @DataProvider
    public Object[][] archives() {
        return new Object[][] {
            {DataSource.MNIST, "MNIST", "mnist"},
            {DataSource.FASHION_MNIST, "Fashion-MNIST", "fashmnist"},
            {DataSource.AUTO, "MNIST", "mnist"},
            {DataSource.CIFAR_10, "CIFAR-10", "cifar10"},
        };
    }

    @Test(dataProvider = "archives")
    public void djlDownloadsWhatItsCacheLacks(DataSource source, String title, String artifact)
            throws IOException {
        publish(artifact);
        assertTraining(load(source), title, artifact);
    }

    @Test(dataProvider = "archives")
    public void theCacheServesWhenTheNetworkIsGone(DataSource source, String title, String artifact)
            throws IOException {
        publish(artifact);
        assertTraining(load(source), title, artifact);
        makeCacheOld(artifact);
        SampleImages.delete(site.resolve("dataset"));
        assertTraining(load(source), title, artifact);
    }

    @Test(dataProvider = "archives")
    public void withoutANetworkASourceSaysSoInOneLine(
            DataSource source, String title, String artifact) {
        if (source != DataSource.AUTO) {
            DataException e = expectThrows(DataException.class, () -> load(source));
            assertTrue(e.getMessage().startsWith(title + " cannot be had: "), e.getMessage());
            assertFalse(e.getMessage().contains("\n"), e.getMessage());
        }
    }

    @Test
    public void aCacheThatIsCutOffIsAnErrorToo() throws IOException {
        publish("mnist");
        assertTraining(load(DataSource.MNIST), "MNIST", "mnist");
        Path images = artifactFolder(cache.resolve("cache/repo"), "mnist").resolve("1.0");
        Files.write(images.resolve("train-images-idx3-ubyte"), new byte[100]);
        DataException e = expectThrows(DataException.class, () -> load(DataSource.MNIST));
        assertTrue(e.getMessage().startsWith("MNIST cannot be had: "), e.getMessage());
    }

    @Test
    public void autoFallsBackToTheBundledDigitsAndSaysWhy() {
        String line = load(DataSource.AUTO).describe();
        assertTrue(line.startsWith("digits: 5,500 training, 500 validation and 1,000 test"), line);
        assertTrue(line.contains("MNIST cannot be had: "), line);
        assertFalse(line.contains("\n"), line);
    }

    @Test
    public void autoDoesNotWaitForASilentNetwork() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
            ImageData data =
                    DataSource.AUTO.load(
                            repository(uri), Duration.ofMillis(200), DataSource.BUNDLED);
            assertTrue(data.describe().contains("nothing came for 0.2 s"), data.describe());
        }
    }

    @Test
    public void theBundledDigitsAreFoundFromACheckout() {
        assertEquals(
                DataSource.DIGITS.load().describe(),
                "digits: 5,500 training, 500 validation and 1,000 test images ("
                        + DataSource.BUNDLED
                        + ")");
    }

    @Test
    public void elsewhereTheUserIsToldToPassAFolder() {
        Path elsewhere = cache.resolve("datasets");
        DataException e =
                expectThrows(
                        DataException.class,
                        () ->
                                DataSource.DIGITS.load(
                                        repository(site.toUri()), PATIENCE, elsewhere));
        assertTrue(e.getMessage().contains(elsewhere.toString()), e.getMessage());
        assertTrue(e.getMessage().contains("pass --data"), e.getMessage());
    }

    @Test
    public void namesAreParsedInEitherCase() {
        for (DataSource source : DataSource.values()) {
            assertSame(DataSource.parse(source.id()), source);
        }
        assertSame(DataSource.parse("Fashion-MNIST"), DataSource.FASHION_MNIST);
        assertEquals(
                expectThrows(IllegalArgumentException.class, () -> DataSource.parse("cifar"))
                        .getMessage(),
                "There is no data set 'cifar'; use one of auto, mnist, fashion-mnist, digits, cifar-10");
    }

    private ImageData load(DataSource source) {
        return source.load(repository(site.toUri()), PATIENCE, DataSource.BUNDLED);
    }

    private Repository repository(URI uri) {
        return new CacheFirstRepository(uri) {
            @Override
            public Path getCacheDirectory() throws IOException {
                return Files.createDirectories(cache.resolve("cache/repo"));
            }
        };
    }

    private static Path artifactFolder(Path root, String artifact) {
        return root.resolve("dataset/cv/ai/djl/basicdataset").resolve(artifact);
    }

    private static ImageSet images(String artifact, int count, long seed) {
        return artifact.equals(CIFAR)
                ? SampleImages.noise(ImageKind.CIFAR, count, seed)
                : SampleImages.noise(count, seed);
    }

    private static ImageSet training(String artifact) {
        return images(artifact, 24, 1);
    }

    private static ImageSet testing(String artifact) {
        return images(artifact, 12, 2);
    }

    private void publish(String artifact) throws IOException {
        Path folder = artifactFolder(site, artifact);
        Path version = Files.createDirectories(folder.resolve("1.0"));
        String files;
        if (artifact.equals(CIFAR)) {
            writeCifar(version.resolve("data_batch.bin.gz"), training(artifact));
            writeCifar(version.resolve("test_batch.bin.gz"), testing(artifact));
            files =
                    """
                    "data_batch.bin": {"uri": "1.0/data_batch.bin.gz"},
                    "test_batch.bin": {"uri": "1.0/test_batch.bin.gz"}
                    """;
        } else {
            IdxFolder.write(version, training(artifact), testing(artifact));
            files =
                    """
                    "train_data": {"uri": "1.0/train-images-idx3-ubyte.gz"},
                    "train_labels": {"uri": "1.0/train-labels-idx1-ubyte.gz"},
                    "test_data": {"uri": "1.0/t10k-images-idx3-ubyte.gz"},
                    "test_labels": {"uri": "1.0/t10k-labels-idx1-ubyte.gz"}
                    """;
        }
        Files.writeString(
                folder.resolve("metadata.json"),
                """
                {"metadataVersion": "0.2", "resourceType": "dataset", "application": "cv",
                 "groupId": "ai.djl.basicdataset", "artifactId": "%s", "artifacts": [
                 {"version": "1.0", "files": {%s}}]}
                """
                        .formatted(artifact, files));
    }

    /** The binary format of CIFAR-10: a label and the three channels, one image after another. */
    private static void writeCifar(Path file, ImageSet images) throws IOException {
        int size = images.format().size();
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < images.size(); ++i) {
                out.write(images.labels()[i]);
                out.write(images.pixels(), i * size, size);
            }
        }
    }

    /** DJL asks the network again once its copy of the description is a day old. */
    private void makeCacheOld(String artifact) throws IOException {
        Path file = artifactFolder(cache.resolve("cache/repo"), artifact).resolve("metadata.json");
        String json = Files.readString(file);
        String old =
                json.replaceAll(
                        "\"lastUpdated\": \"[^\"]*\"",
                        "\"lastUpdated\": \"2001-01-01T00:00:00.000Z\"");
        assertFalse(old.equals(json), json);
        Files.writeString(file, old);
    }

    private static void assertTraining(ImageData data, String title, String artifact) {
        ImageSet training = training(artifact);
        ImageSet testing = testing(artifact);
        assertEquals(
                data.describe(),
                title + ": 22 training, 2 validation and 12 test images (through DJL)");
        assertEquals(data.trainingImages().pixels(), training.pixels());
        assertEquals(data.trainingImages().labels(), training.labels());
        assertEquals(data.testImages().pixels(), testing.pixels());
        assertEquals(data.testImages().labels(), testing.labels());
    }
}
