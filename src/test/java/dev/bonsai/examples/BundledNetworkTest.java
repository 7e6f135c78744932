package dev.bonsai.examples;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.network.Network;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.thinning.Cost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.testng.SkipException;
import org.testng.annotations.Test;

/** The networks in {@code models} are what its page and the results say of them. */
public class BundledNetworkTest {

    private static final Path FOLDER = Path.of("models", "resnet8");
    private static final Path FAST = FOLDER.resolve("fast.bonsai");
    private static final Path PHOTOS = Path.of("..", "shared", "datasets", "cifar10");

    /** A processor that sums in another order may see a few of the 10,000 images otherwise. */
    private static final double FEW = 0.0005;

    /** Of the test images, as docs/results.md and models/README.md tell. */
    private static final double DENSE = 0.8437;

    private static final double COMPRESSED = 0.8341;
    private static final long BYTES = 61_362;

    /** Of the dense network, an image. */
    private static final long MULTIPLY_ADDS = 12_501_632;

    private static ImageData photos() {
        if (!Files.isDirectory(PHOTOS)) {
            throw new SkipException("There is no CIFAR-10 in " + PHOTOS);
        }
        return ImageData.fromFolder(PHOTOS);
    }

    @Test
    public void theDenseNetworkIsThatOfTheUsualTraining() {
        DenseOrigin origin = new DenseFile(FOLDER).origin("--dense");
        assertEquals(origin.network(), Network.RESNET8.id());
        int epochs = Presets.of(Network.RESNET8, Preset.FAST, 50_000).course().denseEpochs();
        assertEquals(origin.epochs(), epochs);
        assertEquals(
                origin.training(),
                DenseTraining.describe(
                        DenseTraining.of(Network.RESNET8).plan(epochs), Training.BATCH_SIZE));
    }

    @Test
    public void theDenseNetworkHasItsAccuracy() throws Exception {
        ImageData photos = photos();
        try (Model model = Model.newInstance("resnet8")) {
            model.setBlock(Network.RESNET8.newBlock());
            new DenseFile(FOLDER).load(model, Network.RESNET8.input(), "--dense");
            double accuracy = Answers.of(model.getBlock(), photos.test()).accuracy();
            assertEquals(accuracy, DENSE, FEW);
        }
    }

    @Test
    public void theFastOneHasHalfOfTheMultiplyAddsAndItsAccuracy() throws Exception {
        assertEquals(Files.size(FAST), BYTES);
        Graph graph = BonsaiFile.read(FAST).graph().orElseThrow();
        long left = Cost.of(graph, List.of(Shape.of(1, 3, 32, 32))).multiplyAdds();
        assertTrue(left <= MULTIPLY_ADDS / 2, left + " of " + MULTIPLY_ADDS);
        ImageData photos = photos();
        Path folder = Files.createTempDirectory("bonsai");
        Pipeline pipeline = new Pipeline(Network.RESNET8, photos, 1, folder);
        assertEquals(pipeline.readBackGraph(FAST, photos.test()).accuracy(), COMPRESSED, FEW);
    }
}
