package dev.bonsai.onnx;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.onnx.ConformanceCase.DataSet;
import dev.bonsai.onnx.OnnxImporter.Form;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Files that others made: what is imported computes what ONNX Runtime computes of the file. */
public class RealFilesTest {

    /** A part of the largest output. */
    private static final double TOLERANCE = 1e-4;

    private static final String MINILM = "/all-minilm-l6-v2.onnx";

    private static final List<ConformanceConsumer> CONSUMERS =
            List.of(new PlainRuntime(), new BlockConsumer(), new ExportedFile());

    static byte[] bytes(String resource) throws IOException {
        return RealFilesTest.class.getResourceAsStream(resource).readAllBytes();
    }

    @DataProvider
    static Object[][] pictures() {
        return new Object[][] {
            {"/models/ch_ppocr_mobile_v2.0_cls_infer.onnx", 48, 192},
            {"/models/ch_PP-OCRv3_det_infer.onnx", 96, 160},
            {"/models/ch_PP-OCRv4_det_infer.onnx", 64, 96},
            {"/models/ch_PP-OCRv3_rec_infer.onnx", 48, 160},
            {"/models/ch_PP-OCRv4_rec_infer.onnx", 48, 224},
        };
    }

    @Test(dataProvider = "pictures")
    public void networksForPicturesAgreeWithOnnxRuntime(String file, int height, int width)
            throws Exception {
        byte[] bytes = bytes(file);
        List<List<EncodedWeight>> inputs =
                List.of(
                        List.of(strokes(1, 1, height, width)),
                        List.of(strokes(2, 2, height, width)));
        for (Form form : Form.values()) {
            agree(bytes, OnnxImporter.read(bytes, form), inputs);
        }
    }

    @Test
    public void sentencesOfThreeLengthsAndAPaddedBatchAgreeWithOnnxRuntime() throws Exception {
        WordPieces pieces = new WordPieces();
        List<List<Long>> sentences =
                List.of(
                        pieces.numbers("Hello."),
                        pieces.numbers("A pruned tree bears better fruit in the following year."),
                        pieces.numbers(
                                "The gardener, who had worked there for thirty years, said that"
                                        + " unremarkable seedlings often outgrow the celebrated"
                                        + " ones; nobody believed him until the autumn came."));
        List<List<EncodedWeight>> inputs = new ArrayList<>();
        sentences.forEach(sentence -> inputs.add(batch(List.of(sentence))));
        inputs.add(batch(sentences));
        byte[] bytes = bytes(MINILM);
        GraphModel model = OnnxImporter.read(bytes);
        assertTrue(model.graph().nodes().size() < 250, "nodes: " + model.graph().nodes().size());
        assertTrue(model.weights().containsKey("embeddings.word_embeddings.weight"));
        agree(bytes, model, inputs);
    }

    /** Numbers of pieces, the mask and the kinds, filled up to the longest. */
    private static List<EncodedWeight> batch(List<List<Long>> sentences) {
        int length = sentences.stream().mapToInt(List::size).max().orElseThrow();
        int[] shape = {sentences.size(), length};
        long[] numbers = new long[shape[0] * length];
        long[] mask = new long[numbers.length];
        for (int i = 0; i < shape[0]; ++i) {
            for (int j = 0; j < sentences.get(i).size(); ++j) {
                numbers[i * length + j] = sentences.get(i).get(j);
                mask[i * length + j] = 1;
            }
        }
        return List.of(
                longs(shape, numbers), longs(shape, mask), longs(shape, new long[numbers.length]));
    }

    private static EncodedWeight longs(int[] shape, long[] values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(bytes::putLong);
        return new ExactWeight(shape, ElementType.INT64, bytes.array());
    }

    /** Dark strokes on a light ground: of noise, the detectors make nothing but zeros. */
    private static EncodedWeight strokes(long seed, int count, int height, int width) {
        Random random = new Random(seed);
        float[] values = new float[count * 3 * height * width];
        Arrays.fill(values, 1f);
        for (int plane = 0; plane < count * 3; ++plane) {
            for (int top = 12; top + 20 < height; top += 28) {
                for (int left = 10; left < width - 20; left += 9) {
                    stroke(values, (plane * height + top) * width + left, width, random);
                }
            }
        }
        return new DenseWeight(new int[] {count, 3, height, width}, values);
    }

    private static void stroke(float[] values, int from, int width, Random random) {
        boolean upright = random.nextBoolean();
        for (int i = 0; i < 12; ++i) {
            int at = upright ? from + i * width : from + 5 * width + i % 7;
            values[at] = -1f;
            values[at + (upright ? 1 : width)] = -1f;
        }
    }

    private static void agree(byte[] file, GraphModel model, List<List<EncodedWeight>> inputs)
            throws Exception {
        try (OrtSession session = new OrtSession(file)) {
            for (List<EncodedWeight> values : inputs) {
                Map<String, EncodedWeight> named = new LinkedHashMap<>();
                List<Graph.Input> names = model.graph().inputs();
                for (int i = 0; i < values.size(); ++i) {
                    named.put(names.get(i).name(), values.get(i));
                }
                List<EncodedWeight> expected = session.run(named);
                for (ConformanceConsumer consumer : CONSUMERS) {
                    Comparison comparison = new Comparison(TOLERANCE);
                    comparison.add(
                            model.graph().outputs(),
                            consumer.run(model, new DataSet(values, expected)),
                            expected);
                    assertTrue(comparison.largest() > 0.1, "outputs say nothing");
                }
            }
        }
    }

    @DataProvider
    Object[][] files() {
        return Stream.concat(
                        Stream.of(MINILM),
                        Arrays.stream(pictures()).map(picture -> (String) picture[0]))
                .distinct()
                .map(file -> new Object[] {file})
                .toArray(Object[][]::new);
    }

    @Test(dataProvider = "files")
    public void whatIsExportedIsImportedAsTheSame(String file) throws Exception {
        GraphModel model = OnnxImporter.read(bytes(file), Form.LITERAL);
        GraphModel again = OnnxImporter.read(GraphWriter.write(model), Form.LITERAL);
        assertEquals(again.graph().toString(), model.graph().toString());
        assertEquals(again, model);
    }
}
