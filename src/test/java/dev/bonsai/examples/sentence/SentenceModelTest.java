package dev.bonsai.examples.sentence;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.onnx.OnnxImporter;
import dev.bonsai.runtime.PlainModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/** The vector of a sentence is the mean over its tokens of the length 1, in DJL and plain Java. */
public class SentenceModelTest {

    private static final String MODEL = "/all-minilm-l6-v2.onnx";
    private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";

    /** Vectors of the length 1, computed by other orders of the sums. */
    private static final float ROUNDING = 2e-5f;

    private GraphModel tokens;
    private GraphModel sentences;

    private static byte[] resource(String name) throws IOException {
        return SentenceModelTest.class.getResourceAsStream(name).readAllBytes();
    }

    @BeforeClass
    public void read() throws IOException {
        tokens = OnnxImporter.read(resource(MODEL));
        sentences = SentenceModel.of(tokens);
    }

    private static List<long[]> some() throws IOException {
        try (Tokens tokens = Tokens.of(resource(TOKENIZER))) {
            return tokens.of(
                    List.of(
                            "Pruned trees bear fruit.",
                            "A gardener who had worked there for thirty years said so; nobody"
                                    + " believed him until the autumn came, with unbelievably"
                                    + " many Gravensteiner apples.",
                            "Why?"));
        }
    }

    /** By the model of tokens, one sentence at a time. */
    private float[] expected(PlainModel model, long[] sentence) {
        float[] values = model.run(TokenBatch.of(List.of(sentence)).toTensors()).get(0).floats();
        double[] mean = new double[values.length / sentence.length];
        for (int i = 0; i < values.length; ++i) {
            mean[i % mean.length] += values[i] / (double) sentence.length;
        }
        double square = 0;
        for (double part : mean) {
            square += part * part;
        }
        float[] vector = new float[mean.length];
        for (int i = 0; i < vector.length; ++i) {
            vector[i] = (float) (mean[i] / Math.sqrt(square));
        }
        return vector;
    }

    @Test
    public void plainJavaAndAPaddedBatchOfTheBlockGiveTheMeanOfTheTokens() throws IOException {
        List<long[]> some = some();
        PlainModel byToken = PlainModel.of(tokens);
        float[][] plain = SentenceVectors.of(PlainModel.of(sentences), some);
        float[][] block;
        try (NDManager manager = NDManager.newBaseManager()) {
            GraphBlock made = GraphBlock.of(sentences);
            made.initialize(manager);
            block = SentenceVectors.of(made, some); // one batch, filled up to the longest
        }
        for (int i = 0; i < some.size(); ++i) {
            float[] expected = expected(byToken, some.get(i));
            assertEquals(expected.length, 384);
            assertEquals(plain[i], expected, ROUNDING);
            assertEquals(block[i], expected, ROUNDING);
        }
        assertTrue(SimilarityTask.cosine(plain[0], plain[1]) < 0.9, "they are different");
    }

    @Test
    public void aTeacherAnswersWithTheVectorsOfItsTokensToo() throws IOException {
        List<long[]> some = some();
        GraphModel both = SentenceModel.withTokens(tokens);
        assertEquals(both.weights().keySet(), sentences.weights().keySet());
        assertEquals(both.graph().outputs().get(0), sentences.graph().outputs().get(0));
        try (NDManager manager = NDManager.newBaseManager()) {
            GraphBlock teacher = GraphBlock.of(both);
            teacher.initialize(manager);
            TeacherAnswers answers = TeacherAnswers.of(teacher, some);
            PlainModel byToken = PlainModel.of(tokens);
            for (int i = 0; i < some.size(); ++i) {
                long[] sentence = some.get(i);
                assertEquals(answers.vectors()[i], expected(byToken, sentence), ROUNDING);
                float[] states =
                        byToken.run(TokenBatch.of(List.of(sentence)).toTensors()).get(0).floats();
                assertEquals(answers.states()[i], states, 30 * ROUNDING); // up to some 3 each
            }
            NDList labels = answers.toArrays(new int[] {2, 0}, manager);
            Shape shape = labels.get(1).getShape();
            assertEquals(shape, new Shape(2, some.get(0).length, 384), "up to the longer one");
            float[] rows = labels.get(1).toFloatArray();
            int end = answers.states()[2].length;
            assertEquals(Arrays.copyOf(rows, end), answers.states()[2]);
            int second = rows.length / 2;
            assertEquals(Arrays.copyOfRange(rows, end, second), new float[second - end]);
            assertEquals(Arrays.copyOfRange(rows, second, rows.length), answers.states()[0]);
            assertEquals(labels.get(0).get(0).toFloatArray(), answers.vectors()[2]);
        }
    }

    @Test
    public void whatTheVectorIsNotMadeOfIsGoneAndNothingElse() {
        List<String> kept = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        for (Graph.Weight weight : tokens.graph().weights()) {
            (sentences.weights().containsKey(weight.path()) ? kept : gone).add(weight.path());
        }
        assertEquals(gone, List.of("pooler.dense.weight", "pooler.dense.bias"));
        assertTrue(kept.contains("embeddings.word_embeddings.weight"), kept.toString());
        assertEquals(sentences.graph().inputs(), tokens.graph().inputs());
        assertEquals(sentences.graph().outputs().size(), 1);
    }

    @Test
    public void aModelOfOtherInputsIsRefused() {
        Graph graph = tokens.graph();
        GraphModel picture =
                new GraphModel(
                        new Graph(
                                graph.inputs().subList(0, 1),
                                List.of(),
                                java.util.Map.of(),
                                List.of(),
                                List.of("input_ids")),
                        tokens.weights());
        String message =
                expectThrows(GraphException.class, () -> SentenceModel.of(picture)).getMessage();
        assertTrue(message.contains("takes [input_ids]"), message);
    }

    @Test
    public void tokensEndAtThePositionsThatTheModelKnows() throws IOException {
        try (Tokens cut = Tokens.of(resource(TOKENIZER))) {
            StringBuilder text = new StringBuilder();
            Random random = new Random(1);
            for (int i = 0; i < 2_000; ++i) {
                text.append(random.nextBoolean() ? "tree " : "house, ");
            }
            long[] numbers = cut.of(text.toString());
            assertEquals(numbers.length, 512);
            long[] few = cut.of("tree");
            assertEquals(few.length, 3);
            assertEquals(numbers[0], few[0]);
            assertEquals(numbers[511], few[2], "the end is there, too");
            assertFalse(few[1] == 0, "nothing is filled up");
        }
    }
}
