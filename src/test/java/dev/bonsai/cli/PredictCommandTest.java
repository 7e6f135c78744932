package dev.bonsai.cli;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.npy.NpyFile;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What a model makes of arrays, tables and pictures. */
public class PredictCommandTest {

    private Path folder;
    private Path layers;

    @BeforeClass
    public void writeModels() throws Exception {
        folder = Files.createTempDirectory("bonsai");
        layers = SmallModels.write(folder.resolve("layers.bonsai"), SmallModels.layers());
    }

    /** Runs a model and returns what it has written. */
    private EncodedWeight run(Path model, Object... inputs) throws Exception {
        Path out = folder.resolve("out.npy");
        List<Object> args = new ArrayList<>(List.of("predict", model));
        args.addAll(List.of(inputs));
        args.addAll(List.of("--out", out));
        CliRun.of(args.toArray()).done();
        return NpyFile.read(out);
    }

    private Path echo(ElementType type, Dim... sample) throws Exception {
        return SmallModels.write(folder.resolve("echo.bonsai"), SmallModels.echo(type, sample));
    }

    @Test
    public void theClassesOfTheLargestScoresArePrinted() throws Exception {
        EncodedWeight rows = SmallModels.random(7, 3, 64);
        Path npy = folder.resolve("rows.npy");
        NpyFile.write(npy, rows);
        PlainModel model = PlainModel.load(layers);
        float[] scores = new float[30];
        for (int row = 0; row < 3; ++row) { // other sums are rounded otherwise
            float[] values = Arrays.copyOfRange(rows.decode(), row * 64, (row + 1) * 64);
            float[] own = model.run(Tensor.of(values, 1, 64)).get(0).floats();
            System.arraycopy(own, 0, scores, row * 10, 10);
        }
        assertEquals(run(layers, npy).decode(), scores);
        String said = CliRun.of("predict", layers, npy, "--top", "1").done();
        List<String> lines = said.lines().toList();
        for (int row = 0; row < 3; ++row) {
            int best = 0;
            for (int i = 0; i < 10; ++i) {
                best = scores[row * 10 + i] > scores[row * 10 + best] ? i : best;
            }
            String line = lines.get(row + 1);
            assertTrue(line.startsWith("rows.npy[" + row + "] "), said);
            assertTrue(line.contains("class " + best + " ("), said);
            assertEquals(line.split("class ", -1).length, 2, line);
        }
        assertTrue(lines.get(lines.size() - 1).startsWith("Next: "), said);
        String values = CliRun.of("predict", layers, npy, "--values").done();
        assertTrue(values.contains("float32(1, 10) ["), values);
    }

    @Test
    public void anOnnxFileGivesTheSameAsTheFileMadeOfIt() throws Exception {
        Path npy = folder.resolve("two.npy");
        NpyFile.write(npy, SmallModels.random(8, 2, 64));
        Path onnx = SmallModels.writeOnnx(folder.resolve("layers.onnx"), SmallModels.layers());
        Path bonsai = folder.resolve("imported.bonsai");
        CliRun.of("import", onnx, "--to", bonsai).done();
        assertEquals(run(onnx, npy), run(layers, npy));
        assertEquals(run(bonsai, npy), run(layers, npy));
    }

    @DataProvider
    Object[][] types() {
        return new Object[][] {
            {ElementType.FLOAT32, ElementType.FLOAT64},
            {ElementType.FLOAT32, ElementType.FLOAT16},
            {ElementType.FLOAT32, ElementType.INT64},
            {ElementType.FLOAT32, ElementType.UINT8},
            {ElementType.INT64, ElementType.INT32},
            {ElementType.INT64, ElementType.UINT8},
            {ElementType.INT32, ElementType.INT64},
        };
    }

    /** The numbers 1, 2 and 3, all of which any type has. */
    private static EncodedWeight numbers(ElementType type) {
        ByteBuffer bytes = ByteBuffer.allocate(3 * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 1; i <= 3; ++i) {
            switch (type) {
                case FLOAT64 -> bytes.putDouble(i);
                case FLOAT16 -> bytes.putShort((short) new int[] {0x3c00, 0x4000, 0x4200}[i - 1]);
                case INT64 -> bytes.putLong(i);
                case INT32 -> bytes.putInt(i);
                default -> bytes.put((byte) i);
            }
        }
        return new ExactWeight(new int[] {1, 3}, type, bytes.array());
    }

    @Test(dataProvider = "types")
    public void numbersOfAnotherTypeAreConverted(ElementType model, ElementType given)
            throws Exception {
        Path npy = folder.resolve("numbers.npy");
        NpyFile.write(npy, numbers(given));
        EncodedWeight result = run(echo(model, Dim.of(3)), npy);
        assertEquals(result.decode(), new float[] {1, 2, 3});
    }

    @Test
    public void numbersThatWouldChangeAreRefused() throws Exception {
        Path echo = echo(ElementType.INT32, Dim.of(1));
        Path npy = folder.resolve("large.npy");
        for (EncodedWeight value :
                List.of(
                        Tensor.of(new long[] {1L << 40}, 1, 1).encode(),
                        new DenseWeight(new int[] {1, 1}, new float[] {1.5f}))) {
            NpyFile.write(npy, value);
            CliRun run = CliRun.of("predict", echo, npy);
            assertEquals(run.status(), 2, run.out());
            assertTrue(run.err().contains("INT32"), run.err());
        }
    }

    @Test
    public void numbersOfATableThatWouldChangeAreRefused() throws Exception {
        Object[][] cases = {
            {ElementType.INT32, "1,3000000000", "'3000000000'"},
            {ElementType.UINT8, "300,1", "'300'"},
            {ElementType.BOOLEAN, "1,5", "'5'"},
            {ElementType.FLOAT32, "1,x", "'x'"}, // no titles: the first cell is a number
        };
        for (Object[] each : cases) {
            Path echo = echo((ElementType) each[0], Dim.of(2));
            Path csv = Files.writeString(folder.resolve("wide.csv"), each[1] + "\n");
            CliRun run = CliRun.of("predict", echo, csv);
            assertEquals(run.status(), 2, run.out());
            assertTrue(run.err().contains("line 1, column"), run.err());
            assertTrue(run.err().contains((String) each[2]), run.err());
        }
    }

    @Test
    public void valuesArePrintedAsWhatTheyAre() throws Exception {
        Tensor shares = Tensor.of(new float[] {0.75f, 0.25f, -3}, 1, 3);
        Tensor numbers = Tensor.of(new long[] {16_777_217, -5, 0}, 1, 3);
        Object[][] cases = {
            {shares, ElementType.FLOAT64, "0.7500, 0.2500, -3"},
            {shares, ElementType.FLOAT16, "0.7500, 0.2500, -3"},
            {numbers, ElementType.INT64, "16777217, -5, 0"},
            {numbers, ElementType.INT32, "16777217, -5, 0"},
        };
        for (Object[] each : cases) {
            Tensor value = (Tensor) each[0];
            ElementType type = (ElementType) each[1];
            Path npy = folder.resolve("values.npy");
            NpyFile.write(npy, value.encode());
            Path model =
                    SmallModels.write(
                            folder.resolve("cast.bonsai"),
                            SmallModels.cast(value.type(), type, Dim.of(3)));
            CliRun run = CliRun.of("predict", "--values", model, npy);
            assertEquals(run.status(), 0, run.err());
            assertTrue(run.out().contains("[" + each[2]), type + ": " + run.out());
        }
    }

    @Test
    public void tablesHaveASamplePerLineAndPerhapsTitles() throws Exception {
        Path echo = echo(ElementType.FLOAT32, Dim.of(2));
        for (String titles :
                List.of("", "left,right\n", "left,1\n", "\uFEFF", "\uFEFFleft,right\n")) {
            Path csv = Files.writeString(folder.resolve("t.csv"), titles + "1, 2\n-3.5,4e1\n");
            EncodedWeight result = run(echo, csv);
            assertEquals(result.shape(), new int[] {2, 2});
            assertEquals(result.decode(), new float[] {1, 2, -3.5f, 40});
        }
    }

    /** However many rows it has, they take no place in the file and must not in memory. */
    @Test
    public void anArrayOfNoNumbersIsRefused() throws Exception {
        Path echo = echo(ElementType.FLOAT32, Dim.free("n"));
        Path npy = folder.resolve("none.npy");
        NpyFile.write(npy, new DenseWeight(new int[] {Integer.MAX_VALUE, 0}, new float[0]));
        CliRun run = CliRun.of("predict", echo, npy);
        assertEquals(run.status(), 2, run.err());
        assertTrue(run.err().contains("holds no number"), run.err());
    }

    @Test
    public void theLengthOfALineTellsAFreeSize() throws Exception {
        Path echo = echo(ElementType.INT64, Dim.free("length"));
        Path csv = Files.writeString(folder.resolve("tokens.csv"), "101,7,102\n101,102\n");
        String said = CliRun.of("predict", echo, csv, "--values").done();
        assertTrue(said.contains("int64(1, 3) [101, 7, 102]"), said);
        assertTrue(said.contains("int64(1, 2) [101, 102]"), said);
    }

    private static BufferedImage picture(int kind) {
        BufferedImage image = new BufferedImage(1, 2, kind);
        if (kind == BufferedImage.TYPE_BYTE_GRAY) {
            image.getRaster().setSample(0, 0, 0, 100);
            image.getRaster().setSample(0, 1, 0, 255);
        } else {
            image.setRGB(0, 0, 0xff0a1420);
            image.setRGB(0, 1, 0xffffffff);
        }
        return image;
    }

    @DataProvider
    Object[][] pictures() {
        int grey = BufferedImage.TYPE_BYTE_GRAY;
        int colour = BufferedImage.TYPE_INT_RGB;
        Dim one = Dim.of(1);
        Dim two = Dim.of(2);
        Dim three = Dim.of(3);
        // 0.299 * 10 + 0.587 * 20 + 0.114 * 32 = 18.4
        return new Object[][] {
            {grey, new Dim[] {one, two, one}, new float[] {100, 255}},
            {grey, new Dim[] {three, two, one}, new float[] {100, 255, 100, 255, 100, 255}},
            {grey, new Dim[] {two, one, three}, new float[] {100, 100, 100, 255, 255, 255}},
            {grey, new Dim[] {one, Dim.free("h"), Dim.free("w")}, new float[] {100, 255}},
            {colour, new Dim[] {one, two, one}, new float[] {18, 255}},
            {colour, new Dim[] {three, two, one}, new float[] {10, 255, 20, 255, 32, 255}},
            {colour, new Dim[] {two, one, three}, new float[] {10, 20, 32, 255, 255, 255}},
        };
    }

    @Test(dataProvider = "pictures")
    public void pixelsStandWhereTheModelTakesThem(int kind, Dim[] sample, float[] pixels)
            throws Exception {
        Path pictures = Files.createTempDirectory(folder, "pictures");
        Path png = pictures.resolve("picture.png");
        ImageIO.write(picture(kind), "png", png.toFile());
        Path echo = echo(ElementType.FLOAT32, sample);
        assertEquals(run(echo, png, "--scale", "1").decode(), pixels);
        assertEquals(run(echo, pictures, "--scale", "1").decode(), pixels, "in a folder");
        float[] seen = run(echo, png, "--scale", "10", "--mean", "2", "--std", "4").decode();
        for (int i = 0; i < pixels.length; ++i) {
            assertEquals(seen[i], (pixels[i] / 10 - 2) / 4, 1e-5f); // floats of a few units
        }
    }

    @Test
    public void eachChannelMayHaveAMeanOfItsOwn() throws Exception {
        Path png = folder.resolve("colour.png");
        ImageIO.write(picture(BufferedImage.TYPE_INT_RGB), "png", png.toFile());
        Path echo = echo(ElementType.FLOAT32, Dim.of(3), Dim.of(2), Dim.of(1));
        float[] seen = run(echo, png, "--scale", "1", "--mean", "1,2,3").decode();
        assertEquals(seen, new float[] {9, 254, 18, 253, 29, 252});
    }

    @Test
    public void aPictureOfAnotherSizeOrTransparentIsRefused() throws Exception {
        Path png = folder.resolve("wrong.png");
        Path echo = echo(ElementType.FLOAT32, Dim.of(1), Dim.of(1), Dim.of(2));
        ImageIO.write(new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB), "png", png.toFile());
        CliRun large = CliRun.of("predict", echo, png);
        assertEquals(large.status(), 2);
        assertTrue(large.err().contains("3 x 2 pixels"), large.err());
        ImageIO.write(new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB), "png", png.toFile());
        CliRun through = CliRun.of("predict", echo, png);
        assertEquals(through.status(), 2);
        assertTrue(through.err().contains("transparent"), through.err());
        assertEquals(CliRun.of("predict", layers, png).status(), 2, "no picture is a row");
        ColorModel greyAndAlpha =
                new ComponentColorModel(
                        ColorSpace.getInstance(ColorSpace.CS_GRAY),
                        true,
                        false,
                        Transparency.TRANSLUCENT,
                        DataBuffer.TYPE_BYTE);
        BufferedImage grey =
                new BufferedImage(
                        greyAndAlpha,
                        greyAndAlpha.createCompatibleWritableRaster(2, 1),
                        false,
                        null);
        ImageIO.write(grey, "png", png.toFile());
        CliRun hidden = CliRun.of("predict", echo, png);
        assertEquals(hidden.status(), 2, hidden.out());
        assertTrue(hidden.err().contains("transparent"), hidden.err());
    }

    @Test
    public void outputsOfAlikeNamesHaveFilesOfTheirOwn() throws Exception {
        GraphModel sum = SmallModels.echo(ElementType.FLOAT32, Dim.of(3));
        Graph two =
                new Graph(
                        sum.graph().inputs(),
                        List.of(),
                        Map.of(),
                        List.of(
                                Node.of(Unary.NEG, "a:b", "x"),
                                Node.of(Unary.ABS, "a-b", "x"),
                                Node.of(Unary.EXP, "a?b", "x")),
                        List.of("a:b", "a-b", "a?b"));
        Path model =
                SmallModels.write(folder.resolve("alike.bonsai"), new GraphModel(two, Map.of()));
        Path rows = folder.resolve("alike.npy");
        NpyFile.write(rows, SmallModels.random(3, 2, 3));
        Path out = Files.createDirectories(folder.resolve("alike")).resolve("out.npy");
        CliRun run = CliRun.of("predict", model, rows, "--out", out);
        assertEquals(run.status(), 0, run.err());
        try (Stream<Path> files = Files.list(out.getParent())) {
            assertEquals(files.count(), 3, run.out());
        }
    }

    @Test
    public void severalInputsGoByNameOrOrderOrFolder() throws Exception {
        Path sum = SmallModels.write(folder.resolve("sum.bonsai"), SmallModels.sum());
        Path both = Files.createDirectories(folder.resolve("both"));
        Path left = both.resolve("left.npy");
        Path right = both.resolve("right.npy");
        NpyFile.write(left, new DenseWeight(new int[] {2, 3}, new float[] {9, 8, 7, 6, 5, 4}));
        NpyFile.write(right, new DenseWeight(new int[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6}));
        float[] expected = {8, 6, 4, 2, 0, -2};
        assertEquals(run(sum, left, right).decode(), expected);
        assertEquals(run(sum, "right=" + right, "left=" + left).decode(), expected);
        assertEquals(run(sum, both).decode(), expected);
        NpyFile.write(right, new DenseWeight(new int[] {1, 3}, new float[3]));
        for (Object[] wrong :
                new Object[][] {
                    {left}, {left, right}, {"left=" + left}, {"left=" + left, right}, {both}
                }) {
            List<Object> args = new ArrayList<>(List.of("predict", sum));
            args.addAll(List.of(wrong));
            CliRun run = CliRun.of(args.toArray());
            assertEquals(run.status(), 2, run.out());
            assertEquals(run.err().lines().count(), 1, run.err());
        }
    }
}
