package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.file.BonsaiFormatException;
import dev.bonsai.file.FileForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** A compressed model goes to a file, and back into a plain block. */
public class CompressedModelTest extends ToyTestBase {

    private Path folder;
    private Model model;
    private Map<String, float[]> baked;
    private CompressedModel compressed;

    private static Block net() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(32).build())
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    @BeforeMethod
    public void train() throws Exception {
        folder = Files.createTempDirectory("bonsai");
        model = Toy.model(net());
        CompressionListener listener = halvingTo4Bits();
        baked = toy.train(model, 2, listener);
        compressed = listener.getCompressedModel();
    }

    @AfterMethod
    public void close() {
        model.close();
    }

    @Test
    public void everyParameterIsThereUnderItsPathWithItsRole() {
        assertEquals(
                compressed.getWeights().stream().map(NamedWeight::path).toList(),
                baked.keySet().stream().toList());
        for (NamedWeight weight : compressed.getWeights()) {
            assertEquals(weight.value().decode(), baked.get(weight.path()), weight.path());
            NamedWeight.Role expected =
                    weight.path().endsWith("Linear_weight")
                            ? NamedWeight.Role.WEIGHT
                            : weight.path().endsWith("bias")
                                    ? NamedWeight.Role.BIAS
                                    : NamedWeight.Role.OTHER;
            assertEquals(weight.role(), expected, weight.path());
        }
    }

    @Test
    public void aBlockThatIsNotInitialisedIsInitialisedFromTheFile() throws Exception {
        Path file = folder.resolve("new").resolve("toy.bonsai"); // a folder that is not there yet
        compressed.save(file);
        Block fresh = net();
        CompressedModel.load(file).applyTo(fresh, toy.manager());
        assertSameBits(Toy.parameters(fresh), baked);
        assertEquals(toy.outputs(fresh), toy.outputs(model.getBlock()));
    }

    @Test
    public void bothFormsOfAFileHoldTheSame() throws Exception {
        Path coded = folder.resolve("coded.bonsai");
        Path packed = folder.resolve("packed.bonsai");
        assertEquals(compressed.save(coded, FileForm.CODED), compressed.save(coded));
        compressed.save(packed, FileForm.PACKED);
        assertTrue(Files.size(coded) < Files.size(packed));
        for (Path file : List.of(coded, packed)) {
            assertEquals(CompressedModel.load(file).getWeights(), compressed.getWeights());
        }
    }

    @Test
    public void anInitialisedBlockKeepsItsArrays() {
        Block block = net();
        block.initialize(toy.manager(), DataType.FLOAT32, new Shape(1, Toy.FEATURES));
        var array = block.getParameters().get(0).getValue().getArray();
        compressed.applyTo(block, toy.manager());
        assertTrue(block.getParameters().get(0).getValue().getArray() == array);
        assertSameBits(Toy.parameters(block), baked);
    }

    @Test
    public void nothingIsLeftBehindInTheManager() {
        Block block = net();
        block.initialize(toy.manager(), DataType.FLOAT32, new Shape(1, Toy.FEATURES));
        try (NDManager manager = toy.manager().newSubManager()) {
            compressed.applyTo(block, manager);
            assertEquals(((BaseNDManager) manager).getManagedArrays().size(), 0);
        }
    }

    @Test
    public void anotherShapeIsAnErrorThatShowsBothAndChangesNothing() {
        Block wider =
                new SequentialBlock()
                        .add(Linear.builder().setUnits(32).build())
                        .add(BatchNorm.builder().build())
                        .add(Activation::relu)
                        .add(Linear.builder().setUnits(5).build());
        wider.initialize(toy.manager(), DataType.FLOAT32, new Shape(1, Toy.FEATURES));
        Map<String, float[]> before = Toy.parameters(wider);
        IllegalArgumentException e =
                expectThrows(
                        IllegalArgumentException.class,
                        () -> compressed.applyTo(wider, toy.manager()));
        assertTrue(e.getMessage().contains("(4, 32)"), e.getMessage());
        assertTrue(e.getMessage().contains("(5, 32)"), e.getMessage());
        assertSameBits(Toy.parameters(wider), before);
    }

    @Test
    public void anotherArchitectureIsAnErrorThatNamesTheParameters() {
        Block other = Toy.mlp();
        IllegalArgumentException e =
                expectThrows(
                        IllegalArgumentException.class,
                        () -> compressed.applyTo(other, toy.manager()));
        assertTrue(e.getMessage().contains("02BatchNorm_gamma"), e.getMessage());
        assertTrue(e.getMessage().contains("03Linear_weight"), e.getMessage());
    }

    @Test
    public void theSizeIsThatOfTheFile() throws IOException {
        Path file = folder.resolve("toy.bonsai");
        long total = compressed.save(file).total();
        assertEquals(total, Files.size(file));
        compressed.save(file); // replaces the old one
        assertEquals(Files.size(file), total);
        long plain = baked.values().stream().mapToLong(values -> 4L * values.length).sum();
        assertTrue(total < plain, total + " < " + plain);
    }

    @Test
    public void whatIsNoFileOfOursIsAnError() throws IOException {
        Path file = Files.writeString(folder.resolve("letter.txt"), "Dear reader");
        expectThrows(BonsaiFormatException.class, () -> CompressedModel.load(file));
        Path missing = folder.resolve("missing.bonsai");
        assertFalse(Files.exists(missing));
        expectThrows(IOException.class, () -> CompressedModel.load(missing));
    }
}
