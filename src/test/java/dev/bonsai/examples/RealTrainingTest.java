package dev.bonsai.examples;

import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.training.evaluator.Accuracy;
import dev.bonsai.CompressedModel;
import dev.bonsai.CompressionListener;
import dev.bonsai.examples.data.DataSource;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.network.Network;
import dev.bonsai.file.ByteLedger;
import dev.bonsai.gate.Gate;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.quantization.Quantization;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/** LeNet-300-100 on real MNIST where it is at hand, and on the bundled digits elsewhere. */
public class RealTrainingTest {

    private static final Path MNIST = Path.of("..", "shared", "datasets", "mnist");
    private static final int SEED = 1;

    private ImageData data;
    private int epochs;
    private double dense;
    private double trained;
    private double untrained;
    private ByteLedger ledger;

    @BeforeClass
    public void trainOnce() throws Exception {
        boolean real = Files.isDirectory(MNIST);
        data = real ? ImageData.fromFolder(MNIST) : DataSource.DIGITS.load();
        epochs = real ? 2 : 8; // MNIST has ten times the images
        System.out.println("Training on " + data.describe());
        Training training = new Training(data, SEED);
        Path folder = Files.createTempDirectory("bonsai");
        try (Model model = Model.newInstance("lenet300")) {
            model.setBlock(Network.LENET300.newBlock());
            training.run(model, epochs);
            dense = training.evaluate(model.getBlock(), data.test());
            untrained = compress(model, training, 0, folder);
        }
        try (Model model = Model.newInstance("lenet300")) {
            model.setBlock(Network.LENET300.newBlock());
            training.run(model, epochs);
            trained = compress(model, training, 2 * epochs, folder);
        }
    }

    /** Compresses to 5 % of the weights and 4 bits, and evaluates what is read from the file. */
    private double compress(Model model, Training training, int epochs, Path folder)
            throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(
                                Pruning.builder()
                                        .setTargetSparsity(0.95f)
                                        .optSchedule(SparsitySchedule.cubic(3))
                                        .build())
                        .addTechnique(Quantization.builder().setBits(4).build())
                        .optGate(
                                Gate.builder()
                                        .optEvaluation(data.validation(), new Accuracy())
                                        .optMaxDrop(1) // both are to get to the same place
                                        .build())
                        .optWarmup(epochs == 0 ? 1 : 0)
                        .build();
        training.run(model, Math.max(1, epochs), listener);
        Path file = folder.resolve("model.bonsai");
        ledger = listener.getCompressedModel().save(file);
        try (Model plain = Model.newInstance("plain")) {
            plain.setBlock(Network.LENET300.newBlock());
            CompressedModel.load(file).applyTo(plain.getBlock(), plain.getNDManager());
            return training.evaluate(plain.getBlock(), data.test());
        }
    }

    @Test
    public void theDenseNetworkIsTrained() {
        // two epochs of MNIST give some 0.96; a linear classifier ends at 0.92
        assertTrue(dense > 0.9, "dense: " + dense);
    }

    @Test
    public void compressionWithTrainingBeatsCompressionWithout() {
        assertTrue(trained > untrained, trained + " > " + untrained);
    }

    @Test
    public void aTwentiethOfTheWeightsInFourBitsKeepsTheAccuracy() {
        assertTrue(trained > 0.9, "compressed: " + trained);
    }

    @Test
    public void theFileIsAFortiethOfTheParameters() {
        long parameters = 4 * Network.LENET300.parameters();
        assertTrue(40 * ledger.total() < parameters, ledger.toString());
    }
}
